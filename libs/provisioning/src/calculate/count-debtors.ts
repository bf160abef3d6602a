import { KINDS_WITH_ECL, LARGEST_DEBTORS } from '@app/credit-domain';
import type { AgeingBySchemeData, AgeingSnapshotTakenData } from '../events';
import type { BookReading } from './book-reading';

/** Counting reads every entry of the book, in some 1.5 seconds a million: larger books are counted when somebody asks for the close ... */
const RECOMPUTED_ENTRIES_MAX = 500_000;
/** ... and books larger still not at all. */
const COUNTED_ENTRIES_MAX = 5_000_000;

/**
 * The snapshot's schemes with how their mix is spread over debtors, and who owes most. Balances are translated at the closing rates of the amounts
 * beside them; they say how far chance may move the mix, so that what roundings leave between the two does not matter. Neither does a correction of
 * a large book, whose recomputation keeps what was counted when the close was asked for.
 */
export async function countDebtors(
  book: BookReading,
  { byAge, currency }: { byAge: readonly AgeingBySchemeData[]; currency: string },
  earlier: AgeingSnapshotTakenData | null,
): Promise<{ counted: AgeingBySchemeData[]; concentration: AgeingSnapshotTakenData['concentration'] }> {
  const schemes = await Promise.all(byAge.map(({ scheme }) => book.scheme(scheme)));
  const [first] = schemes;
  const kinds: readonly string[] = KINDS_WITH_ECL;
  const cells = first === undefined ? [] : await book.exposure(first);
  const rates = await book.closingRates(new Set(cells.filter(({ kind }) => kinds.includes(kind)).map((cell) => cell.currency)), currency);
  const spread = await book.debtorSpread({
    ...{ schemes, kinds, rates, largest: LARGEST_DEBTORS },
    entriesMax: earlier === null ? COUNTED_ENTRIES_MAX : RECOMPUTED_ENTRIES_MAX,
  });
  if (spread === null) {
    const countsOf = (id: string): AgeingBySchemeData['debtors'] => earlier?.byAge.find(({ scheme }) => scheme === id)?.debtors ?? null;
    const isSameCurrency = earlier?.currency === currency;
    return {
      counted: byAge.map((each) => ({ ...each, debtors: isSameCurrency ? countsOf(each.scheme) : null })),
      concentration: isSameCurrency ? earlier.concentration : null,
    };
  }
  return {
    counted: byAge.map((each) => ({
      ...each,
      debtors: spread.spreads
        .filter(({ scheme }) => scheme === each.scheme)
        .map(({ kind, segment, assessed, debtors, squares, buckets }) => ({
          ...{ kind, segment, assessed, debtors, squares: squares.toString() },
          buckets: buckets.map((bucket) => ({
            debtors: bucket.debtors,
            squares: bucket.squares.toString(),
            products: bucket.products.toString(),
          })),
        })),
    })),
    concentration: spread.shares.map(({ kind, segment, debtors, total, squares, largest }) => ({
      ...{ kind, segment, debtors, total: total.toString(), squares: squares.toString() },
      largest: largest.map(({ debtorId, amount }) => ({ debtorId, amount: amount.toString() })),
    })),
  };
}
