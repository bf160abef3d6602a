import type { ReceivableHistory } from '@app/credit-domain';
import { outstandingAt, rateText, Ratio, remainingRate, vintageLosses, type CohortLoss } from '@app/credit-domain';
import type { PoolMember } from './book-histories';
import { countingOf, rowSegment, segmentsOf, type EvidencePlan } from './evidence-plan';
import { noFindings, type Findings } from './findings';
import { lacksHistory, SampleReader } from './sample-flows';

interface CohortSums {
  readonly segment: string;
  readonly cohort: number;
  readonly currency: string;
  sales: bigint;
  readonly netLosses: bigint[];
  readonly outstanding: bigint[];
  readonly receivables: number[];
}

/** Losses by cohort of sale, completed by chain-ladder factors (domain reference 7.4). */
export async function vintageEvidence(plan: EvidencePlan): Promise<Findings> {
  const { book, request, filter, periods } = plan;
  const reader = new SampleReader(plan);
  const sums = new Map<string, CohortSums>();
  const found = noFindings();
  let withoutHistory = 0;
  for await (const page of book.walk()) {
    for (const history of page) {
      const cohort = periodOf(plan, history.recognisedOn);
      const member = cohort === null ? null : book.memberAt(history, filter, request.asOf);
      if (cohort === null || member === null) continue;
      if (lacksHistory(history)) withoutHistory += 1;
      else addToCohort(plan, reader, sumsOf(plan, sums, member.segment, cohort, history.currency), history, member);
    }
  }
  const translate = await book.translation(request.asOf, plan.currency);
  for (const segment of segmentsOf(plan, sums.values())) {
    const own = [...sums.values()].filter((each) => each.segment === segment);
    const total = (cohort: number, amountOf: (each: CohortSums) => bigint): bigint =>
      own.filter((each) => each.cohort === cohort).reduce((sum, each) => sum + translate(amountOf(each), each.currency), 0n);
    const cohorts = periods.map(({ from, to }, cohort) => ({
      ...{ label: from, from, to, sales: total(cohort, ({ sales }) => sales) },
      netLosses: periods.slice(cohort).map((_, age) => total(cohort, ({ netLosses }) => netLosses[age] ?? 0n)),
      outstanding: plan.scheme.buckets.map((_, bucket) => total(cohort, ({ outstanding }) => outstanding[bucket] ?? 0n)),
    }));
    const { factors, cohorts: losses } = vintageLosses(cohorts, countingOf(request).average);
    found.factors.push({ segment, factors: factors.map((factor) => rateText(factor)) });
    cohorts.forEach(({ from, to, sales, netLosses, outstanding }, index) => {
      found.cohorts.push({
        ...{ segment, from, to, sales, netLosses, outstanding: outstanding.reduce((sum, amount) => sum + amount, 0n) },
        ...{ ultimate: rateText(losses[index]?.ultimate ?? null), remaining: rateText(losses[index]?.remaining ?? null) },
      });
      found.sample.amount += sales;
    });
    addBucketRates(plan, segment, own, cohorts, losses, found);
  }
  found.sample.receivables = [...sums.values()].reduce(
    (sum, { receivables }) => sum + receivables.reduce((all, count) => all + count, 0),
    0,
  );
  if (withoutHistory > 0) {
    const detail = `${String(withoutHistory)} receivables were taken on without their history and are in no cohort.`;
    found.warnings.push({ code: 'history-missing', detail });
  }
  return found;
}

/** What is still to be lost of each cohort, spread over its open balance, summed by bucket. */
function addBucketRates(
  { scheme, request }: EvidencePlan,
  segment: string,
  own: readonly CohortSums[],
  cohorts: readonly { readonly outstanding: readonly bigint[] }[],
  losses: readonly CohortLoss[],
  found: Findings,
): void {
  scheme.buckets.forEach(({ label }, bucket) => {
    const shares = cohorts.flatMap(({ outstanding }, index) => {
      const inBucket = outstanding[bucket] ?? 0n;
      const balance = outstanding.reduce((sum, amount) => sum + amount, 0n);
      const loss = losses[index];
      if (inBucket === 0n || loss === undefined) return [];
      return [{ inBucket, toCome: remainingRate(loss, balance)?.times(Ratio.of(inBucket)) ?? null }];
    });
    const open = shares.reduce((sum, { inBucket }) => sum + inBucket, 0n);
    const known = shares.flatMap(({ toCome }) => toCome ?? []);
    const toCome = known.length < shares.length ? null : Ratio.sum(known);
    const rate = toCome === null || open === 0n ? null : toCome.dividedBy(Ratio.of(open));
    const text = rateText(rate, request.rateDecimals);
    const flags = rate === null ? ['undefined'] : rate.exceeds(Ratio.ONE) ? ['above-one'] : rate.isNegative() ? ['below-zero'] : [];
    found.rates.push({
      ...{ segment, bucket: label, rate: text, low: text, high: text, flags },
      ...{ numerator: toCome?.toUnits(0) ?? null, denominator: open },
      receivables: own.reduce((sum, { receivables }) => sum + (receivables[bucket] ?? 0), 0),
    });
  });
}

/** The index of the period a date falls in. */
export function periodOf({ periods }: Pick<EvidencePlan, 'periods'>, date: string): number | null {
  const index = periods.findIndex(({ from, to }) => date > from && date <= to);
  return index === -1 ? null : index;
}

function sumsOf(plan: EvidencePlan, sums: Map<string, CohortSums>, own: string, cohort: number, currency: string): CohortSums {
  const segment = rowSegment(plan, own);
  const key = JSON.stringify([segment, cohort, currency]);
  const found = sums.get(key) ?? {
    ...{ segment, cohort, currency, sales: 0n, netLosses: plan.periods.map(() => 0n) },
    ...{ outstanding: plan.scheme.buckets.map(() => 0n), receivables: plan.scheme.buckets.map(() => 0) },
  };
  sums.set(key, found);
  return found;
}

function addToCohort(plan: EvidencePlan, reader: SampleReader, sums: CohortSums, history: ReceivableHistory, member: PoolMember): void {
  const { asOf } = plan.request;
  sums.sales += history.amount;
  for (const step of history.steps) {
    if (step.position > plan.book.position || step.effectiveOn > asOf) continue;
    const period = periodOf(plan, step.effectiveOn);
    if (period === null) continue;
    const lost = (step.type === 'write_off' ? -step.gross : 0n) - step.recovered;
    const age = period - sums.cohort;
    sums.netLosses[age] = (sums.netLosses[age] ?? 0n) + lost;
  }
  const bucket = reader.bucketAt(history, member, asOf);
  sums.outstanding[bucket] = (sums.outstanding[bucket] ?? 0n) + outstandingAt(history, { asOf, position: plan.book.position });
  sums.receivables[bucket] = (sums.receivables[bucket] ?? 0) + 1;
}
