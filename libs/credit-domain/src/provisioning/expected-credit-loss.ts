import { allowanceOn } from './allowance';
import { individualLoss } from './individual-loss';
import { rateFor } from './loss-rate-set';
import { byCodeUnit } from './order';
import type {
  CollectiveCell,
  CollectiveLine,
  GrossAndAllowance,
  IndividualLine,
  LineAmounts,
  ProvisionFigures,
  ProvisionInput,
  ProvisionOutcome,
  ProvisionProblem,
  ProvisionResult,
} from './provision';
import { bucketLabel, comparePools, fxRateMissing, lineAmounts, matrixOf, notNegative } from './run-lines';

/** Changes when the same inputs could give other figures; it is part of every run's hash. */
export const ENGINE_VERSION = '1';

/**
 * Expected credit losses at asOf by the simplified approach (IFRS 9 5.5.15, B5.5.35): gross x loss rate for each line of the
 * matrix, the debtor's own measurement for those carved out of it. Each allowance is rounded once, half up, to the minor unit
 * of the line's currency and held between 0 and the gross; gross and allowance are each translated once at the closing rate,
 * and totals are the sums of the translated lines.
 *
 * A missing loss rate or exchange rate is answered as a problem naming every one of them, never as a zero. Throws only when
 * the cells themselves are impossible (gross below zero, a carved-out debtor without an assessment).
 */
export function expectedCreditLoss(input: ProvisionInput): ProvisionOutcome {
  const problem = missingClosingRates(input) ?? missingLossRates(input);
  if (problem !== null) return { ok: false, problem };
  const collective = collectiveLines(input);
  const individual = individualLoss(input);
  if (!individual.ok) return individual;
  const totals = input.matrices.map(({ kind }) => ({
    kind,
    ...figuresOf(
      collective.filter((line) => line.kind === kind),
      individual.lines.filter((line) => line.kind === kind),
    ),
  }));
  const result = { collective, individual: individual.lines, totals, total: figuresOf(collective, individual.lines) };
  assertSums(input, result);
  return { ok: true, result };
}

function missingClosingRates(input: ProvisionInput): ProvisionProblem | null {
  const missing = new Set<string>();
  for (const cell of [...input.collective, ...input.individual]) {
    if (cell.amount !== 0n && !input.closingRates.has(cell.currency)) missing.add(cell.currency);
  }
  return missing.size === 0 ? null : fxRateMissing([...missing].sort(byCodeUnit), input.currency, input.asOf);
}

function missingLossRates(input: ProvisionInput): ProvisionProblem | null {
  const missing = new Map<string, { code: string; kind: string; segment: string; bucket: string }>();
  for (const { kind, segment, bucket: index, amount } of input.collective) {
    if (amount === 0n) continue;
    const matrix = matrixOf(input, kind);
    const bucket = bucketLabel(matrix, index);
    if (rateFor(matrix.lossRateSet?.rates ?? [], segment, bucket) !== null) continue;
    missing.set(JSON.stringify([kind, segment, bucket]), { code: 'loss-rate-missing', kind, segment, bucket });
  }
  const errors = [...missing.entries()].sort(([a], [b]) => byCodeUnit(a, b)).map(([, error]) => error);
  const [first] = errors;
  if (first === undefined) return null;
  const others = errors.length > 1 ? ` and ${String(errors.length - 1)} more` : '';
  return {
    code: 'loss-rate-missing',
    detail:
      `No approved loss rate is in force on ${input.asOf} for kind '${first.kind}', segment '${first.segment}', ` +
      `bucket '${first.bucket}'${others}.`,
    errors,
  };
}

/** One line for every bucket of every pool that has exposure, empty buckets included, so that a printed matrix has no holes. */
function collectiveLines(input: ProvisionInput): CollectiveLine[] {
  const pools = new Map<string, { readonly cell: CollectiveCell; readonly byBucket: Map<number, bigint> }>();
  for (const cell of input.collective) {
    if (cell.amount === 0n) continue;
    const key = JSON.stringify([cell.entityId, cell.kind, cell.segment, cell.currency]);
    const pool = pools.get(key) ?? { cell, byBucket: new Map<number, bigint>() };
    pool.byBucket.set(cell.bucket, (pool.byBucket.get(cell.bucket) ?? 0n) + cell.amount);
    pools.set(key, pool);
  }
  return [...pools.values()]
    .sort((a, b) => comparePools(input, a.cell, b.cell))
    .flatMap(({ cell, byBucket }) => {
      const { entityId, kind, segment, currency } = cell;
      const matrix = matrixOf(input, kind);
      return matrix.bucketLabels.flatMap((bucket, index) => {
        const gross = notNegative(byBucket.get(index) ?? 0n, cell, bucket);
        const rate = rateFor(matrix.lossRateSet?.rates ?? [], segment, bucket);
        if (rate === null) return noRate(gross, kind, bucket);
        return [{ entityId, kind, segment, bucket, rate, ...lineAmounts(input, currency, gross, allowanceOn(gross, rate)) }];
      });
    });
}

/** An empty bucket without a rate has no line; a full one was refused before. */
function noRate(gross: bigint, kind: string, bucket: string): [] {
  if (gross !== 0n) throw new Error(`Bucket '${bucket}' of kind '${kind}' has gross but no rate after the rates were checked.`);
  return [];
}

function figuresOf(collective: readonly LineAmounts[], individual: readonly LineAmounts[]): ProvisionFigures {
  const [together, alone] = [sumOf(collective), sumOf(individual)];
  return { gross: together.gross + alone.gross, allowance: together.allowance + alone.allowance, collective: together, individual: alone };
}

function sumOf(lines: readonly LineAmounts[]): GrossAndAllowance {
  return lines.reduce(
    (sum, line) => ({ gross: sum.gross + line.presentationGross, allowance: sum.allowance + line.presentationAllowance }),
    { gross: 0n, allowance: 0n },
  );
}

/** Pair assertion: kinds add up to the total, no gross was lost between cells and lines, and no allowance exceeds its gross. */
function assertSums(input: ProvisionInput, { collective, individual, totals, total }: ProvisionResult): void {
  const gross = totals.reduce((sum, each) => sum + each.gross, 0n);
  const allowance = totals.reduce((sum, each) => sum + each.allowance, 0n);
  if (gross !== total.gross || allowance !== total.allowance) throw new Error('The totals by kind do not add up to the total of the run.');
  const lines: readonly (CollectiveLine | IndividualLine)[] = [...collective, ...individual];
  const cells = [...input.collective, ...input.individual].reduce((sum, cell) => sum + cell.amount, 0n);
  if (cells !== lines.reduce((sum, line) => sum + line.gross, 0n))
    throw new Error('The lines of the run do not hold the gross of the cells.');
  if (lines.some((line) => line.allowance < 0n || line.allowance > line.gross)) throw new Error('An allowance left the range 0 to gross.');
}
