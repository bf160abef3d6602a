/**
 * Folds exposure entries, given in business-date order, into running sums over anchor days.
 * One dense array of balances a group and basis; a checkpoint writes the non-empty days as prefix sums.
 */

/** Recognition, invoice, due: the order of the bases in an entry and in the codes 1, 2, 3 of the table. */
export const BASIS_COUNT = 3;

export interface PrefixRow {
  readonly basis: number;
  readonly poolId: number;
  readonly currency: string;
  /** Days since 1970-01-01, rising. */
  readonly anchors: Int32Array;
  /** Minor units up to and with each anchor. */
  readonly sums: BigInt64Array;
}

const DAYS_GROWTH = 512;

/** Balances of one pool, currency and basis by anchor day. */
class DayBalances {
  private first = 0;
  private balances = new BigInt64Array(0);
  private encoded: { anchors: Int32Array; sums: BigInt64Array } | undefined;

  add(day: number, amount: bigint): void {
    this.encoded = undefined;
    if (this.balances.length === 0 || day < this.first || day >= this.first + this.balances.length) this.growTo(day);
    const index = day - this.first;
    this.balances[index] = (this.balances[index] ?? 0n) + amount;
  }

  prefix(): { anchors: Int32Array; sums: BigInt64Array } {
    if (this.encoded !== undefined) return this.encoded;
    const anchors = new Int32Array(this.balances.length);
    const sums = new BigInt64Array(this.balances.length);
    let count = 0;
    let sum = 0n;
    for (let index = 0; index < this.balances.length; index++) {
      const balance = this.balances[index] ?? 0n;
      if (balance === 0n) continue;
      sum += balance;
      anchors[count] = this.first + index;
      sums[count] = sum;
      count += 1;
    }
    this.encoded = { anchors: anchors.slice(0, count), sums: sums.slice(0, count) };
    return this.encoded;
  }

  private growTo(day: number): void {
    const isEmpty = this.balances.length === 0;
    const first = isEmpty ? day : Math.min(this.first, day < this.first ? day - DAYS_GROWTH : this.first);
    const end = isEmpty
      ? day + DAYS_GROWTH
      : Math.max(this.first + this.balances.length, day >= this.first + this.balances.length ? day + DAYS_GROWTH : 0);
    const grown = new BigInt64Array(end - first);
    grown.set(this.balances, isEmpty ? 0 : this.first - first);
    this.first = first;
    this.balances = grown;
  }
}

export class PrefixFold {
  private readonly groups = new Map<string, { poolId: number; currency: string; byBasis: DayBalances[] }>();

  add(poolId: number, currency: string, anchorDays: readonly [recognition: number, invoice: number, due: number], amount: bigint): void {
    const key = `${String(poolId)}|${currency}`;
    let group = this.groups.get(key);
    if (group === undefined) {
      group = { poolId, currency, byBasis: Array.from({ length: BASIS_COUNT }, () => new DayBalances()) };
      this.groups.set(key, group);
    }
    anchorDays.forEach((day, basis) => group.byBasis[basis]?.add(day, amount));
  }

  /** The prefix sums as they stand; groups without a balance are left out. */
  *rows(): Generator<PrefixRow> {
    for (const { poolId, currency, byBasis } of this.groups.values()) {
      for (const [index, balances] of byBasis.entries()) {
        const { anchors, sums } = balances.prefix();
        if (anchors.length > 0) yield { basis: index + 1, poolId, currency, anchors, sums };
      }
    }
  }
}
