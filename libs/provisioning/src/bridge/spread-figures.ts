import { largestRemainder, overlaysOn, type LineUnit } from '@app/credit-domain';

const NO_UNIT = -1;
const GROWTH = 2;
const FIRST_CAPACITY = 1 << 14;

/** One receivable's part of the recorded figures, presentation minor units; the allowance without overlays. */
export interface SpreadFigures {
  readonly gross: bigint;
  readonly allowance: bigint;
  readonly overlay: bigint;
}

const NOTHING_HELD: SpreadFigures = { gross: 0n, allowance: 0n, overlay: 0n };

/**
 * Spreads the figures of a run to its receivables, as the last of the steps line, (class, related), receivable: by gross, largest remainder,
 * in the order of their numbers. Receivables are collected first, in that order, in flat arrays of some thirty bytes each, because a share
 * can only be spread once all its receivables are known.
 */
export class FigureSpread {
  private readonly units: readonly LineUnit[];
  private readonly unitNumbers: ReadonlyMap<string, number>;
  private readonly numberByGroup = new Map<string, number>();
  private count = 0;
  private unitOf = new Int32Array(FIRST_CAPACITY);
  private owed = new BigInt64Array(FIRST_CAPACITY);
  private gross = new BigInt64Array(0);
  private allowance = new BigInt64Array(0);
  private overlay: BigInt64Array | null = null;

  constructor(units: readonly LineUnit[]) {
    this.units = units;
    this.unitNumbers = new Map(units.map((unit, index) => [unitKey(unit.lineKey, unit.class, unit.related), index]));
  }

  /** The next receivable: `line` is asked for once for each `group` of receivables that share one. Throws when no line holds it. */
  collect(
    owed: bigint,
    group: () => string,
    line: () => { readonly lineKey: string; readonly class: string; readonly related: boolean } | null,
  ): void {
    if (this.count === this.unitOf.length) this.grow();
    this.unitOf[this.count] = owed === 0n ? NO_UNIT : this.numberOf(group(), line);
    this.owed[this.count] = owed;
    this.count += 1;
  }

  /** Spreads what was collected; throws when the receivables do not hold the gross of the run. */
  spread(): void {
    const { members, starts } = this.byUnit();
    this.gross = new BigInt64Array(this.count);
    this.allowance = new BigInt64Array(this.count);
    this.units.forEach((unit, number) => {
      const own = members.subarray(starts[number] ?? 0, starts[number + 1] ?? 0);
      const weights = Array.from(own, (index) => this.owed[index] ?? 0n);
      const owed = weights.reduce((sum, weight) => sum + weight, 0n);
      if (owed !== unit.gross) {
        throw new Error(`Receivables of line ${unit.lineKey} owe ${String(owed)}, the run recorded ${String(unit.gross)}.`);
      }
      this.put(this.gross, own, unit.presentationGross, weights);
      this.put(this.allowance, own, unit.presentationAllowance, weights);
      const overlay = overlaysOn(unit);
      if (overlay !== 0n) this.put((this.overlay ??= new BigInt64Array(this.count)), own, overlay, weights);
    });
  }

  /** The part of the receivable collected as number `index`. */
  at(index: number): SpreadFigures {
    if (this.unitOf[index] === NO_UNIT) return NOTHING_HELD;
    return { gross: this.gross[index] ?? 0n, allowance: this.allowance[index] ?? 0n, overlay: this.overlay?.[index] ?? 0n };
  }

  private put(figures: BigInt64Array, members: Int32Array, total: bigint, weights: readonly bigint[]): void {
    if (total === 0n) return;
    const parts = largestRemainder(total, weights);
    members.forEach((index, position) => (figures[index] = parts[position] ?? 0n));
  }

  private numberOf(group: string, line: () => { lineKey: string; class: string; related: boolean } | null): number {
    const known = this.numberByGroup.get(group);
    if (known !== undefined) return known;
    const found = line();
    const number = found === null ? NO_UNIT : this.unitNumbers.get(unitKey(found.lineKey, found.class, found.related));
    if (number === undefined) throw new Error(`The run has no line ${found?.lineKey ?? ''} for a receivable that is owed on its date.`);
    this.numberByGroup.set(group, number);
    return number;
  }

  /** Receivables in order of their unit, and where each unit starts. */
  private byUnit(): { members: Int32Array; starts: Int32Array } {
    const starts = new Int32Array(this.units.length + 1);
    for (let index = 0; index < this.count; index += 1) {
      const unit = this.unitOf[index] ?? NO_UNIT;
      if (unit !== NO_UNIT) starts[unit + 1] = (starts[unit + 1] ?? 0) + 1;
    }
    for (let unit = 0; unit < this.units.length; unit += 1) starts[unit + 1] = (starts[unit + 1] ?? 0) + (starts[unit] ?? 0);
    const next = starts.slice();
    const members = new Int32Array(starts[this.units.length] ?? 0);
    for (let index = 0; index < this.count; index += 1) {
      const unit = this.unitOf[index] ?? NO_UNIT;
      if (unit === NO_UNIT) continue;
      const place = next[unit] ?? 0;
      members[place] = index;
      next[unit] = place + 1;
    }
    return { members, starts };
  }

  private grow(): void {
    const capacity = this.unitOf.length * GROWTH;
    const [unitOf, owed] = [new Int32Array(capacity), new BigInt64Array(capacity)];
    unitOf.set(this.unitOf);
    owed.set(this.owed);
    [this.unitOf, this.owed] = [unitOf, owed];
  }
}

function unitKey(lineKey: string, className: string, related: boolean): string {
  return `${lineKey}\n${className}\n${related ? 'related' : ''}`;
}
