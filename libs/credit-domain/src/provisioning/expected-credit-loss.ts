import { enhancementsInForce, integralCoverOf, isEnhanced } from './credit-enhancement';
import { pointsTheWrongWay } from './forward-looking';
import { individualAgeing, individualLoss } from './individual-loss';
import { bucketLabel, provisionMeasure, ratesAt, type ProvisionMeasure } from './measure';
import { assignmentsBelowDaysPastDue, measuredLines } from './measured-lines';
import { mergeCells } from './merge-cells';
import { byCodeUnit } from './order';
import { applyOverlays, overlaysInForce } from './overlay';
import type { CollectiveCell, ProvisionInput, ProvisionOutcome, ProvisionProblem, ProvisionWarning } from './provision';
import { reimbursementLines } from './reimbursement';
import { fxRateMissing, measureOf } from './run-lines';
import { assertSums, carryingByCurrency, figuresOf, sharesOf } from './run-totals';
import type { LineUnit } from './spread';

/** Changes when the same inputs could give other figures; it is part of every run's hash. */
export const ENGINE_VERSION = '2';

/** What a run records (`result`), and what explaining it receivable by receivable needs besides. */
export type MeasuredOutcome =
  | (Extract<ProvisionOutcome, { ok: true }> & { readonly measure: ProvisionMeasure; readonly units: readonly LineUnit[] })
  | Extract<ProvisionOutcome, { ok: false }>;

/**
 * Expected credit losses at asOf: by the simplified approach (IFRS 9 5.5.15, B5.5.35) gross x loss rate for each line of a matrix, by the
 * general approach (5.5.3, 5.5.5) gross x loss rate of the stage, and the debtor's own measurement for those carved out of either. Scenarios
 * move rates (`forward-looking.ts`), integral cover lowers allowances (`credit-enhancement.ts`), overlays stand beside them (`overlay.ts`).
 * Each allowance is rounded once, half up, to the minor unit of the line's currency and held between 0 and the gross; gross and allowance
 * are each translated once at the closing rate, and totals are the sums of the translated lines and overlays.
 *
 * A missing loss rate, stage parameter or exchange rate is answered as a problem naming every one of them, never as a zero. Throws only
 * when the cells themselves are impossible (gross below zero, a carved-out debtor without an assessment).
 */
export function expectedCreditLoss(given: ProvisionInput): MeasuredOutcome {
  const input = { ...given, collective: mergeCells(given.collective), individual: mergeCells(given.individual) };
  const problem = missingClosingRates(input) ?? missingRates(input, 'matrix') ?? missingRates(input, 'stages');
  if (problem !== null) return { ok: false, problem };
  const measure = provisionMeasure(input);
  const measured = measuredLines(input, measure);
  const individual = individualLoss(input);
  if (!individual.ok) return individual;
  const overlays = applyOverlays(input, [...measured.units, ...individual.units]);
  const sides = { collective: measured.collective, staged: measured.staged, individual: individual.lines, overlays: overlays.lines };
  const totals = input.measures.map(({ kind }) => ({ kind, ...figuresOf(sides, kind) }));
  const result = {
    ...sides,
    individualAgeing: individualAgeing(input),
    reimbursements: reimbursementLines(input, individual.lines),
    shares: sharesOf(input, overlays.units),
    carryingByCurrency: carryingByCurrency(input, overlays.units),
    totals,
    total: figuresOf(sides, null),
    warnings: [...warningsOf(input), ...overlays.warnings],
  };
  assertSums(input, result);
  return { ok: true, result, measure, units: overlays.units };
}

/** Currencies the figures need: of the claims, and of whatever has an amount of its own. */
function missingClosingRates(input: ProvisionInput): ProvisionProblem | null {
  const needed = new Set<string>();
  const cells = [...input.collective, ...input.individual].filter(({ amount }) => amount !== 0n);
  for (const { currency } of cells) needed.add(currency);
  for (const { currency } of overlaysInForce(input)) needed.add(currency);
  for (const enhancement of enhancementsInForce(input)) {
    const covered = cells.filter((cell) => isEnhanced(enhancement, cell));
    if (covered.some(({ currency }) => currency !== enhancement.currency)) needed.add(enhancement.currency);
  }
  const missing = [...needed].filter((currency) => !input.closingRates.has(currency));
  return missing.length === 0 ? null : fxRateMissing(missing.sort(byCodeUnit), input.currency, input.asOf);
}

const MISSING = {
  matrix: { code: 'loss-rate-missing', what: 'loss rate', place: 'bucket' },
  stages: { code: 'stage-parameters-missing', what: 'stage parameters', place: 'class' },
} as const;

function missingRates(input: ProvisionInput, approach: 'matrix' | 'stages'): ProvisionProblem | null {
  const { code, what, place } = MISSING[approach];
  const missing = new Map<string, { code: string; kind: string; segment: string; named: string }>();
  for (const cell of input.collective) {
    if (cell.amount === 0n) continue;
    const measure = measureOf(input, cell.kind);
    if (measure.approach !== approach || ratesAt(measure, cell, input.asOf) !== null) continue;
    const named = approach === 'matrix' ? bucketLabel(measure, cell.bucket) : cell.class;
    missing.set(JSON.stringify([cell.kind, cell.segment, named]), { code, kind: cell.kind, segment: cell.segment, named });
  }
  const errors = [...missing.entries()].sort(([a], [b]) => byCodeUnit(a, b)).map(([, error]) => error);
  const [first] = errors;
  if (first === undefined) return null;
  const others = errors.length > 1 ? ` and ${String(errors.length - 1)} more` : '';
  const policy = approach === 'matrix' ? `No approved ${what} is` : `No approved ${what} are`;
  return {
    code,
    detail: `${policy} in force on ${input.asOf} for kind '${first.kind}', segment '${first.segment}', ${place} '${first.named}'${others}.`,
    errors: errors.map(({ named, ...error }) => ({ ...error, [place]: named })),
  };
}

function warningsOf(input: ProvisionInput): ProvisionWarning[] {
  const warnings: ProvisionWarning[] = [];
  for (const { kind, forwardLooking } of input.measures) {
    if (forwardLooking === null || !pointsTheWrongWay(forwardLooking)) continue;
    const detail = `Scenarios '${forwardLooking.setId}' of kind '${kind}' lower the losses although their driver has worsened (B5.5.52).`;
    warnings.push({ code: 'forward-looking-direction', detail });
  }
  const staged = (kind: string) => {
    const measure = measureOf(input, kind);
    return measure.approach === 'stages' ? measure : null;
  };
  for (const assignmentId of assignmentsBelowDaysPastDue(input, staged)) {
    const detail = `Assignment '${assignmentId}' puts a debtor below the stage its days past due say; the days hold.`;
    warnings.push({ code: 'stage-assignment-below-days-past-due', detail });
  }
  return [...warnings, ...enhancementWarnings(input)];
}

/** Integral cover that lowers nothing, and why. */
function enhancementWarnings(input: ProvisionInput): ProvisionWarning[] {
  const inForce = enhancementsInForce(input).filter(({ integral }) => integral);
  const warnings: ProvisionWarning[] = [];
  const warn = (detail: string): void => {
    warnings.push({ code: 'enhancement-not-applied', detail });
  };
  for (const enhancement of inForce) {
    const { enhancementId, debtorId } = enhancement;
    const isInScope = (cell: CollectiveCell): boolean => cell.amount !== 0n && isEnhanced(enhancement, cell);
    const who = `Enhancement '${enhancementId}' of debtor '${debtorId}'`;
    if (input.individual.some(isInScope)) warn(`${who} meets an individual assessment: the assessment counts it, not the run.`);
    const pooled = input.collective.filter(isInScope);
    const isUsed = pooled.some((cell) => integralCoverOf(inForce, cell) === enhancement);
    if (pooled.length > 0 && !isUsed) warn(`${who} gives way to a later one on every claim: a claim has one integral cover.`);
  }
  return warnings;
}
