import type { CloseFigures, CoverageCell, CoverageFigures } from '../close-figures';
import { coverageCells, totalOf } from '../close-figures';
import type { CoverageEffects } from '../coverage-effects';
import { coverageEffects, largestContributor } from '../coverage-effects';
import type { Evaluation, EvaluationInputs, FigureShift } from '../evaluation';
import { movementOf, reasonByThresholds, scopeLabels } from '../evaluation';
import { Ratio } from '../../values/ratio';
import type { AssessedPart, CoverageShift } from '../rule-definition';
import { amountText, bareAmount, direction, percent, points, pointsOfParts, printedChange } from '../wording';
import { coverageBridges } from './coverage-bridges';
import { debtorsInScope } from '../debtor-sums';
import { exitLevel, isBelowFloor, shiftLevel } from './materiality';

const SUBJECTS: Readonly<Record<AssessedPart, string>> = {
  all: 'Coverage',
  collective: 'Coverage of the collectively assessed',
  individual: 'Coverage of the individually assessed',
};

/**
 * Coverage, allowance / gross, moved by at least the entry threshold between a close and its base, in either direction, and by enough to matter where
 * the rule has floors.
 */
export function evaluateCoverageShift(rule: CoverageShift, close: CloseFigures, base: CloseFigures | null): Evaluation {
  const labels = scopeLabels(rule);
  const unmeasured = { labels, asOf: close.asOf, baseAsOf: base?.asOf ?? null };
  if (base === null) return { ...unmeasured, reason: 'no-base' };
  if (close.provision === null || base.provision === null) return { ...unmeasured, reason: 'no-provision' };
  const isForeign = (rule.materialityAmount ?? null) !== null && rule.materialityAmount?.currency !== close.currency;
  if (close.currency !== base.currency || isForeign) return { ...unmeasured, reason: 'currency-differs' };
  const before = coverageCells(base.provision, rule, rule.assessed);
  const after = coverageCells(close.provision, rule, rule.assessed);
  const totalBefore = totalOf(before);
  const totalAfter = totalOf(after);
  if (totalBefore.gross <= 0n || totalAfter.gross <= 0n) return { ...unmeasured, reason: 'nothing-owed' };
  const tooFew = fewDebtors(rule, close, base);
  if (tooFew !== null) return { ...unmeasured, reason: tooFew };

  const movement = movementOf(coverage(totalBefore), coverage(totalAfter));
  const effects = coverageEffects(before, after);
  return {
    labels,
    asOf: close.asOf,
    baseAsOf: base.asOf,
    reason: isMaterial(rule, movement, totalAfter)
      ? reasonByThresholds(shiftLevel(movement, rule), Ratio.ONE, exitLevel(rule))
      : 'immaterial',
    movement,
    subject: SUBJECTS[rule.assessed],
    cause: causeOf(SUBJECTS[rule.assessed], movement, effects, { close, totalAfter, base, totalBefore }),
    inputs: inputsOf(close.currency, { before, totalBefore, after, totalAfter, effects }),
    bridges: coverageBridges({ subject: SUBJECTS[rule.assessed], currency: close.currency, movement, effects, before, after }),
    part: { kinds: rule.kinds, segment: rule.segment, assessed: rule.assessed, aged: null },
  };
}

function fewDebtors(rule: CoverageShift, close: CloseFigures, base: CloseFigures): 'too-few-debtors' | 'debtors-not-counted' | null {
  const minimum = rule.minimumDebtors ?? 0;
  if (minimum <= 1) return null;
  const counts = [close, base].map((each) => debtorsInScope(each, rule, rule.assessed));
  if (counts.some((count) => count === null)) return 'debtors-not-counted';
  return counts.every((count) => count !== null && count >= minimum) ? null : 'too-few-debtors';
}

/** |change| x closing gross against the rule's share of the closing allowance, and against its floor in currency. */
function isMaterial(rule: CoverageShift, movement: FigureShift, after: CoverageFigures): boolean {
  const effect = movement.change.times(Ratio.of(after.gross)).absolute();
  const floor = Ratio.parse(rule.materiality ?? '0').times(Ratio.of(after.allowance));
  return effect.compare(floor) >= 0 && !isBelowFloor(rule.materialityAmount, effect);
}

function causeOf(
  subject: string,
  movement: FigureShift,
  effects: CoverageEffects,
  {
    close,
    totalAfter,
    base,
    totalBefore,
  }: { close: CloseFigures; totalAfter: CoverageFigures; base: CloseFigures; totalBefore: CoverageFigures },
): string {
  const [mix = '', rate = ''] = pointsOfParts([effects.mix, effects.rate], printedChange(movement));
  const part = effects.mix.absolute().compare(effects.rate.absolute()) >= 0 ? 'mix' : 'rate';
  const main = largestContributor(effects, part);
  const contributor = main === undefined ? '' : `, most of all ${main.name} (${points(main.effect)})`;
  const explained = { mix: `the mix of the book moved it by ${mix}`, rate: `loss rates moved it by ${rate}` };
  const [first, second] = part === 'mix' ? [explained.mix, explained.rate] : [explained.rate, explained.mix];
  const from = `${percent(movement.before)} (${amountText(totalBefore.allowance, base.currency)} of ${bareAmount(totalBefore.gross, base.currency)}) at ${base.asOf}`;
  const to = `${percent(movement.after)} (${amountText(totalAfter.allowance, close.currency)} of ${bareAmount(totalAfter.gross, close.currency)}) at ${close.asOf}`;
  return `${subject} ${direction(movement.change)} from ${from} to ${to}: ${first}${contributor}; ${second}`;
}

function inputsOf(
  currency: string,
  {
    before,
    totalBefore,
    after,
    totalAfter,
    effects,
  }: {
    before: readonly CoverageCell[];
    totalBefore: CoverageFigures;
    after: readonly CoverageCell[];
    totalAfter: CoverageFigures;
    effects: CoverageEffects;
  },
): EvaluationInputs {
  return {
    currency,
    before: { ...texts(totalBefore), cells: before.map(cellTexts) },
    after: { ...texts(totalAfter), cells: after.map(cellTexts) },
    mixEffect: effects.mix.toDecimal(),
    rateEffect: effects.rate.toDecimal(),
    effects: effects.cells.map(({ kind, segment, name, mix, rate }) => ({
      kind,
      segment,
      name,
      mix: mix.toDecimal(),
      rate: rate.toDecimal(),
    })),
  };
}

function texts({ gross, allowance }: CoverageFigures): { gross: string; allowance: string } {
  return { gross: gross.toString(), allowance: allowance.toString() };
}

function cellTexts({ kind, segment, name, ...figures }: CoverageCell): EvaluationInputs {
  return { kind, segment, name, ...texts(figures) };
}

function coverage({ gross, allowance }: CoverageFigures): Ratio {
  return Ratio.of(allowance, gross);
}
