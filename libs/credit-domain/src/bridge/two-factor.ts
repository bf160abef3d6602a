import { divideHalfUp } from '../values';

/** One line of a matrix at one end, presentation minor units. */
export interface TwoFactorCell {
  readonly entityId: string;
  readonly kind: string;
  readonly segment: string;
  readonly currency: string;
  readonly scheme: string;
  readonly bucket: string;
  readonly gross: bigint;
  readonly allowance: bigint;
}

export interface TwoFactorEffect {
  readonly rateEffect: bigint;
  readonly volumeAndMix: bigint;
  readonly change: bigint;
}

export interface TwoFactorView extends TwoFactorEffect {
  readonly byKind: readonly ({ readonly kind: string } & TwoFactorEffect)[];
}

/** Buckets are divided to 30 decimals of a minor unit before they are summed: far below what one rounding at the end can show. */
const SCALE = 10n ** 30n;

interface Pair {
  readonly kind: string;
  opening: { gross: bigint; allowance: bigint };
  closing: { gross: bigint; allowance: bigint };
}

/**
 * The change of the collective allowance in two factors: rate effect = sum of (r1 - r0) x g1 and volume and mix = sum of (g1 - g0) x r0
 * over the buckets of the matrix, r being allowance / gross of the bucket at full precision. Each kind's rate effect is rounded once; volume
 * and mix is the rest, so the two always make up the change.
 *
 * A bucket without gross at one end has no rate there: what came new to an empty bucket is volume. Where a kind's scheme changed, its buckets
 * cannot be compared, and the kind counts as one bucket.
 */
export function twoFactorView(opening: readonly TwoFactorCell[], closing: readonly TwoFactorCell[]): TwoFactorView {
  const comparable = kindsOfOneScheme(opening, closing);
  const pairs = new Map<string, Pair>();
  const add = (cells: readonly TwoFactorCell[], end: 'opening' | 'closing'): void => {
    for (const cell of cells) {
      const { entityId, kind, segment, currency, bucket } = cell;
      const key = JSON.stringify(comparable.has(kind) ? [kind, entityId, segment, currency, bucket] : [kind]);
      const pair = pairs.get(key) ?? { kind, opening: { gross: 0n, allowance: 0n }, closing: { gross: 0n, allowance: 0n } };
      pair[end] = { gross: pair[end].gross + cell.gross, allowance: pair[end].allowance + cell.allowance };
      pairs.set(key, pair);
    }
  };
  add(opening, 'opening');
  add(closing, 'closing');
  const kinds = [...new Set([...pairs.values()].map(({ kind }) => kind))].sort();
  const byKind = kinds.map((kind) => ({ kind, ...effectOf([...pairs.values()].filter((pair) => pair.kind === kind)) }));
  const sum = (of: keyof TwoFactorEffect): bigint => byKind.reduce((total, each) => total + each[of], 0n);
  return { rateEffect: sum('rateEffect'), volumeAndMix: sum('volumeAndMix'), change: sum('change'), byKind };
}

function kindsOfOneScheme(opening: readonly TwoFactorCell[], closing: readonly TwoFactorCell[]): Set<string> {
  const schemes = new Map<string, Set<string>>();
  for (const { kind, scheme } of [...opening, ...closing]) schemes.set(kind, (schemes.get(kind) ?? new Set()).add(scheme));
  return new Set([...schemes.entries()].filter(([, known]) => known.size === 1).map(([kind]) => kind));
}

function effectOf(pairs: readonly Pair[]): TwoFactorEffect {
  const change = pairs.reduce((sum, { opening, closing }) => sum + closing.allowance - opening.allowance, 0n);
  let scaled = 0n;
  for (const { opening, closing } of pairs) {
    if (opening.gross === 0n || closing.gross === 0n) continue;
    // (A1 / g1 - A0 / g0) x g1 = (A1 x g0 - A0 x g1) / g0
    scaled += divideHalfUp((closing.allowance * opening.gross - opening.allowance * closing.gross) * SCALE, opening.gross);
  }
  const rateEffect = divideHalfUp(scaled, SCALE);
  return { rateEffect, volumeAndMix: change - rateEffect, change };
}
