import type { CloseFigures, CloseProvision, MatrixCell } from '../close-figures';
import { inScope } from '../close-figures';
import type { Evaluation, MeasuredEvaluation } from '../evaluation';
import { movementOf, reasonByThresholds, scopeLabels } from '../evaluation';
import { Ratio } from '../exact-ratio';
import type { AlertLabels, LossRateShift } from '../rule-definition';
import { amountText, direction, percent, points } from '../wording';

/**
 * The loss rate applied to a bucket moved by at least the entry threshold, in either direction, and by enough to matter: |change| x closing gross
 * is at least the rule's share of the closing allowance of its kinds, individual assessments included (policy "Measures"). One evaluation, hence
 * one alert, for every kind, segment and bucket; a single one for the rule when there is nothing to compare.
 */
export function evaluateLossRateShift(rule: LossRateShift, close: CloseFigures, base: CloseFigures | null): Evaluation[] {
  const unmeasured = { labels: scopeLabels(rule), asOf: close.asOf, baseAsOf: base?.asOf ?? null };
  if (base === null) return [{ ...unmeasured, reason: 'no-base' }];
  if (close.provision === null || base.provision === null) return [{ ...unmeasured, reason: 'no-provision' }];
  if (close.currency !== base.currency) return [{ ...unmeasured, reason: 'currency-differs' }];
  const { provision } = close;
  const cellsBefore = new Map(cellsOf(rule, base.provision).map((cell) => [keyOf(cell), cell]));
  const evaluations = cellsOf(rule, provision).flatMap((cell): Evaluation[] => {
    const cellBefore = cellsBefore.get(keyOf(cell));
    if (cellBefore === undefined) return [];
    return [evaluateCell(rule, { cell, close, provision }, { cell: cellBefore, base })];
  });
  return evaluations.length === 0 ? [{ ...unmeasured, reason: 'nothing-owed' }] : evaluations;
}

function evaluateCell(
  rule: LossRateShift,
  { cell, close, provision }: { cell: MatrixCell; close: CloseFigures; provision: CloseProvision },
  { cell: cellBefore, base }: { cell: MatrixCell; base: CloseFigures },
): MeasuredEvaluation {
  const movement = movementOf(Ratio.parse(cellBefore.rate), Ratio.parse(cell.rate));
  const effect = movement.change.times(Ratio.of(cell.gross, 1n));
  const allowance = allowanceOf(rule, provision);
  const floor = Ratio.parse(rule.materiality).times(Ratio.of(allowance, 1n));
  const isMaterial = cell.gross > 0n && effect.absolute().compare(floor) >= 0;
  const subject = `Loss rate of ${cell.bucket}${cell.segment === '' ? '' : `, ${cell.segment}`}`;
  const inMoney = amountText(effect.toUnits(0), close.currency);
  return {
    labels: labelsOf(cell),
    asOf: close.asOf,
    baseAsOf: base.asOf,
    reason: isMaterial ? reasonByThresholds(movement.change.absolute(), Ratio.parse(rule.enter), Ratio.parse(rule.exit)) : 'immaterial',
    movement,
    subject,
    cause:
      `${subject} ${direction(movement.change)} from ${percent(movement.before)} at ${base.asOf} to ${percent(movement.after)} at ${close.asOf} ` +
      `(${points(movement.change)}): on ${amountText(cell.gross, close.currency)} gross that is ${inMoney} of allowance`,
    inputs: {
      currency: close.currency,
      rateBefore: cellBefore.rate,
      rateAfter: cell.rate,
      gross: cell.gross.toString(),
      effect: effect.toUnits(0).toString(),
      allowance: allowance.toString(),
      materiality: rule.materiality,
    },
  };
}

function cellsOf(rule: LossRateShift, provision: CloseProvision): MatrixCell[] {
  return provision.cells.filter((cell) => inScope(rule, cell) && (rule.bucket === null || rule.bucket === cell.bucket));
}

/** The closing allowance of the kinds the rule looks at: what a change has to be compared with to matter. */
function allowanceOf(rule: LossRateShift, provision: CloseProvision): bigint {
  return provision.kinds
    .filter(({ kind }) => rule.kinds === null || rule.kinds.includes(kind))
    .reduce((sum, { collective, individual }) => sum + collective.allowance + individual.allowance, 0n);
}

function labelsOf(cell: MatrixCell): AlertLabels {
  return { kind: cell.kind, segment: cell.segment, bucket: cell.bucket };
}

function keyOf(cell: MatrixCell): string {
  return JSON.stringify([cell.kind, cell.segment, cell.bucket]);
}
