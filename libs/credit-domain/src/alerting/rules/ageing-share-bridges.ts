import { Ratio } from '../../values/ratio';
import type { BucketGross } from '../close-figures';
import type { FigureBridge } from '../evaluation';
import { figureBridge } from '../evaluation';

/** What is older than the limit and everything it is a share of, at one date. */
export interface SharedBook {
  readonly older: readonly BucketGross[];
  readonly olderGross: bigint;
  readonly total: bigint;
}

/** Whole buckets that crossed the limit between two dates, and what has left since of them and of what was older before. */
export interface Crossing {
  /** The buckets by name. */
  readonly names: string;
  readonly gross: bigint;
  /** Negative: more is older now than can have aged into it. */
  readonly left: bigint;
}

interface Leg {
  readonly cause: string;
  readonly amount: bigint;
}

/**
 * Why a share over a limit moved: in points, and the gross behind it in currency. What happened to the gross over the limit is told against the
 * total of the base, and what the total's own change makes of it is a leg of its own; the legs of both are the same facts, and both add up.
 */
export function ageingShareBridges(
  subject: string,
  currency: string,
  { before, after, crossing }: { readonly before: SharedBook; readonly after: SharedBook; readonly crossing: Crossing | null },
): FigureBridge[] {
  const legs = crossing === null ? bucketLegs(before, after) : crossingLegs(crossing);
  const total = after.total - before.total;
  const dilution = Ratio.of(after.olderGross, after.total).minus(Ratio.of(after.olderGross, before.total));
  return [
    figureBridge({
      subject: `${subject}, share`,
      unit: 'fraction',
      currency: null,
      opening: Ratio.of(before.olderGross, before.total),
      legs: [
        ...legs.map(({ cause, amount }) => ({ cause, amount: Ratio.of(amount, before.total) })),
        ...(total === 0n ? [] : [{ cause: `total of the book ${total < 0n ? 'shrank' : 'grew'}`, amount: dilution }]),
      ],
      closing: Ratio.of(after.olderGross, after.total),
    }),
    figureBridge({
      subject,
      unit: 'minor-units',
      currency,
      opening: Ratio.of(before.olderGross),
      legs: legs.map(({ cause, amount }) => ({ cause, amount: Ratio.of(amount) })),
      closing: Ratio.of(after.olderGross),
    }),
  ];
}

function crossingLegs({ names, gross, left }: Crossing): Leg[] {
  const aged = { cause: `aged past the limit: ${names}`, amount: gross };
  if (left === 0n) return [aged];
  return [aged, left > 0n ? { cause: 'settled, written off or moved', amount: -left } : { cause: 'came in already older', amount: -left }];
}

/** Where the calendar does not say what crossed: the change of every bucket above the limit. */
function bucketLegs(before: SharedBook, after: SharedBook): Leg[] {
  return after.older.map(({ label, gross }) => ({
    cause: label,
    amount: gross - (before.older.find((bucket) => bucket.label === label)?.gross ?? 0n),
  }));
}
