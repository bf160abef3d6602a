import { addYears, localDate } from '../../values/local-date';
import type { CloseFigures } from '../close-figures';
import { baseDate } from '../comparison-base';
import type { Evaluation } from '../evaluation';
import type { CloseRuleDefinition, ComparisonBase } from '../rule-definition';
import { evaluateAgeingMixShift } from './ageing-mix-shift.rule';
import { evaluateAgeingShareShift } from './ageing-share-shift.rule';
import { evaluateAllowanceJump } from './allowance-jump.rule';
import { evaluateConcentration } from './concentration.rule';
import { evaluateCoverageShift } from './coverage-shift.rule';
import { evaluateLossRateShift } from './loss-rate-shift.rule';
import { evaluateRollRateDrift } from './roll-rate-drift.rule';

/** A book that is closed once a year or once in all may be closed monthly from now on. */
const LOOKS_PER_YEAR_MIN = 12;

/**
 * Evaluates a rule on a close against the base the rule names, found among all closes of the book, or among the figures of its sealed runs. Both lists
 * hold one entry a date, in any order.
 */
export function evaluateRule(
  definition: CloseRuleDefinition,
  close: CloseFigures,
  closes: readonly CloseFigures[],
  sealedRuns: readonly CloseFigures[] = [],
): Evaluation[] {
  const base = baseOf(definition.base, close, closes, sealedRuns);
  switch (definition.type) {
    case 'ageing-share-shift':
      return [evaluateAgeingShareShift(definition, close, base)];
    case 'coverage-shift':
      return [evaluateCoverageShift(definition, close, base)];
    case 'loss-rate-shift':
      return evaluateLossRateShift(definition, close, base);
    case 'ageing-mix-shift':
      return [evaluateAgeingMixShift(definition, close, base, looksPerYear(close, closes))];
    case 'roll-rate-drift':
      return evaluateRollRateDrift(definition, close, closes);
    case 'allowance-jump':
      return [evaluateAllowanceJump(definition, close, base)];
    case 'concentration':
      return [evaluateConcentration(definition, close, base)];
  }
}

function baseOf(
  base: ComparisonBase,
  { asOf }: CloseFigures,
  closes: readonly CloseFigures[],
  sealedRuns: readonly CloseFigures[],
): CloseFigures | null {
  const candidates = base === 'last-sealed-run' ? sealedRuns : closes;
  const date = baseDate(
    base,
    asOf,
    candidates.map((candidate) => candidate.asOf),
  );
  return candidates.find((candidate) => candidate.asOf === date) ?? null;
}

/** How often the book was closed in the year up to the close: each close is a chance of a false alarm. */
function looksPerYear({ asOf }: CloseFigures, closes: readonly CloseFigures[]): number {
  const yearBefore = addYears(localDate(asOf), -1);
  const looks = closes.filter((close) => close.asOf > yearBefore && close.asOf <= asOf).length;
  return Math.max(LOOKS_PER_YEAR_MIN, looks);
}
