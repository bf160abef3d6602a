import { byCodeUnit } from './order';
import { overlaysOn } from './overlay';
import type {
  CarryingAmount,
  GrossAndAllowance,
  LineAmounts,
  OverlayLine,
  ProvisionFigures,
  ProvisionInput,
  ProvisionResult,
  ProvisionShare,
} from './provision';
import type { LineUnit } from './spread';

type Sides = Pick<ProvisionResult, 'collective' | 'staged' | 'individual' | 'overlays'>;

/** Sums in the presentation currency, of one kind or (null) of the run. */
export function figuresOf(sides: Sides, kind: string | null): ProvisionFigures {
  const ofKind = <Line extends { readonly kind: string }>(lines: readonly Line[]): readonly Line[] =>
    kind === null ? lines : lines.filter((line) => line.kind === kind);
  const [collective, staged, individual] = [sumOf(ofKind(sides.collective)), sumOf(ofKind(sides.staged)), sumOf(ofKind(sides.individual))];
  const overlays = ofKind<OverlayLine>(sides.overlays).reduce((sum, { presentationAmount }) => sum + presentationAmount, 0n);
  return {
    gross: collective.gross + staged.gross + individual.gross,
    allowance: collective.allowance + staged.allowance + individual.allowance + overlays,
    collective,
    staged,
    individual,
    overlays,
  };
}

function sumOf(lines: readonly LineAmounts[]): GrossAndAllowance {
  return lines.reduce(
    (sum, line) => ({ gross: sum.gross + line.presentationGross, allowance: sum.allowance + line.presentationAllowance }),
    { gross: 0n, allowance: 0n },
  );
}

/** Lines by entity, kind, class, related party, side, stage and currency, in the order of the kinds of the run. */
export function sharesOf(input: ProvisionInput, units: readonly LineUnit[]): ProvisionShare[] {
  const keyOf = ({ entityId, kind, class: className, related, side, stage, currency }: LineUnit): string =>
    JSON.stringify([entityId, kindOrder(input, kind), className, related, side, stage, currency]);
  return summed(units, keyOf).map(({ first, ...sums }) => {
    const { entityId, kind, class: className, related, side, stage, currency } = first;
    return { entityId, kind, class: className, related, side, stage, currency, ...sums };
  });
}

/** Carrying amounts by kind and currency (note on currencies; IFRS 7 34(a)). */
export function carryingByCurrency(input: ProvisionInput, units: readonly LineUnit[]): CarryingAmount[] {
  const keyOf = ({ kind, currency }: LineUnit): string => JSON.stringify([kindOrder(input, kind), currency]);
  return summed(units, keyOf).map(({ first: { kind, currency }, ...sums }) => ({ kind, currency, ...sums }));
}

/** Text that sorts as the kinds of the run are shown. */
function kindOrder(input: ProvisionInput, kind: string): string {
  return String(input.measures.findIndex((measure) => measure.kind === kind)).padStart(3, '0');
}

interface Summed extends Omit<LineAmounts, 'currency'> {
  readonly first: LineUnit;
  readonly presentationOverlay: bigint;
}

function summed(units: readonly LineUnit[], keyOf: (unit: LineUnit) => string): Summed[] {
  const sums = new Map<string, Summed>();
  for (const unit of units) {
    const key = keyOf(unit);
    const sum = sums.get(key);
    sums.set(key, {
      first: sum?.first ?? unit,
      gross: (sum?.gross ?? 0n) + unit.gross,
      allowance: (sum?.allowance ?? 0n) + unit.allowance,
      presentationGross: (sum?.presentationGross ?? 0n) + unit.presentationGross,
      presentationAllowance: (sum?.presentationAllowance ?? 0n) + unit.presentationAllowance,
      presentationOverlay: (sum?.presentationOverlay ?? 0n) + overlaysOn(unit),
    });
  }
  return [...sums.entries()].sort(([a], [b]) => byCodeUnit(a, b)).map(([, sum]) => sum);
}

/**
 * Pair assertion: kinds add up to the total, shares and currencies to lines, no gross was lost between cells and lines, and no allowance
 * leaves the range 0 to gross. Throws when one does not hold: such figures must not leave the engine.
 */
export function assertSums(input: ProvisionInput, result: ProvisionResult): void {
  const { collective, staged, individual, totals, total, shares } = result;
  const kinds = totals.reduce((sum, each) => ({ gross: sum.gross + each.gross, allowance: sum.allowance + each.allowance }), {
    gross: 0n,
    allowance: 0n,
  });
  if (kinds.gross !== total.gross || kinds.allowance !== total.allowance)
    throw new Error('The totals by kind do not add up to the total of the run.');
  const lines: readonly LineAmounts[] = [...collective, ...staged, ...individual];
  const cells = [...input.collective, ...input.individual].reduce((sum, cell) => sum + cell.amount, 0n);
  if (cells !== grossOf(lines)) throw new Error('The lines of the run do not hold the gross of the cells.');
  if (lines.some((line) => line.allowance < 0n || line.allowance > line.gross)) throw new Error('An allowance left the range 0 to gross.');
  if (totals.some((kind) => kind.allowance < 0n || kind.allowance > kind.gross))
    throw new Error('The allowance of a kind left the range 0 to gross.');
  assertParts(lines, shares, total, 'shares');
  assertParts(lines, result.carryingByCurrency, total, 'carrying amounts by currency');
}

function assertParts(
  lines: readonly LineAmounts[],
  parts: readonly (LineAmounts & { readonly presentationOverlay: bigint })[],
  total: ProvisionFigures,
  what: string,
): void {
  const allowances = (of: readonly LineAmounts[]): bigint => of.reduce((sum, { allowance }) => sum + allowance, 0n);
  const presented = parts.reduce((sum, part) => sum + part.presentationAllowance + part.presentationOverlay, 0n);
  const gross = parts.reduce((sum, { presentationGross }) => sum + presentationGross, 0n);
  const agree =
    grossOf(lines) === grossOf(parts) && allowances(lines) === allowances(parts) && presented === total.allowance && gross === total.gross;
  if (!agree) throw new Error(`The ${what} do not add up to the lines of the run.`);
}

function grossOf(lines: readonly { readonly gross: bigint }[]): bigint {
  return lines.reduce((sum, { gross }) => sum + gross, 0n);
}
