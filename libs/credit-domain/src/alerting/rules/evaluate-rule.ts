import type { CloseFigures } from '../close-figures';
import { baseDate } from '../comparison-base';
import type { Evaluation } from '../evaluation';
import type { RuleDefinition } from '../rule-definition';
import { evaluateAgeingShareShift } from './ageing-share-shift.rule';
import { evaluateCoverageShift } from './coverage-shift.rule';
import { evaluateLossRateShift } from './loss-rate-shift.rule';

/** Evaluates a rule on a close against the base the rule names, found among all closes of the book. */
export function evaluateRule(definition: RuleDefinition, close: CloseFigures, closes: readonly CloseFigures[]): Evaluation[] {
  const date = baseDate(
    definition.base,
    close.asOf,
    closes.map(({ asOf }) => asOf),
  );
  const base = closes.find(({ asOf }) => asOf === date) ?? null;
  switch (definition.type) {
    case 'ageing-share-shift':
      return [evaluateAgeingShareShift(definition, close, base)];
    case 'coverage-shift':
      return [evaluateCoverageShift(definition, close, base)];
    case 'loss-rate-shift':
      return evaluateLossRateShift(definition, close, base);
  }
}
