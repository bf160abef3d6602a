import type { AgeingScheme, BucketGroup, LocalDate, Period, RollRateChoices } from '@app/credit-domain';
import {
  EvidenceFault,
  MONTHS_PER_YEAR,
  Ratio,
  addDays,
  everyBucketAlone,
  groupsOfPeriod,
  groupsOfSizes,
  isFractionText,
  localDate,
  lossRateSetInForce,
  monthsFrom,
  periodsBefore,
  parseAmount,
  periodsSince,
  requirePeriods,
} from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { Refusal } from '@app/platform';
import { GetPresentationCurrencyQuery, ResolveSchemeQuery } from '@app/receivables';
import type { QueryBus } from '@nestjs/cqrs';
import { requireKindsWithLosses } from '../policy/kinds';
import { placeOf } from '../policy/refusal-places';
import { BookHistories, type PoolFilter } from './book-histories';
import type { EvidenceMethod, EvidenceRequest } from './evidence.query';

/** Every segment together. */
const ALL_SEGMENTS = '*';
/** The scheme of a kind without an approved loss-rate set. */
const DEFAULT_SCHEME = 'months-6-12-24-36-48';
const DEFAULT_PERIOD_MONTHS = 12;
const DEFAULT_PERIODS: Readonly<Record<EvidenceMethod, number>> = {
  'roll-rate': 1,
  markov: 1,
  'payment-profile': 1,
  vintage: 5,
  'loss-on-sales': 1,
};

/** A request with every default filled in, and the book it is answered from. */
export interface EvidencePlan {
  readonly request: EvidenceRequest;
  readonly knownAt: string;
  readonly book: BookHistories;
  readonly currency: string;
  readonly scheme: AgeingScheme;
  readonly filter: PoolFilter;
  readonly periods: readonly Period[];
  readonly periodMonths: number;
  readonly window: Period;
  readonly groups: readonly BucketGroup[];
  /** null = claims leave the last bucket like any other. */
  readonly terminalLoss: Ratio | null;
  readonly bySegment: boolean;
}

/**
 * Reads the book and policy a request is answered from and settles its choices. Refused `kind-without-ecl`, `ageing-scheme-unknown`,
 * `evidence-window-invalid`, `evidence-groups-invalid`, `evidence-buckets-not-periods`, `rate-format`.
 */
export async function planEvidence(
  store: EventStore,
  queries: QueryBus,
  tenantId: number,
  request: EvidenceRequest,
): Promise<EvidencePlan> {
  requireKindsWithLosses([request.kind], 'kind');
  const known = await store.database.read(tenantId, (tx) => store.resolveKnownAt(tx, request.knownAt));
  const book = await BookHistories.open(store, queries, tenantId, known.position);
  const currency = await queries.execute(new GetPresentationCurrencyQuery(tenantId, request.currency, known.position));
  const inForce = lossRateSetInForce(book.policy.lossRateSets, { kind: request.kind, asOf: request.asOf });
  const scheme = await queries.execute(
    new ResolveSchemeQuery(tenantId, request.scheme ?? inForce?.scheme ?? DEFAULT_SCHEME, known.position),
  );
  return refusingFaults(() => {
    const periodMonths = request.periodMonths ?? DEFAULT_PERIOD_MONTHS;
    const end = request.method === 'payment-profile' ? profileEnd(request, scheme) : localDate(request.asOf);
    const count =
      request.from === undefined
        ? (request.periods ?? DEFAULT_PERIODS[request.method])
        : periodsSince(localDate(request.from), end, periodMonths);
    requirePeriods(count, 'periods');
    const periods = periodsBefore(end, periodMonths, count);
    return {
      ...{ request, knownAt: known.knownAt, book, currency, scheme, periods, periodMonths },
      filter: {
        ...{ kinds: [request.kind], entityId: request.entityId ?? null, segment: request.segment ?? null },
        assessed: request.assessed ?? 'all',
      },
      window: { from: periods[0]?.from ?? end, to: end },
      groups: groupsOf(request, scheme, periodMonths),
      terminalLoss: terminalLossOf(request),
      bySegment: request.groupBy === 'segment',
    };
  });
}

/** Faults of the rules as refusals that name the parameter. */
export function refusingFaults<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof EvidenceFault)) throw error;
    throw new Refusal(error.code, `${error.message}.`, error.field === null ? [] : [placeOf(error.field)]);
  }
}

function groupsOf(request: EvidenceRequest, scheme: AgeingScheme, periodMonths: number): BucketGroup[] {
  if (request.groups !== undefined) return groupsOfSizes(scheme, request.groups);
  return request.method === 'roll-rate' ? groupsOfPeriod(scheme, periodMonths) : everyBucketAlone(scheme);
}

/** The share lost of the last bucket: all of it where rolls end there by construction, not fixed where a chain goes on. */
function terminalLossOf({ method, terminalLoss }: EvidenceRequest): Ratio | null {
  if (terminalLoss === undefined) return method === 'roll-rate' ? Ratio.ONE : null;
  if (!isFractionText(terminalLoss)) {
    throw new Refusal('rate-format', 'terminalLoss is a fraction between 0 and 1.', [placeOf('terminalLoss')]);
  }
  return Ratio.parse(terminalLoss);
}

/** The last day of sales that have all had the time to reach the last bucket, unless another day is asked for. */
function profileEnd(request: EvidenceRequest, scheme: AgeingScheme): LocalDate {
  const asOf = localDate(request.asOf);
  if (request.until !== undefined) {
    if (request.until > asOf) throw new EvidenceFault('evidence-window-invalid', 'until is after asOf', 'until');
    return localDate(request.until);
  }
  const last = scheme.buckets.at(-2);
  if (last === undefined || !('upTo' in last)) return asOf;
  const { unit, count } = last.upTo;
  if (unit === 'days') return addDays(asOf, -count - 1);
  return addDays(monthsFrom(asOf, -(unit === 'years' ? count * MONTHS_PER_YEAR : count)), -1);
}

/** What was chosen, in the words of the request. */
export function choicesOf({ request, terminalLoss, window }: EvidencePlan): Record<string, string> {
  const { average, writeOffs, tail, flow, unclassified } = countingOf(request);
  const shared = {
    ...{ groupBy: request.groupBy ?? 'total', assessed: request.assessed ?? 'all', unclassified },
    ...(request.rateDecimals === undefined ? {} : { rateDecimals: String(request.rateDecimals) }),
  };
  const terminal = { terminalLoss: terminalLoss === null ? 'none' : terminalLoss.toRate() };
  switch (request.method) {
    case 'roll-rate':
      return {
        ...shared,
        ...terminal,
        ...{ average, writeOffs, tail, flow, translation: 'opening-of-period' },
      };
    case 'markov':
      return { ...shared, ...terminal, average, writeOffs, translation: 'opening-of-period' };
    case 'payment-profile':
      return { ...shared, ...terminal, until: window.to, translation: 'as-of' };
    case 'vintage':
      return { ...shared, average, translation: 'as-of' };
    case 'loss-on-sales':
      return { ...shared, sales: request.sales === undefined ? 'derived' : 'given', translation: 'as-of' };
  }
}

/** How flows are counted, every default filled in. */
export function countingOf({
  method,
  average,
  writeOffs,
  tail,
  flow,
  unclassified,
}: EvidenceRequest): Omit<RollRateChoices, 'terminalLoss'> {
  return {
    average: average ?? (method === 'vintage' ? 'simple' : 'pooled'),
    writeOffs: writeOffs ?? 'added-back',
    tail: tail ?? 'pooled',
    flow: flow ?? 'net',
    unclassified: unclassified ?? 'as-written-off',
  };
}

/** Whether a method counts what migrates between buckets from period to period. */
export function countsMigration(method: EvidenceMethod): boolean {
  return method === 'roll-rate' || method === 'markov';
}

/** The segments an answer has rates for; one where the sample is empty, so that an undefined rate is shown instead of none. */
export function segmentsOf(plan: Pick<EvidencePlan, 'bySegment' | 'request'>, counted: Iterable<{ readonly segment: string }>): string[] {
  const segments = new Set(Array.from(counted, ({ segment }) => segment));
  return segments.size === 0 ? [rowSegment(plan, ALL_SEGMENTS)] : [...segments].sort();
}

/** Credit sales given by the caller in place of those of the book, in minor units; null when not given. Refused by the code of the amount. */
export function givenSales(sales: string | undefined, currency: string): bigint | null {
  if (sales === undefined) return null;
  const parsed = parseAmount(sales, currency);
  if (parsed.ok) return parsed.minor;
  throw new Refusal(parsed.code, `'${sales}' is no amount of ${currency}.`, [placeOf('sales')]);
}

/** The segment a row of the answer is about: each its own, the one asked for, or all together. */
export function rowSegment({ bySegment, request }: Pick<EvidencePlan, 'bySegment' | 'request'>, own: string): string {
  return bySegment ? own : (request.segment ?? ALL_SEGMENTS);
}
