import { Decimal, roundHalfUp } from '../values';
import { coverOf, enhancementsInForce, isEnhanced, reimbursedLoss, type Cover } from './credit-enhancement';
import { ratesAt } from './measure';
import { byCodeUnit } from './order';
import type { ApprovedCreditEnhancement } from './policies';
import type { CollectiveCell, IndividualLine, ProvisionInput, ReimbursementLine } from './provision';
import { inPresentation, measureOf } from './run-lines';

/**
 * What the providers of cover that is not part of the terms would pay of the losses provided for: the allowance of the insured part less
 * what is retained. It is shown beside the allowance and never netted (B5.5.55; an asset of its own by analogy with IAS 37).
 */
export function reimbursementLines(input: ProvisionInput, individual: readonly IndividualLine[]): ReimbursementLine[] {
  return enhancementsInForce(input)
    .filter(({ integral }) => !integral)
    .flatMap((enhancement) => linesOf(input, enhancement, individual));
}

function linesOf(
  input: ProvisionInput,
  enhancement: ApprovedCreditEnhancement,
  individual: readonly IndividualLine[],
): ReimbursementLine[] {
  const cells = [...input.collective, ...input.individual].filter((cell) => cell.amount !== 0n && isEnhanced(enhancement, cell));
  if (cells.length === 0) return [];
  const cover = coverOf(input, enhancement, cells);
  const groups = new Map<string, CollectiveCell[]>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.entityId, cell.kind, cell.currency]);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .flatMap(([, [first, ...others]]) => (first === undefined ? [] : [lineOf(input, cover, [first, ...others], individual)]));
}

function lineOf(
  input: ProvisionInput,
  cover: Cover,
  cells: readonly [CollectiveCell, ...CollectiveCell[]],
  individual: readonly IndividualLine[],
): ReimbursementLine {
  const [{ entityId, kind, currency }] = cells;
  const { enhancementId, debtorId } = cover.enhancement;
  const loss = cells.reduce((sum, cell) => sum.plus(lossOn(input, cell, cover, individual)), new Decimal(0));
  const amount = roundHalfUp(loss);
  return {
    ...{ enhancementId, debtorId, entityId, kind, currency, amount },
    gross: cells.reduce((sum, cell) => sum + cell.amount, 0n),
    insured: cells.reduce((sum, cell) => sum + (cover.byCell.get(cell) ?? 0n), 0n),
    presentationAmount: inPresentation(input, currency, amount),
  };
}

function lossOn(input: ProvisionInput, cell: CollectiveCell, cover: Cover, individual: readonly IndividualLine[]): Decimal {
  const insured = cover.byCell.get(cell) ?? 0n;
  if (!(input.individual as readonly CollectiveCell[]).includes(cell)) {
    const rates = ratesAt(measureOf(input, cell.kind), cell, input.asOf);
    if (rates === null) throw new Error(`Kind '${cell.kind}' has gross without a rate after the rates were checked.`);
    return reimbursedLoss(insured, rates.rate, cover.retained);
  }
  const line = individual.find(
    (each) =>
      each.debtorId === cell.debtorId &&
      each.entityId === cell.entityId &&
      each.kind === cell.kind &&
      each.segment === cell.segment &&
      each.currency === cell.currency,
  );
  if (line === undefined || line.gross === 0n) return new Decimal(0);
  return reimbursedLoss(insured, '1', cover.retained).times(line.allowance.toString()).div(line.gross.toString());
}
