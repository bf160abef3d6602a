import { largestRemainder } from '../values';
import { byCodeUnit } from './order';
import type { LineAmounts, MeasuredSide, Stage } from './provision';

/**
 * From lines to receivables, in two exact steps: a line is shared over class and related party, and each share over its receivables in the
 * order of their numbers, both by gross with `largestRemainder`. So receivables sum to shares and shares to lines, to the minor unit.
 */

/** The part of one line that belongs to one class of related or other parties. */
export interface LineUnit extends LineAmounts {
  /** `collectiveLineKey`, `stagedLineKey` or `individualLineKey` of the line. */
  readonly lineKey: string;
  readonly side: MeasuredSide;
  readonly stage: Stage | null;
  readonly entityId: string;
  readonly kind: string;
  readonly class: string;
  readonly related: boolean;
  readonly segment: string;
  /** signed part of each overlay that covers the unit, in the presentation currency, by overlay id. */
  readonly overlays: ReadonlyMap<string, bigint>;
}

export interface UnitGross {
  readonly class: string;
  readonly related: boolean;
  readonly gross: bigint;
}

/** Shares of a line: every amount of the line spread by gross over (class, related), others before related parties. */
export function spreadOverUnits(line: LineAmounts, grossOfUnits: readonly UnitGross[]): (LineAmounts & Omit<UnitGross, 'gross'>)[] {
  const units = [...grossOfUnits].sort((a, b) => byCodeUnit(a.class, b.class) || Number(a.related) - Number(b.related));
  const weights = units.map(({ gross }) => gross);
  const allowances = largestRemainder(line.allowance, weights);
  const presentationGross = largestRemainder(line.presentationGross, weights);
  const presentationAllowances = largestRemainder(line.presentationAllowance, weights);
  return units.map((unit, index) => ({
    class: unit.class,
    related: unit.related,
    currency: line.currency,
    gross: unit.gross,
    allowance: allowances[index] ?? 0n,
    presentationGross: presentationGross[index] ?? 0n,
    presentationAllowance: presentationAllowances[index] ?? 0n,
  }));
}

export interface ReceivableGross {
  readonly receivableNo: bigint;
  readonly class: string;
  readonly related: boolean;
  readonly gross: bigint;
}

/**
 * An amount of one line (its allowance in either currency, its translated gross) over all receivables of the line. Pass every receivable of
 * the line with gross above zero; their order does not matter. Throws a RangeError for an amount without receivables to carry it.
 */
export function spreadOverReceivables(amount: bigint, receivables: readonly ReceivableGross[]): Map<bigint, bigint> {
  const groups = new Map<string, { readonly first: ReceivableGross; readonly members: ReceivableGross[] }>();
  for (const receivable of receivables) {
    const key = JSON.stringify([receivable.class, receivable.related]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: receivable, members: [receivable] });
    else group.members.push(receivable);
  }
  const ordered = [...groups.values()].sort(
    (a, b) => byCodeUnit(a.first.class, b.first.class) || Number(a.first.related) - Number(b.first.related),
  );
  const shares = largestRemainder(
    amount,
    ordered.map(({ members }) => members.reduce((sum, { gross }) => sum + gross, 0n)),
  );
  const spread = new Map<bigint, bigint>();
  ordered.forEach(({ members }, index) => {
    members.sort((a, b) => (a.receivableNo < b.receivableNo ? -1 : a.receivableNo > b.receivableNo ? 1 : 0));
    const parts = largestRemainder(
      shares[index] ?? 0n,
      members.map(({ gross }) => gross),
    );
    members.forEach(({ receivableNo }, position) => spread.set(receivableNo, parts[position] ?? 0n));
  });
  return spread;
}
