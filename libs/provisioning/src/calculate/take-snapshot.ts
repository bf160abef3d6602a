import type { AgeingScheme } from '@app/credit-domain';
import { KINDS_WITH_ECL, lossRateSetInForce, translate } from '@app/credit-domain';
import type { AgeingBySchemeData, AgeingSnapshotTakenData } from '../events';
import type { ProvisionPolicy } from '../policy/read-policy';
import type { BookReading } from './book-reading';
import { countDebtors } from './count-debtors';
import { attempt, type Attempt } from './problem';

/** The age mix is always kept by recognition date and by days past due, whatever the policy measures by. */
const SCHEMES_ALWAYS_TAKEN = ['months-6-12-24-36-48', 'days-past-due-30-60-90'];

export type SnapshotOutput = Pick<AgeingSnapshotTakenData, 'currency' | 'total' | 'byAge' | 'concentration'>;

/**
 * The age mix of the book at the reading's (asOf, position), in its presentation currency. `earlier` is the snapshot of the same close that this one
 * recomputes; null when somebody asked for the close.
 */
export function takeSnapshot(
  book: BookReading,
  policy: ProvisionPolicy,
  earlier: AgeingSnapshotTakenData | null,
): Promise<Attempt<SnapshotOutput>> {
  return attempt(async () => {
    const currency = await book.presentationCurrency(null);
    const policySchemes = KINDS_WITH_ECL.flatMap(
      (kind) => lossRateSetInForce(policy.lossRateSets, { kind, asOf: book.asOf })?.scheme ?? [],
    );
    const byAge: AgeingBySchemeData[] = [];
    for (const id of new Set([...SCHEMES_ALWAYS_TAKEN, ...policySchemes.sort()])) {
      const mix = await ageMix(book, await book.scheme(id), currency);
      if (!mix.ok) return mix;
      byAge.push(mix.value);
    }
    const { counted, concentration } = await countDebtors(book, { byAge, currency }, earlier);
    return { ok: true, value: { currency, total: byAge[0]?.total ?? '0', byAge: counted, concentration } };
  });
}

/** Cells are summed by currency and translated once, so that splitting a figure adds no roundings. */
async function ageMix(book: BookReading, scheme: AgeingScheme, currency: string): Promise<Attempt<AgeingBySchemeData>> {
  const kinds: readonly string[] = KINDS_WITH_ECL;
  const cells = (await book.exposure(scheme)).filter(({ kind, amount }) => kinds.includes(kind) && amount !== 0n);
  const used = new Set(cells.map((cell) => cell.currency));
  const rates = await book.closingRates(used, currency);
  const missing = [...used].filter((each) => !rates.has(each)).sort();
  if (missing.length > 0) {
    const detail = `No exchange rate is known on ${book.asOf} for ${missing.map((base) => `${base} to ${currency}`).join(', ')}.`;
    return {
      ok: false,
      problem: { code: 'fx-rate-missing', detail, errors: missing.map((base) => ({ code: 'fx-rate-missing', base, quote: currency })) },
    };
  }

  const sums = new Map<string, { kind: string; segment: string; assessed: boolean; currency: string; bucket: number; amount: bigint }>();
  for (const { kind, segment, assessed, currency: own, bucket, amount } of cells) {
    const key = JSON.stringify([kind, segment, assessed, own, bucket]);
    const sum = sums.get(key);
    sums.set(key, { kind, segment, assessed, currency: own, bucket, amount: (sum?.amount ?? 0n) + amount });
  }
  const groups = new Map<string, { kind: string; segment: string; collective: bigint[]; individual: bigint[] }>();
  const totals = scheme.buckets.map(() => 0n);
  for (const { kind, segment, assessed, currency: own, bucket, amount } of sums.values()) {
    const rate = rates.get(own);
    const translated = rate === undefined ? 0n : translate(amount, rate);
    const key = JSON.stringify([kinds.indexOf(kind), segment]);
    const group = groups.get(key) ?? { kind, segment, collective: scheme.buckets.map(() => 0n), individual: scheme.buckets.map(() => 0n) };
    groups.set(key, group);
    add(assessed ? group.individual : group.collective, bucket, translated);
    add(totals, bucket, translated);
  }
  return {
    ok: true,
    value: {
      scheme: scheme.id,
      basis: scheme.basis,
      buckets: scheme.buckets.map((bucket, index) => ({
        label: bucket.label,
        upTo: 'upTo' in bucket ? { ...bucket.upTo } : null,
        amount: (totals[index] ?? 0n).toString(),
      })),
      total: totals.reduce((sum, amount) => sum + amount, 0n).toString(),
      groups: [...groups.entries()]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, group]) => ({ ...group, collective: group.collective.map(String), individual: group.individual.map(String) })),
      debtors: null,
    },
  };
}

function add(amounts: bigint[], index: number, amount: bigint): void {
  amounts[index] = (amounts[index] ?? 0n) + amount;
}
