import type { DebtorHistory, PointOfView, ReceivableHistory } from '../exposure/receivable-history';
import { daysBetween, Decimal, localDate, roundHalfUp } from '../values';
import { sameCell, type BridgeCause, type BridgeCell } from './causes';
import { Chain, type ChainState, type Contribution, type StageTransfer } from './chain';
import { claimAt, type BridgeClaim } from './claim';
import { flowsBetween, type Flows } from './flows';
import { NOTHING, shareOf, type Fraction } from './fraction';

/** What the matrix or the stages of one end say of a claim. */
export interface PooledMeasure {
  readonly side: 'collective' | 'staged';
  readonly stage: 1 | 2 | 3 | null;
  /** the scheme whose buckets the rate belongs to; another scheme, or another approach, is a scheme change. */
  readonly scheme: string;
  /** allowance for one unit of gross. */
  readonly coverage: Fraction;
}

export interface Assessed {
  /** null when the debtor had nothing there at the run and the assessment holds cash flows and no rate. */
  readonly coverage: Fraction | null;
  /** yearly; null = not discounted. */
  readonly discountRate: string | null;
}

/** The policies of one end, asked about a claim in any state. */
export interface PolicyView {
  /** whether the figures of this end hold the claim: its kind has expected credit losses, was asked for and is measured. */
  readonly holds: (claim: BridgeClaim) => boolean;
  /** with a stage: the rate of that stage, whatever the days past due. Null when these policies have no rate for the claim. */
  readonly measured: (claim: BridgeClaim, agedOn: string, stage: 1 | 2 | 3 | null) => PooledMeasure | null;
  /** the individual assessment in force; null = measured together with others. */
  readonly assessed: (claim: BridgeClaim) => Assessed | null;
}

export interface BridgeEnd {
  readonly at: PointOfView;
  /** null = before anything was provided for. */
  readonly policies: PolicyView | null;
  /** the receivable's part of the recorded allowance without overlays, and of overlays; presentation minor units. */
  readonly allowance: bigint;
  readonly overlay: bigint;
  /** presentation minor units for one minor unit of the receivable's currency; null when none was known. */
  readonly exchange: Fraction | null;
}

export interface BridgeSubject {
  readonly history: ReceivableHistory;
  readonly debtor: DebtorHistory;
  readonly opening: BridgeEnd;
  readonly closing: BridgeEnd & { readonly policies: PolicyView };
  /** the closing policies with the scenarios of the opening: what changed of rates and cover alone. */
  readonly rerated: PolicyView;
}

export interface ReceivableBridge {
  /** where the opening and the closing figure are held; null = outside expected credit losses, and nothing is. */
  readonly opening: BridgeCell | null;
  readonly closing: BridgeCell | null;
  readonly contributions: readonly Contribution[];
  readonly stageTransfers: readonly StageTransfer[];
  /** the gross beside it; null when the closing does not know the receivable. */
  readonly flows: Flows | null;
}

const DAYS_PER_YEAR = 365;
const UNTOUCHED: ReceivableBridge = { opening: null, closing: null, contributions: [], stageTransfers: [], flows: null };

/** What a claim stands as under the policies of one end. */
interface Standing {
  readonly cell: BridgeCell | null;
  readonly coverage: Fraction;
  readonly pooled: PooledMeasure | null;
  readonly assessed: Assessed | null;
}

/** Whether it came into the book without its history after the opening: neither new nor late, and nobody can say where it came from. */
export function isTakenOn(history: ReceivableHistory, opening: PointOfView): boolean {
  return history.takenOn !== null && (history.position > opening.position || history.recognisedOn > opening.asOf);
}

/**
 * The movement of the allowance of one receivable between two ends, by substituting one fact after another in the order of
 * `BRIDGE_CAUSES` (policy, "Bridge of the allowance"; `docs/decisions` names each substitution):
 *
 * | cause | what is substituted | valued at |
 * |---|---|---|
 * | late-known | gross, classification and debtor as they are known now for the opening date | opening policies, age at opening |
 * | write-offs, disposals, credit notes, cash | gross after the movements of the period | the coverage carried |
 * | reclassifications | entity, kind, class, segment, related party, impairment, billing | opening policies, age at opening |
 * | ageing | the age (of staged claims: the stage) at closing | opening policies |
 * | collective-to-individual | the side, at the value carried: net 0 | |
 * | new-receivables | the closing gross of what did not exist at opening | opening policies, else closing ones where they had no rate |
 * | scheme-change | scheme or approach with the rates it came with | opening scenarios |
 * | rate-change | rates, stage parameters and credit enhancements | closing rates, opening scenarios |
 * | scenario-change | forward-looking scenarios | closing policies |
 * | overlays | the receivable's part of overlays | |
 * | individual-remeasurement, unwind | the debtor's own coverage | closing assessment |
 * | exchange | the closing exchange rate | |
 * | unexplained | what was taken on without history | |
 *
 * A return from individual assessment is the mirror of the way there: remeasured to the opening matrix at its closing age first, moved at that
 * value after.
 */
export function bridgeReceivable(subject: BridgeSubject): ReceivableBridge {
  const { history, debtor, opening, closing } = subject;
  const claim = claimAt(history, debtor, closing.at);
  if (claim === null) {
    const known = claimAt(history, debtor, opening.at);
    return known === null ? UNTOUCHED : forgotten(subject, known);
  }
  const end = standingOf(closing.policies, claim, closing.at.asOf);
  const flows = flowsBetween(history, opening.at, closing.at);
  if (isTakenOn(history, opening.at)) return takenOn(subject, { claim, end, flows });
  if (history.recognisedOn > opening.at.asOf) return fresh(subject, { claim, end, flows });
  return held(subject, { claim, end, flows });
}

interface Facts {
  readonly claim: BridgeClaim;
  readonly end: Standing;
  readonly flows: Flows;
}

/** What existed at the opening date, known then or only now. */
function held(subject: BridgeSubject, { claim, end, flows }: Facts): ReceivableBridge {
  const { history, debtor, opening, closing } = subject;
  const { policies } = opening;
  const openingDate = opening.at.asOf;
  const lateClaim = claimAt(history, debtor, { asOf: openingDate, position: closing.at.position }) ?? claim;
  const first = standingOf(policies, claimAt(history, debtor, opening.at) ?? lateClaim, openingDate);
  const late = standingOf(policies, lateClaim, openingDate);
  const chain = new Chain(
    { cell: first.cell, gross: flows.opening, coverage: first.coverage },
    opening.allowance,
    opening.exchange ?? closing.exchange ?? NOTHING,
  );
  throughMovements(chain, late, flows);
  const isAlone = late.cell?.side === 'individual';
  const moved = isAlone ? placedAt(late, claim, policies) : pooledStanding(policies, claim, openingDate, null);
  chain.step({ cause: 'reclassifications', state: stateOf(moved, chain) });
  const rolled = pooledStanding(policies, claim, closing.at.asOf, end.cell?.side === 'staged' ? end.cell.stage : null);
  if (isAlone) fromAlone(subject, chain, { claim, late, moved, rolled, end });
  else fromTogether(subject, chain, { claim, rolled, end });
  const remeasuredBy = end.cell?.side === 'individual' ? 'individual-remeasurement' : 'ageing';
  return finish(subject, chain, { openingCell: first.cell, end, flows, remeasuredBy });
}

/** A standing with what is owed now. */
function stateOf({ cell, coverage }: Pick<Standing, 'cell' | 'coverage'>, chain: Chain): ChainState {
  return { cell, gross: chain.carried.state.gross, coverage };
}

/** What was known late, and the movements of the period by type, all at the coverage of the opening. */
function throughMovements(chain: Chain, { cell, coverage }: Standing, flows: Flows): void {
  let gross = flows.lateKnown;
  chain.step({ cause: 'late-known', state: { cell, gross, coverage }, writtenOff: flows.lateWrittenOff, disposed: flows.lateDisposed });
  gross += flows.writeOffs;
  chain.step({ cause: 'write-offs', state: { cell, gross, coverage }, writtenOff: -flows.writeOffs });
  gross += flows.disposals;
  chain.step({ cause: 'disposals', state: { cell, gross, coverage }, disposed: -flows.disposals });
  gross += flows.adjustments;
  chain.step({ cause: 'credit-notes-and-adjustments', state: { cell, gross, coverage } });
  gross += flows.cash;
  chain.step({ cause: 'cash', state: { cell, gross, coverage } });
}

interface Remeasured {
  readonly claim: BridgeClaim;
  /** by the opening policies at the closing age. */
  readonly rolled: Standing;
  readonly end: Standing;
}

/** Measured together with others at the opening: it ages at opening rates, and moves at that value when it is assessed alone. */
function fromTogether(subject: BridgeSubject, chain: Chain, { claim, rolled, end }: Remeasured): void {
  chain.step({ cause: 'ageing', state: stateOf(rolled, chain) });
  if (end.cell?.side !== 'individual') {
    remeasureTogether(subject, chain, { claim, rolled, end });
    return;
  }
  chain.step({ cause: 'collective-to-individual', state: stateOf({ cell: end.cell, coverage: rolled.coverage }, chain) });
  chain.step({ cause: 'individual-remeasurement', state: stateOf(end, chain) });
}

/** Assessed alone at the opening: remeasured there, or brought to the opening matrix at its closing age and moved at that value. */
function fromAlone(
  subject: BridgeSubject,
  chain: Chain,
  { claim, late, moved, rolled, end }: Remeasured & { readonly late: Standing; readonly moved: Standing },
): void {
  if (end.cell?.side === 'individual') {
    remeasureAlone(subject, chain, late, end);
    return;
  }
  chain.step({ cause: 'individual-remeasurement', state: stateOf({ cell: moved.cell, coverage: rolled.coverage }, chain) });
  chain.step({ cause: 'collective-to-individual', state: stateOf(rolled, chain) });
  remeasureTogether(subject, chain, { claim, rolled, end });
}

/** What was recognised in the period. It has no allowance before, so a write-off of it is charged in full. */
function fresh(subject: BridgeSubject, { claim, end, flows }: Facts): ReceivableBridge {
  const { opening, closing } = subject;
  const chain = new Chain(
    { cell: end.cell, gross: 0n, coverage: NOTHING },
    opening.allowance,
    opening.exchange ?? closing.exchange ?? NOTHING,
  );
  chain.step({ cause: 'write-offs', state: { cell: end.cell, gross: 0n, coverage: NOTHING }, writtenOff: -flows.writeOffs });
  const stage = end.cell?.side === 'staged' ? end.cell.stage : null;
  const entered = opening.policies?.measured(claim, closing.at.asOf, stage) ?? null;
  const coverage = opening.policies === null ? end.coverage : enteringCoverage(entered, end);
  const gross = flows.closing;
  chain.step({ cause: 'new-receivables', state: { cell: end.cell, gross, coverage } });
  if (end.cell?.side === 'individual') {
    chain.step({ cause: 'individual-remeasurement', state: { cell: end.cell, gross, coverage: end.coverage } });
  } else if (entered !== null) {
    // Measured by the rates of the opening: the rest of the way to the closing figure has causes of its own.
    const rolled = { cell: end.cell, coverage, pooled: entered, assessed: null };
    remeasureTogether(subject, chain, { claim, rolled, end });
  }
  return finish(subject, chain, { openingCell: end.cell, end, flows, remeasuredBy: 'new-receivables' });
}

/** Rates of the opening where it had some, else those the claim's kind came with. */
function enteringCoverage(entered: PooledMeasure | null, end: Standing): Fraction {
  return end.cell === null ? NOTHING : (entered ?? end.pooled ?? end).coverage;
}

/** Opening balances imported without their history are in no other leg: everything else would be invented. */
function takenOn(subject: BridgeSubject, { end, flows }: Facts): ReceivableBridge {
  const { opening, closing } = subject;
  const chain = new Chain({ cell: end.cell, gross: 0n, coverage: NOTHING }, opening.allowance, closing.exchange ?? NOTHING);
  chain.beside('unexplained', 'impairment', end.cell, closing.allowance - opening.allowance);
  besideOverlays(subject, chain, end.cell, end);
  return bridgeOf(chain, { opening: end.cell, closing: end.cell, flows });
}

/** Known at the opening and not at the closing: the closing looks at less of the log. */
function forgotten(subject: BridgeSubject, claim: BridgeClaim): ReceivableBridge {
  const { opening } = subject;
  const standing = standingOf(opening.policies, claim, opening.at.asOf);
  const chain = new Chain({ cell: standing.cell, gross: 0n, coverage: NOTHING }, 0n, NOTHING);
  chain.beside('late-known', 'impairment', standing.cell, -opening.allowance);
  chain.beside('overlays', 'impairment', standing.cell, -opening.overlay);
  return bridgeOf(chain, { opening: standing.cell, closing: standing.cell, flows: null });
}

/** Scheme, rates and scenarios of the closing, one after the other. */
function remeasureTogether({ rerated, closing }: BridgeSubject, chain: Chain, { claim, rolled, end }: Remeasured): void {
  const { gross } = chain.carried.state;
  const { cell } = end;
  const closingAge = end.pooled;
  if (closingAge === null) {
    // The closing figures measure no claim of this kind together with others.
    chain.step({ cause: 'scheme-change', state: { cell, gross, coverage: end.coverage } });
    return;
  }
  const atOpeningScenarios = rerated.measured(claim, closing.at.asOf, closingAge.stage)?.coverage ?? closingAge.coverage;
  if (rolled.pooled?.scheme !== closingAge.scheme) {
    chain.step({ cause: 'scheme-change', state: { cell, gross, coverage: atOpeningScenarios } });
  }
  chain.step({ cause: 'rate-change', state: { cell, gross, coverage: atOpeningScenarios } });
  chain.step({ cause: 'scenario-change', state: { cell, gross, coverage: closingAge.coverage } });
}

/** Assessed alone at both ends: the unwinding of a discount is interest, the rest is remeasurement. */
function remeasureAlone({ opening, closing }: BridgeSubject, chain: Chain, before: Standing, end: Standing): void {
  const { value, state } = chain.carried;
  const { cell } = end;
  chain.step({ cause: 'individual-remeasurement', state: { cell, gross: state.gross, coverage: end.coverage } });
  const rate = before.assessed?.discountRate ?? null;
  if (rate === null || end.assessed?.discountRate == null || state.gross <= 0n) return;
  const net = shareOf(state.gross, opening.exchange ?? closing.exchange ?? NOTHING) - value;
  const unwound = unwinding(net, rate, opening.at.asOf, closing.at.asOf);
  chain.beside('unwind', 'interest', cell, -unwound);
  chain.beside('individual-remeasurement', 'impairment', cell, unwound);
}

/** net x ((1 + rate)^(days / 365) - 1), rounded once half up: the interest that accrues on a net carrying amount (IFRS 9 5.4.1(b)). */
export function unwinding(net: bigint, yearlyRate: string, from: string, to: string): bigint {
  const days = daysBetween(localDate(from), localDate(to));
  if (net <= 0n || days <= 0) return 0n;
  const growth = new Decimal(1).plus(yearlyRate).pow(new Decimal(days).div(DAYS_PER_YEAR)).minus(1);
  return roundHalfUp(growth.times(net.toString()));
}

function finish(
  subject: BridgeSubject,
  chain: Chain,
  { openingCell, end, flows, remeasuredBy }: { openingCell: BridgeCell | null; end: Standing; flows: Flows; remeasuredBy: BridgeCause },
): ReceivableBridge {
  const { closing } = subject;
  if (closing.exchange !== null) chain.exchangeAt(closing.exchange);
  chain.end(closing.allowance, remeasuredBy);
  besideOverlays(subject, chain, openingCell, end);
  return bridgeOf(chain, { opening: openingCell, closing: end.cell, flows });
}

function bridgeOf(
  { contributions, stageTransfers }: Chain,
  ends: Pick<ReceivableBridge, 'opening' | 'closing' | 'flows'>,
): ReceivableBridge {
  return { ...ends, contributions, stageTransfers };
}

/** What an overlay gives in the place another one left is one amount; elsewhere the opening ends and the closing begins. */
function besideOverlays({ opening, closing }: BridgeSubject, chain: Chain, openingCell: BridgeCell | null, end: Standing): void {
  if (sameCell(openingCell, end.cell)) {
    chain.beside('overlays', 'impairment', end.cell, closing.overlay - opening.overlay);
    return;
  }
  chain.beside('overlays', 'impairment', openingCell, -opening.overlay);
  chain.beside('overlays', 'impairment', end.cell, closing.overlay);
}

/** The standing under the policies of an end; without policies nothing is provided for. */
function standingOf(policies: PolicyView | null, claim: BridgeClaim, agedOn: string): Standing {
  const assessed = policies?.holds(claim) === true ? policies.assessed(claim) : null;
  const together = pooledStanding(policies, claim, agedOn, null);
  if (assessed === null) return together;
  const { entityId, kind } = claim;
  // A debtor without anything at the run, assessed by cash flows alone, has no rate yet: the pool's stands in for it.
  const coverage = assessed.coverage ?? together.coverage;
  return { cell: { entityId, kind, side: 'individual', stage: null }, coverage, pooled: together.pooled, assessed };
}

function pooledStanding(policies: PolicyView | null, claim: BridgeClaim, agedOn: string, stage: 1 | 2 | 3 | null): Standing {
  const { entityId, kind } = claim;
  if (policies !== null && !policies.holds(claim)) return { cell: null, coverage: NOTHING, pooled: null, assessed: null };
  const pooled = policies?.measured(claim, agedOn, stage) ?? null;
  const cell: BridgeCell = { entityId, kind, side: pooled?.side ?? 'collective', stage: pooled?.stage ?? null };
  return { cell, coverage: pooled?.coverage ?? NOTHING, pooled, assessed: null };
}

/** Assessed alone and moved: the debtor's coverage goes along. */
function placedAt(standing: Standing, claim: BridgeClaim, policies: PolicyView | null): Standing {
  const { entityId, kind } = claim;
  return (policies?.holds(claim) ?? true)
    ? { ...standing, cell: { entityId, kind, side: 'individual', stage: null } }
    : { ...standing, cell: null, coverage: NOTHING };
}
