/** How often the sample hit an item. */
export interface SampledItem<Item> {
  readonly item: Item;
  /** place of the first unit of money of the item that was hit, counted from 0 over the population. */
  readonly unit: bigint;
  /** an item larger than the interval is hit more than once and examined once. */
  readonly hits: number;
}

export interface MonetaryUnitSample<Item> {
  /** sum of the population in minor units. */
  readonly population: bigint;
  /** units of money between two hits, rounded down; 0 for an empty population. */
  readonly interval: bigint;
  /** the first unit hit. */
  readonly firstUnit: bigint;
  readonly selected: readonly SampledItem<Item>[];
}

/**
 * Monetary unit sampling (ISA 530, Appendix 4): every unit of money has the same chance, so an item is taken with a probability in
 * proportion to its amount, and one of at least the interval for certain. Systematic: with population N and size n, hit k (k = 0..n-1) is
 * the unit `(start + k x N) / n` rounded down, where `start` is a number from 0 to N-1 drawn once. Items keep the order given; amounts not
 * above zero cannot be hit. The same items, size and start give the same sample.
 */
export function monetaryUnitSample<Item>(
  items: readonly { readonly item: Item; readonly amount: bigint }[],
  { size, start }: { readonly size: number; readonly start: bigint },
): MonetaryUnitSample<Item> {
  const population = items.reduce((sum, { amount }) => (amount > 0n ? sum + amount : sum), 0n);
  if (population === 0n || size < 1) return { population, interval: 0n, firstUnit: 0n, selected: [] };
  const hits = BigInt(size);
  const drawn = ((start % population) + population) % population;
  const unitOf = (hit: bigint): bigint => (drawn + hit * population) / hits;
  const selected: SampledItem<Item>[] = [];
  let next = 0n;
  let end = 0n;
  for (const { item, amount } of items) {
    if (amount <= 0n) continue;
    end += amount;
    const first = next;
    while (next < hits && unitOf(next) < end) next += 1n;
    if (next > first) selected.push({ item, unit: unitOf(first), hits: Number(next - first) });
  }
  return { population, interval: population / hits, firstUnit: unitOf(0n), selected };
}
