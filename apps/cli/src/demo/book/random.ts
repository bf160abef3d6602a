/** Seeded pseudo-random whole numbers (xorshift32): the same seed gives the same book on every machine, and no floating point is involved. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0 || 1;
  }

  /** A whole number from 0 to `bound` - 1. */
  below(bound: number): number {
    this.state ^= this.state << 13;
    this.state >>>= 0;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    this.state >>>= 0;
    return this.state % bound;
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  pick<T>(choices: readonly T[]): T {
    const chosen = choices[this.below(choices.length)];
    if (chosen === undefined) throw new RangeError('nothing to pick from');
    return chosen;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const keyed = items.map((item, index) => ({ item, index, key: this.below(0x40000000) }));
    return keyed.sort((left, right) => left.key - right.key || left.index - right.index).map(({ item }) => item);
  }

  /** Weights for a split: many small, few large, none zero. */
  weights(count: number): bigint[] {
    return Array.from({ length: count }, () => BigInt(this.between(1, 30)) * BigInt(this.between(1, 30)) + 20n);
  }
}
