import type {
  ExchangeRate,
  IndividualWarning,
  LineAmounts,
  MeasuredOutcome,
  MeasuredRates,
  ProvisionFigures,
  ProvisionInput,
  ProvisionResult,
} from '@app/credit-domain';
import { Decimal, ENGINE_VERSION, formatRate } from '@app/credit-domain';
import type { ProvisionOutput } from './calculate-provision';

const FX_RATE_DECIMALS = 18;

/** The result in event form: minor units as text. */
export function resultData(result: ProvisionResult): Omit<ProvisionOutput, 'currency' | 'inputs'> {
  return {
    collective: result.collective.map((line) => ({ ...line, ...ratesData(line), ...amountsData(line) })),
    staged: result.staged.map((line) => ({ ...line, ...ratesData(line), ...amountsData(line) })),
    individual: result.individual.map((line) => ({
      ...line,
      ...amountsData(line),
      matrixAllowance: line.matrixAllowance?.toString() ?? null,
      presentationMatrixAllowance: line.presentationMatrixAllowance?.toString() ?? null,
      warnings: [...line.warnings],
    })),
    individualAgeing: result.individualAgeing.map((age) => ({
      ...age,
      gross: age.gross.toString(),
      presentationGross: age.presentationGross.toString(),
    })),
    overlays: result.overlays.map((line) => ({
      ...line,
      approvedAmount: line.approvedAmount.toString(),
      amount: line.amount.toString(),
      presentationAmount: line.presentationAmount.toString(),
      presentationGross: line.presentationGross.toString(),
    })),
    reimbursements: result.reimbursements.map((line) => ({
      ...line,
      gross: line.gross.toString(),
      insured: line.insured.toString(),
      amount: line.amount.toString(),
      presentationAmount: line.presentationAmount.toString(),
    })),
    shares: result.shares.map((share) => ({
      ...share,
      ...amountsData(share),
      presentationOverlay: share.presentationOverlay.toString(),
    })),
    carryingByCurrency: result.carryingByCurrency.map((row) => ({
      ...row,
      ...amountsData(row),
      presentationOverlay: row.presentationOverlay.toString(),
    })),
    totals: result.totals.map(({ kind, ...figures }) => ({ kind, ...figuresData(figures) })),
    total: figuresData(result.total),
    warnings: [...result.warnings, ...individualWarnings(result)],
  };
}

/** Every policy the figures rest on, by id. */
export function inputsData(input: ProvisionInput, { result, measure }: Extract<MeasuredOutcome, { ok: true }>): ProvisionOutput['inputs'] {
  const named = new Set(input.collective.filter(({ amount }) => amount !== 0n).map(({ debtorId }) => debtorId));
  const enhancementIds = sorted([...measure.covers.keys(), ...result.reimbursements.map(({ enhancementId }) => enhancementId)]);
  const used = new Set([...result.collective, ...result.staged, ...result.individual, ...result.overlays].map((line) => line.currency));
  for (const currency of scenarioCurrencies(input, result)) used.add(currency);
  for (const { enhancementId, currency } of input.enhancements) if (enhancementIds.includes(enhancementId)) used.add(currency);
  const rates = [...input.closingRates.values()];
  return {
    engineVersion: ENGINE_VERSION,
    matrices: input.measures.flatMap((kind) =>
      kind.approach === 'matrix' ? [{ kind: kind.kind, scheme: kind.scheme, lossRateSetId: kind.lossRateSet?.setId ?? null }] : [],
    ),
    stagings: input.measures.flatMap((kind) =>
      kind.approach === 'stages' ? [{ kind: kind.kind, scheme: kind.scheme, policyId: kind.policy.policyId }] : [],
    ),
    stageAssignmentIds: sorted(
      input.measures.flatMap((kind) =>
        kind.approach === 'stages'
          ? kind.placements.flatMap(({ debtorId, assignmentId }) => (named.has(debtorId) && assignmentId !== null ? [assignmentId] : []))
          : [],
      ),
    ),
    forwardLooking: input.measures.flatMap(({ kind, forwardLooking }) =>
      forwardLooking === null ? [] : [{ kind, setId: forwardLooking.setId }],
    ),
    overlayIds: sorted(result.overlays.map(({ overlayId }) => overlayId)),
    enhancementIds,
    assessmentIds: sorted(result.individual.map(({ assessmentId }) => assessmentId)),
    fxRates: rates.filter(({ from }) => used.has(from) && from !== input.currency).map(fxRateUsed),
  };
}

/** Currencies that expected cash flows were translated from: the loss rests on their rates although no line is in them. */
function scenarioCurrencies({ assessments }: ProvisionInput, { individual }: ProvisionResult): string[] {
  const currencyOf = new Map(assessments.map(({ assessmentId, scenarioCurrency }) => [assessmentId, scenarioCurrency]));
  return individual.flatMap(({ assessmentId, currency }) => {
    const scenario = currencyOf.get(assessmentId) ?? null;
    return scenario === null || scenario === currency ? [] : [scenario];
  });
}

function sorted(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort();
}

function fxRateUsed({ from, numerator, denominator, path }: ExchangeRate): ProvisionOutput['inputs']['fxRates'][number] {
  const rate = new Decimal(numerator.toString()).div(denominator.toString()).toDecimalPlaces(FX_RATE_DECIMALS);
  return { currency: from, rate: formatRate(rate), path: [...path] };
}

type AmountsData = Record<Exclude<keyof LineAmounts, 'currency'>, string>;

function amountsData(line: LineAmounts): AmountsData {
  return {
    gross: line.gross.toString(),
    allowance: line.allowance.toString(),
    presentationGross: line.presentationGross.toString(),
    presentationAllowance: line.presentationAllowance.toString(),
  };
}

function ratesData({ insured }: MeasuredRates): { insured: string } {
  return { insured: insured.toString() };
}

function figuresData({ gross, allowance, collective, staged, individual, overlays }: ProvisionFigures): ProvisionOutput['total'] {
  const part = (sums: { gross: bigint; allowance: bigint }): { gross: string; allowance: string } => ({
    gross: sums.gross.toString(),
    allowance: sums.allowance.toString(),
  });
  return {
    ...part({ gross, allowance }),
    ...{ collective: part(collective), staged: part(staged), individual: part(individual), overlays: overlays.toString() },
  };
}

/** Each line carries its own warnings; the run says that there are some. */
function individualWarnings({ individual }: ProvisionResult): ProvisionOutput['warnings'] {
  const count = (warning: IndividualWarning): string => String(individual.filter(({ warnings }) => warnings.includes(warning)).length);
  const found: ProvisionOutput['warnings'] = [];
  if (count('below-matrix') !== '0') {
    found.push({ code: 'individual-below-matrix', detail: `Individual allowances below what the matrix gives: ${count('below-matrix')}.` });
  }
  if (count('review-due') !== '0') {
    found.push({ code: 'review-due', detail: `Individual assessments past their end date: ${count('review-due')}.` });
  }
  return found;
}
