import { boundedRate, flowPartOf, outstandingAt, paymentProfileRates, type Ratio, type ReceivableHistory } from '@app/credit-domain';
import { countingOf, rowSegment, segmentsOf, type EvidencePlan } from './evidence-plan';
import { noFindings, rateTexts, type Findings } from './findings';
import { lacksHistory, SampleReader } from './sample-flows';
import type { PoolMember } from './book-histories';

interface Profile {
  readonly segment: string;
  readonly currency: string;
  sold: bigint;
  readonly collected: bigint[];
  /** settled in a way nobody has told, by bucket of the day. */
  readonly unclassified: bigint[];
  receivables: number;
  readonly entered: number[];
  /** still owed and not yet in the last bucket. */
  unseasoned: bigint;
}

/** Rates from how the sales of a window were paid, by the age at payment (domain reference 7.3). */
export async function profileEvidence(plan: EvidencePlan): Promise<Findings> {
  const { book, request, window, filter } = plan;
  const reader = new SampleReader(plan);
  const profiles = new Map<string, Profile>();
  let withoutHistory = 0;
  for await (const page of book.walk()) {
    for (const history of page) {
      if (history.recognisedOn <= window.from || history.recognisedOn > window.to) continue;
      const member = book.memberAt(history, filter, request.asOf);
      if (member === null) continue;
      if (lacksHistory(history)) {
        withoutHistory += 1;
        continue;
      }
      addToProfile(plan, reader, profileOf(plan, profiles, member.segment, history.currency), history, member);
    }
  }
  const found = noFindings();
  await addRates(plan, profiles, found);
  if (withoutHistory > 0) {
    const detail = `${String(withoutHistory)} receivables were taken on without their history and are no sales of this window.`;
    found.warnings.push({ code: 'history-missing', detail });
  }
  return found;
}

function profileOf(plan: EvidencePlan, profiles: Map<string, Profile>, own: string, currency: string): Profile {
  const segment = rowSegment(plan, own);
  const key = JSON.stringify([segment, currency]);
  const zeros = (): bigint[] => plan.scheme.buckets.map(() => 0n);
  const profile = profiles.get(key) ?? {
    ...{ segment, currency, sold: 0n, collected: zeros(), unclassified: zeros(), receivables: 0, unseasoned: 0n },
    entered: plan.scheme.buckets.map(() => 0),
  };
  profiles.set(key, profile);
  return profile;
}

function addToProfile(plan: EvidencePlan, reader: SampleReader, profile: Profile, history: ReceivableHistory, member: PoolMember): void {
  const { asOf } = plan.request;
  const { position } = plan.book;
  const { sold, paid, unclassified } = paidByAge(plan, reader, history, member);
  unclassified.forEach((amount, bucket) => (profile.unclassified[bucket] = (profile.unclassified[bucket] ?? 0n) + amount));
  profile.sold += sold;
  profile.receivables += 1;
  for (const bucket of bucketsEntered({ sold, paid })) profile.entered[bucket] = (profile.entered[bucket] ?? 0) + 1;
  paid.forEach((amount, bucket) => (profile.collected[bucket] = (profile.collected[bucket] ?? 0n) + amount));
  const isSeasoned = reader.bucketAt(history, member, asOf) === plan.scheme.buckets.length - 1;
  if (!isSeasoned) profile.unseasoned += outstandingAt(history, { asOf, position });
}

/** How one sale was paid, by the bucket its age was in on the day; what left otherwise than by payment or loss was not sold. */
export function paidByAge(
  plan: EvidencePlan,
  reader: SampleReader,
  history: ReceivableHistory,
  member: PoolMember,
): { readonly sold: bigint; readonly paid: bigint[]; readonly unclassified: bigint[] } {
  const paid = plan.scheme.buckets.map(() => 0n);
  const unclassified = plan.scheme.buckets.map(() => 0n);
  let sold = history.amount;
  for (const step of history.steps) {
    if (step.position > plan.book.position || step.effectiveOn > plan.request.asOf) continue;
    const bucket = reader.bucketAt(history, member, step.effectiveOn);
    const part = flowPartOf(step.type);
    if (part === 'collected') paid[bucket] = (paid[bucket] ?? 0n) - step.gross;
    else if (part === 'unclassified') unclassified[bucket] = (unclassified[bucket] ?? 0n) - step.gross;
    else if (part !== 'writtenOff') sold += step.gross;
    // Money on what was written off is collected in the end.
    paid[bucket] = (paid[bucket] ?? 0n) + step.recovered;
  }
  return { sold, paid, unclassified };
}

/** The buckets a sale was still owed in on entering them. */
export function bucketsEntered({ sold, paid }: { readonly sold: bigint; readonly paid: readonly bigint[] }): number[] {
  let entering = sold;
  return paid.flatMap((amount, bucket) => {
    const owed = entering;
    entering -= amount;
    return owed > 0n ? [bucket] : [];
  });
}

async function addRates(plan: EvidencePlan, profiles: ReadonlyMap<string, Profile>, found: Findings): Promise<void> {
  const { request, book, scheme } = plan;
  const translate = await book.translation(request.asOf, plan.currency);
  let unseasoned = 0n;
  for (const segment of segmentsOf(plan, profiles.values())) {
    const own = [...profiles.values()].filter((profile) => profile.segment === segment);
    const sum = (amountOf: (profile: Profile) => bigint): bigint =>
      own.reduce((total, profile) => total + translate(amountOf(profile), profile.currency), 0n);
    const sold = sum((profile) => profile.sold);
    const collected = scheme.buckets.map((_, bucket) => sum((profile) => profile.collected[bucket] ?? 0n));
    const unclassified = scheme.buckets.map((_, bucket) => sum((profile) => profile.unclassified[bucket] ?? 0n));
    const lost = paymentProfileRates({ sold, collected });
    const settled = paymentProfileRates({ sold, collected: collected.map((amount, bucket) => amount + (unclassified[bucket] ?? 0n)) });
    const unclassifiedAs = countingOf(request).unclassified;
    scheme.buckets.forEach(({ label }, bucket) => {
      const [high, low] = [lost[bucket], settled[bucket]];
      const chosen = unclassifiedAs === 'as-collected' ? low : high;
      const isLast = bucket === scheme.buckets.length - 1;
      const rated = (rate: Ratio | null): Ratio | null =>
        isLast && plan.terminalLoss !== null && rate !== null ? plan.terminalLoss : rate;
      const bounds = boundedRate({ low: rated(low?.rate ?? null), high: rated(high?.rate ?? null) }, unclassifiedAs);
      const flags = [
        ...(bounds.rate === null ? ['undefined'] : []),
        ...(unclassified.some((amount) => amount > 0n) ? ['unclassified'] : []),
      ];
      found.rates.push({
        ...{ segment, bucket: label, ...rateTexts(bounds, request.rateDecimals), flags },
        ...{ numerator: chosen?.neverCollected ?? 0n, denominator: chosen?.entering ?? 0n },
        receivables: own.reduce((total, profile) => total + (profile.entered[bucket] ?? 0), 0),
      });
    });
    found.sample.amount += sold;
    found.sample.receivables += own.reduce((total, { receivables }) => total + receivables, 0);
    unseasoned += sum((profile) => profile.unseasoned);
  }
  if (unseasoned > 0n) {
    const detail = `${String(unseasoned)} minor units of these sales are open and have not reached the last bucket; they count as never collected. Choose an earlier until.`;
    found.warnings.push({ code: 'sample-not-seasoned', detail });
  }
}
