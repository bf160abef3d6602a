import type {
  AgeingScheme,
  ApprovedLossRateSet,
  ApprovedStagingPolicy,
  CollectiveCell,
  IndividualCell,
  KindMeasure,
  ProvisionInput,
} from '@app/credit-domain';
import {
  allowsGeneralApproach,
  assessmentInForce,
  builtInScheme,
  enhancementsInForce,
  inForceForKind,
  isLaterThan,
  KINDS_WITH_ECL,
  lossRateSetInForce,
  overlaysInForce,
  stagePlacements,
  stagesScheme,
} from '@app/credit-domain';
import type { DebtorExposureCell, ExposureCell } from '@app/receivables';
import type { ProvisionPolicy } from '../policy/read-policy';
import type { BookReading } from './book-reading';

/** The scheme of a kind without an approved rate set: its individual assessments still need buckets. */
export const DEFAULT_SCHEME = 'months-6-12-24-36-48';

export interface ProvisionRequest {
  readonly kinds: readonly string[] | null;
  readonly scheme: string | null;
  readonly currency: string | null;
}

/** One kind of the run: how it is measured, and its exposure in the buckets of that measure. */
interface KindPlan {
  readonly measure: KindMeasure;
  readonly scheme: AgeingScheme;
  readonly cells: readonly ExposureCell[];
}

export interface Gathered {
  readonly input: ProvisionInput;
  /** kinds with exposure that nothing measures, left out of a run that did not ask for them. */
  readonly kindsLeftOut: readonly string[];
}

/** Gathers what the rules need at the reading's (asOf, position). Refused as the queries of receivables are. */
export async function gatherInput(book: BookReading, policy: ProvisionPolicy, request: ProvisionRequest): Promise<Gathered> {
  const currency = await book.presentationCurrency(request.currency);
  const kindsLeftOut: string[] = [];
  const plans: KindPlan[] = [];
  for (const kind of KINDS_WITH_ECL) {
    if (request.kinds !== null && !request.kinds.includes(kind)) continue;
    const plan = await planOf(book, policy, request, kind);
    if (request.kinds === null && plan.cells.every(({ amount }) => amount === 0n)) continue;
    const measured = isMeasured(plan, request);
    if (!measured) kindsLeftOut.push(kind);
    plans.push(measured ? plan : { ...plan, cells: plan.cells.filter(({ assessed }) => assessed) });
  }
  const individual = await individualCells(book, policy, plans);
  const collective = await collectiveCells(book, policy, plans);
  const measures = plans.map(({ measure }) => measure);
  const { assessments, overlays, enhancements } = policy;
  const currencies = [
    ...[...collective, ...individual].filter(({ amount }) => amount !== 0n),
    ...overlaysInForce({ overlays, asOf: book.asOf, measures }),
    ...enhancementsInForce({ enhancements, asOf: book.asOf }),
  ].map((each) => each.currency);
  const scenarioCurrencies = assessments.flatMap(({ scenarioCurrency }) => scenarioCurrency ?? []);
  const closingRates = await book.closingRates([...currencies, ...scenarioCurrencies], currency);
  return {
    input: { asOf: book.asOf, currency, measures, collective, individual, assessments, overlays, enhancements, closingRates },
    kindsLeftOut,
  };
}

async function planOf(book: BookReading, policy: ProvisionPolicy, request: ProvisionRequest, kind: string): Promise<KindPlan> {
  const { asOf } = book;
  const forwardLooking = inForceForKind(policy.forwardLookingSets, { kind, asOf });
  const lossRateSet = lossRateSetInForce(policy.lossRateSets, { kind, asOf, scheme: request.scheme });
  const staging = stagingOf(policy, kind, asOf, lossRateSet);
  const schemeId = request.scheme ?? lossRateSet?.scheme ?? DEFAULT_SCHEME;
  const scheme = staging === null ? (builtInScheme(schemeId) ?? (await book.scheme(schemeId))) : stagesScheme(staging);
  const cells = (await book.exposure(scheme)).filter((cell) => cell.kind === kind);
  if (staging === null) {
    const bucketLabels = scheme.buckets.map(({ label }) => label);
    return { scheme, cells, measure: { approach: 'matrix', kind, scheme: scheme.id, bucketLabels, lossRateSet, forwardLooking } };
  }
  const debtors = await book.debtorsEverImpaired();
  const placements = stagePlacements(staging, { asOf, position: book.position, assignments: policy.stageAssignments, debtors });
  return { scheme, cells, measure: { approach: 'stages', kind, scheme: scheme.id, policy: staging, forwardLooking, placements } };
}

/** Of a matrix and a staging policy the later in force; kinds under the simplified approach are never staged (5.5.15(a)(i)). */
function stagingOf(
  policy: ProvisionPolicy,
  kind: string,
  asOf: string,
  lossRateSet: ApprovedLossRateSet | null,
): ApprovedStagingPolicy | null {
  const staging = allowsGeneralApproach(kind) ? inForceForKind(policy.stagingPolicies, { kind, asOf }) : null;
  return staging !== null && (lossRateSet === null || isLaterThan(staging, lossRateSet)) ? staging : null;
}

/** A kind of the general approach with neither matrix nor stages does not fail a run that did not ask for it: it is left out and named. */
function isMeasured({ measure, cells }: KindPlan, request: ProvisionRequest): boolean {
  if (measure.approach === 'stages' || measure.lossRateSet !== null || request.kinds !== null) return true;
  return !allowsGeneralApproach(measure.kind) || !cells.some(({ assessed, amount }) => !assessed && amount !== 0n);
}

/** Pools, less the debtors measured apart from them, and those debtors by name. */
async function collectiveCells(book: BookReading, policy: ProvisionPolicy, plans: readonly KindPlan[]): Promise<CollectiveCell[]> {
  const enhanced = enhancementsInForce({ enhancements: policy.enhancements, asOf: book.asOf }).map(({ debtorId }) => debtorId);
  const cells: CollectiveCell[] = [];
  for (const { measure, scheme, cells: pools } of plans) {
    const placed = measure.approach === 'stages' ? measure.placements.map(({ debtorId }) => debtorId) : [];
    const debtorIds = [...new Set([...enhanced, ...placed])].sort();
    const own = pools.filter(({ assessed }) => !assessed);
    const apart = own.length === 0 ? [] : await book.debtorExposure(scheme, debtorIds, 'collective');
    const named = apart.filter(({ kind, assessed, amount }) => kind === measure.kind && !assessed && amount !== 0n);
    cells.push(...withoutNamed(own, named).map(poolCell), ...named.map((cell) => ({ ...poolCell(cell), debtorId: cell.debtorId })));
  }
  return cells;
}

/**
 * What is left of the pools; one place may be held by several of them, and the first gives first. Throws when a debtor has more than the pools
 * of its place hold: the two readings must be of the same book.
 */
export function withoutNamed(pools: readonly ExposureCell[], named: readonly DebtorExposureCell[]): ExposureCell[] {
  const taken = new Map<string, bigint>();
  for (const cell of named) taken.set(poolKey(cell), (taken.get(poolKey(cell)) ?? 0n) + cell.amount);
  const left = pools.map((pool) => {
    const key = poolKey(pool);
    const wanted = taken.get(key) ?? 0n;
    if (wanted <= 0n) return pool;
    const part = wanted < pool.amount ? wanted : pool.amount;
    taken.set(key, wanted - part);
    return { ...pool, amount: pool.amount - part };
  });
  const tooMuch = named.find((cell) => taken.get(poolKey(cell)) !== 0n);
  if (tooMuch === undefined) return left;
  if (pools.some((pool) => poolKey(pool) === poolKey(tooMuch))) {
    throw new Error(`Debtors read apart hold more of '${tooMuch.kind}' than their pool.`);
  }
  throw new Error('Debtors read apart hold exposure that no pool has.');
}

function poolKey({ entityId, kind, class: className, segment, related, assessed, currency, bucket }: ExposureCell): string {
  return JSON.stringify([entityId, kind, className, segment, related, assessed, currency, bucket]);
}

/** Every debtor carved out on asOf, with a cross-check against the pools: nobody may fall between the matrix and the assessments. */
async function individualCells(book: BookReading, policy: ProvisionPolicy, plans: readonly KindPlan[]): Promise<IndividualCell[]> {
  const debtorIds = [
    ...new Set(policy.assessments.filter(({ effectiveOn }) => effectiveOn <= book.asOf).map(({ debtorId }) => debtorId)),
  ].sort();
  const cells: IndividualCell[] = [];
  for (const { measure, scheme, cells: pools } of plans) {
    const own = (await book.debtorExposure(scheme, debtorIds, 'individual')).filter(
      (cell) => cell.assessed && cell.kind === measure.kind && cell.amount !== 0n,
    );
    for (const cell of own) {
      const { debtorId, entityId, kind } = cell;
      if (assessmentInForce(policy.assessments, { debtorId, entityId, kind, asOf: book.asOf }) === null) {
        throw new Error(`Debtor '${debtorId}' stands in an assessed pool of '${kind}' on ${book.asOf} without an approved assessment.`);
      }
      cells.push({ ...poolCell(cell), debtorId });
    }
    const inPools = sumOf(pools.filter(({ assessed }) => assessed));
    if (inPools !== sumOf(own)) {
      throw new Error(`Assessed pools of '${measure.kind}' hold ${String(inPools)} on ${book.asOf}, their debtors ${String(sumOf(own))}.`);
    }
  }
  return cells;
}

function poolCell({ entityId, kind, class: className, related, segment, currency, bucket, amount }: ExposureCell): CollectiveCell {
  return { entityId, kind, class: className, related, segment, currency, bucket, amount };
}

function sumOf(cells: readonly { readonly amount: bigint }[]): bigint {
  return cells.reduce((sum, { amount }) => sum + amount, 0n);
}
