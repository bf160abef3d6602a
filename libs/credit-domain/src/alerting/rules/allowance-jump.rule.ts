import type { CloseFigures, CoverageCell } from '../close-figures';
import { coverageCells, totalOf } from '../close-figures';
import type { Evaluation } from '../evaluation';
import { movementOf, reasonByThresholds, scopeLabels } from '../evaluation';
import { Ratio } from '../../values/ratio';
import type { AllowanceJump, AssessedPart } from '../rule-definition';
import { amountText, bareAmount, direction, percent } from '../wording';
import { allowanceBridge } from './coverage-bridges';
import { isBelowFloor } from './materiality';

const SUBJECTS: Readonly<Record<AssessedPart, string>> = {
  all: 'Allowance',
  collective: 'Allowance of the collectively assessed',
  individual: 'Allowance of the individually assessed',
};

/**
 * The allowance of matrix, stages and individual assessments moved between a close and its base by the fraction `enter` of what it was, and by the
 * floor in currency, in either direction. Overlays are amounts people sign by themselves and are not in it.
 */
export function evaluateAllowanceJump(rule: AllowanceJump, close: CloseFigures, base: CloseFigures | null): Evaluation {
  const labels = scopeLabels(rule);
  const unmeasured = { labels, asOf: close.asOf, baseAsOf: base?.asOf ?? null };
  if (base === null) return { ...unmeasured, reason: 'no-base' };
  if (close.provision === null || base.provision === null) return { ...unmeasured, reason: 'no-provision' };
  const isForeign = rule.materialityAmount !== null && rule.materialityAmount.currency !== close.currency;
  if (close.currency !== base.currency || isForeign) return { ...unmeasured, reason: 'currency-differs' };
  const [before, after] = [coverageCells(base.provision, rule, rule.assessed), coverageCells(close.provision, rule, rule.assessed)];
  const [opening, closing] = [totalOf(before), totalOf(after)];
  if (opening.allowance <= 0n) return { ...unmeasured, reason: 'nothing-owed' };

  const subject = SUBJECTS[rule.assessed];
  const movement = movementOf(Ratio.of(opening.allowance), Ratio.of(closing.allowance), 'minor-units');
  const relative = movement.change.absolute().dividedBy(movement.before);
  const bridge = allowanceBridge(subject, close.currency, before, after);
  const largest = bridge.legs.reduce<(typeof bridge.legs)[number] | null>(
    (best, leg) => (best === null || leg.amount.absolute().exceeds(best.amount.absolute()) ? leg : best),
    null,
  );
  return {
    labels,
    asOf: close.asOf,
    baseAsOf: base.asOf,
    reason: isBelowFloor(rule.materialityAmount, movement.change)
      ? 'immaterial'
      : reasonByThresholds(relative, Ratio.parse(rule.enter), Ratio.parse(rule.exit)),
    movement,
    subject,
    cause:
      `${subject} ${direction(movement.change)} by ${percent(relative)}, from ${amountText(opening.allowance, close.currency)} at ${base.asOf} to ` +
      `${bareAmount(closing.allowance, close.currency)} at ${close.asOf}` +
      (largest === null ? '' : `: most of all ${largest.cause} (${bareAmount(largest.amount.toUnits(0), close.currency)})`),
    inputs: {
      currency: close.currency,
      before: opening.allowance.toString(),
      after: closing.allowance.toString(),
      relative: relative.toDecimal(),
      floor: rule.materialityAmount === null ? null : { ...rule.materialityAmount },
      cells: { before: before.map(cellTexts), after: after.map(cellTexts) },
    },
    bridges: [bridge],
    part: { kinds: rule.kinds, segment: rule.segment, assessed: rule.assessed, aged: null },
  };
}

function cellTexts({ kind, segment, name, gross, allowance }: CoverageCell): Record<string, string | null> {
  return { kind, segment, name, gross: gross.toString(), allowance: allowance.toString() };
}
