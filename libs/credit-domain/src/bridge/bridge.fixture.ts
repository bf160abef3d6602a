import { bucketOf, builtInScheme } from '../ageing';
import type { Classification, DebtorFact, DebtorHistory, HistoryStep, ReceivableHistory } from '../exposure/receivable-history';
import { outstandingAt } from '../exposure/receivable-history';
import { addDays, localDate } from '../values';
import { claimAt } from './claim';
import { bridgeReceivable, type BridgeEnd, type BridgeSubject, type PolicyView, type ReceivableBridge } from './receivable-bridge';
import { fractionOfRate, shareOf, WHOLE, type Fraction } from './fraction';

export const OPENING = '2023-12-31';
export const CLOSING = '2024-12-31';
const SCHEME = 'months-6-12-24-36-48';
/** Positions: what is recorded up to 100 is known at the opening, up to 200 at the closing. */
export const KNOWN = { opening: 100n, closing: 200n };

/** Rates of the six buckets of the built-in scheme. */
export const OPENING_RATES = ['0.10', '0.20', '0.40', '0.64', '0.80', '1'];

export interface Rules {
  readonly kinds?: readonly string[];
  readonly rates?: readonly string[];
  /** the same rates under another name: a scheme change. */
  readonly scheme?: string;
  /** every rate times this, at most 1. */
  readonly scalar?: string;
  /** by debtor. */
  readonly assessed?: Readonly<Record<string, { readonly rate: string; readonly discountRate?: string }>>;
  /** rates of stages 1 to 3; kind `other` is measured by stages then. */
  readonly stages?: readonly [string, string, string];
}

export function policies(rules: Rules = {}): PolicyView {
  const { kinds = ['trade', 'other', 'contract_asset'], rates = OPENING_RATES, scheme: schemeId = SCHEME, scalar = '1' } = rules;
  const scheme = builtInScheme(SCHEME);
  if (scheme === undefined) throw new Error('no scheme');
  const scaled = (rate: string): Fraction => {
    const [{ numerator, denominator }, by] = [fractionOfRate(rate), fractionOfRate(scalar)];
    const product = { numerator: numerator * by.numerator, denominator: denominator * by.denominator };
    return product.numerator > product.denominator ? WHOLE : product;
  };
  return {
    holds: ({ kind }) => kinds.includes(kind),
    measured: (claim, agedOn, forced) => {
      if (claim.kind === 'other' && rules.stages !== undefined) {
        const overdue = (days: number): boolean => claim.dueOn !== null && agedOn > addDays(localDate(claim.dueOn), days);
        const stage = forced ?? (overdue(89) ? 3 : overdue(30) ? 2 : 1);
        return { side: 'staged', stage, scheme: 'stages', coverage: scaled(rules.stages[stage - 1] ?? '0') };
      }
      const rate = rates[bucketOf(scheme, localDate(agedOn), localDate(claim.recognisedOn))];
      return rate === undefined ? null : { side: 'collective', stage: null, scheme: schemeId, coverage: scaled(rate) };
    },
    assessed: ({ debtorId }) => {
      const found = rules.assessed?.[debtorId];
      return found === undefined ? null : { coverage: fractionOfRate(found.rate), discountRate: found.discountRate ?? null };
    },
  };
}

export interface Story {
  readonly receivable?: Partial<ReceivableHistory>;
  readonly first?: Partial<Classification>;
  readonly later?: readonly Partial<Classification>[];
  readonly facts?: readonly Partial<DebtorFact>[];
  readonly steps?: readonly Partial<HistoryStep>[];
  readonly opening?: Rules | null;
  readonly closing?: Rules;
  readonly overlays?: readonly [opening: bigint, closing: bigint];
  readonly exchange?: readonly [opening: string, closing: string];
}

export function subjectOf(story: Story): BridgeSubject {
  const { receivable = {}, first = {}, later = [], facts = [{}], steps = [], overlays = [0n, 0n], exchange = ['1', '1'] } = story;
  const recognisedOn = receivable.recognisedOn ?? '2021-06-30';
  const classification = (each: Partial<Classification>): Classification => ({
    ...{
      effectiveOn: recognisedOn,
      position: 10n,
      entityId: 'main',
      kind: 'trade',
      class: '',
      invoicedOn: recognisedOn,
      dueOn: recognisedOn,
    },
    ...each,
  });
  const history: ReceivableHistory = {
    ...{
      receivableNo: 1n,
      receivableId: 'R1',
      debtorNo: 1n,
      debtorId: 'D1',
      currency: 'CNY',
      amount: 1_000n,
      taxAmount: null,
      recognisedOn,
    },
    ...{ takenOn: null, documentNo: '', position: 10n },
    ...receivable,
    classifications: [classification(first), ...later.map(classification)],
    steps: steps.map((step, index) => ({
      ...{
        movementId: `M${String(index)}`,
        type: 'payment',
        effectiveOn: '2024-06-30',
        position: 150n,
        gross: 0n,
        credit: 0n,
        recovered: 0n,
      },
      ...step,
    })),
  };
  const debtor: DebtorHistory = {
    debtorNo: 1n,
    debtorId: history.debtorId,
    facts: facts.map((fact) => ({
      ...{ effectiveOn: '2020-01-01', position: 1n, segment: 'std', relatedParty: false, creditImpaired: false, country: null },
      ...fact,
    })),
  };
  const openingRules = story.opening === undefined ? {} : story.opening;
  const closingRules = story.closing ?? openingRules ?? {};
  const end = (asOf: string, position: bigint, view: PolicyView | null, overlay: bigint, rate: string): BridgeEnd => {
    const at = { asOf, position };
    const ratio = rate === '1' ? WHOLE : fractionOfRate(rate);
    return {
      at,
      policies: view,
      overlay,
      exchange: ratio,
      allowance: view === null ? 0n : allowanceAt(history, debtor, { at, view, ratio }),
    };
  };
  const closingView = policies(closingRules);
  return {
    ...{ history, debtor },
    opening:
      openingRules === null
        ? end('0001-01-01', 0n, null, 0n, exchange[0])
        : end(OPENING, KNOWN.opening, policies(openingRules), overlays[0], exchange[0]),
    closing: { ...end(CLOSING, KNOWN.closing, closingView, overlays[1], exchange[1]), policies: closingView },
    rerated: policies({ ...closingRules, scalar: openingRules?.scalar ?? closingRules.scalar ?? '1' }),
  };
}

/** What a run of one receivable would record. */
function allowanceAt(
  history: ReceivableHistory,
  debtor: DebtorHistory,
  { at, view, ratio }: { readonly at: BridgeEnd['at']; readonly view: PolicyView; readonly ratio: Fraction },
): bigint {
  const claim = claimAt(history, debtor, at);
  if (claim === null || !view.holds(claim)) return 0n;
  const coverage = view.assessed(claim)?.coverage ?? view.measured(claim, at.asOf, null)?.coverage;
  return coverage === undefined ? 0n : shareOf(outstandingAt(history, at), coverage, ratio);
}

/** The legs of a story as they are printed: `cause side amount`. */
export function told(story: Story): string[] {
  return legsOf(bridgeReceivable(subjectOf(story)));
}

export function legsOf(bridge: ReceivableBridge): string[] {
  const sums = new Map<string, bigint>();
  for (const { cause, cell, amount } of bridge.contributions) {
    const key = `${cause} ${cell.kind === 'trade' ? '' : `${cell.kind} `}${cell.side}`;
    sums.set(key, (sums.get(key) ?? 0n) + amount);
  }
  return [...sums.entries()].filter(([, amount]) => amount !== 0n).map(([key, amount]) => `${key} ${String(amount)}`);
}
