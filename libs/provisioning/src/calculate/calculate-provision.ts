import type {
  ApprovedLossRateSet,
  CollectiveCell,
  ExchangeRate,
  IndividualCell,
  IndividualWarning,
  KindMatrix,
  ProvisionFigures,
  ProvisionResult,
} from '@app/credit-domain';
import {
  assessmentInForce,
  builtInScheme,
  Decimal,
  ENGINE_VERSION,
  expectedCreditLoss,
  formatRate,
  KINDS_WITH_ECL,
  lossRateSetInForce,
} from '@app/credit-domain';
import type { ExposureCell } from '@app/receivables';
import type { ProvisionRunCompletedData } from '../events';
import type { ProvisionPolicy } from '../policy/read-policy';
import type { BookReading } from './book-reading';
import { attempt, type Attempt } from './problem';

/** The scheme of a kind without an approved rate set: its individual assessments still need buckets. */
export const DEFAULT_SCHEME = 'months-6-12-24-36-48';
/** Kinds that will be measured by stages (IFRS 9 5.5.3); until then they take a matrix where one is approved and are named where none is. */
const KINDS_OF_THE_GENERAL_APPROACH: readonly string[] = ['other', 'long_term'];
const FX_RATE_DECIMALS = 18;

export interface ProvisionRequest {
  readonly kinds: readonly string[] | null;
  readonly scheme: string | null;
  readonly currency: string | null;
}

/** The result part of a completed run, in event form. */
export type ProvisionOutput = Pick<
  ProvisionRunCompletedData,
  'currency' | 'inputs' | 'collective' | 'individual' | 'totals' | 'total' | 'warnings'
>;

interface KindPlan {
  readonly matrix: KindMatrix;
  readonly lossRateSet: ApprovedLossRateSet | null;
  readonly cells: readonly ExposureCell[];
}

/**
 * Gathers what the rules need at the reading's (asOf, position) and applies them. The same reading and policy always give the same
 * output, which is what verifying a run later rests on.
 */
export function calculateProvision(
  book: BookReading,
  policy: ProvisionPolicy,
  request: ProvisionRequest,
): Promise<Attempt<ProvisionOutput>> {
  return attempt(async () => {
    const currency = await book.presentationCurrency(request.currency);
    const warnings: ProvisionOutput['warnings'] = [];
    const plans: KindPlan[] = [];
    for (const kind of KINDS_WITH_ECL) {
      if (request.kinds !== null && !request.kinds.includes(kind)) continue;
      const plan = await planOf(book, policy, request, kind);
      if (request.kinds === null && plan.cells.every(({ amount }) => amount === 0n)) continue;
      plans.push(leaveOutIfUnmeasured(plan, request, warnings));
    }
    const individual = await individualCells(book, policy, plans);
    const collective = plans.flatMap(({ cells }) => cells.filter(({ assessed }) => !assessed).map(collectiveCell));
    const currencies = [...collective, ...individual].filter(({ amount }) => amount !== 0n).map((cell) => cell.currency);
    const scenarioCurrencies = policy.assessments.flatMap(({ scenarioCurrency }) => scenarioCurrency ?? []);
    const closingRates = await book.closingRates([...currencies, ...scenarioCurrencies], currency);
    const outcome = expectedCreditLoss({
      asOf: book.asOf,
      currency,
      matrices: plans.map(({ matrix }) => matrix),
      collective,
      individual,
      assessments: policy.assessments,
      closingRates,
    });
    if (!outcome.ok) {
      const { code, detail, errors } = outcome.problem;
      return { ok: false, problem: { code, detail, errors: errors.map((error) => ({ ...error })) } };
    }
    const { result } = outcome;
    const used = new Set([...result.collective, ...result.individual].map((line) => line.currency));
    return {
      ok: true,
      value: {
        currency,
        inputs: {
          engineVersion: ENGINE_VERSION,
          matrices: plans.map(({ matrix, lossRateSet }) => ({
            kind: matrix.kind,
            scheme: matrix.scheme,
            lossRateSetId: lossRateSet?.setId ?? null,
          })),
          assessmentIds: [...new Set(result.individual.map(({ assessmentId }) => assessmentId))].sort(),
          fxRates: [...closingRates.values()].filter(({ from }) => used.has(from) && from !== currency).map(fxRateUsed),
        },
        ...resultData(result),
        warnings: [...warnings, ...individualWarnings(result)],
      },
    };
  });
}

async function planOf(book: BookReading, policy: ProvisionPolicy, request: ProvisionRequest, kind: string): Promise<KindPlan> {
  const lossRateSet = lossRateSetInForce(policy.lossRateSets, { kind, asOf: book.asOf, scheme: request.scheme });
  const schemeId = request.scheme ?? lossRateSet?.scheme ?? DEFAULT_SCHEME;
  const scheme = builtInScheme(schemeId) ?? (await book.scheme(schemeId));
  const bucketLabels = scheme.buckets.map(({ label }) => label);
  const cells = (await book.exposure(scheme)).filter((cell) => cell.kind === kind);
  return { matrix: { kind, scheme: scheme.id, bucketLabels, lossRateSet }, lossRateSet, cells };
}

/** Collective claims of the general approach without a matrix are left out of a run that did not ask for them, and said to be. */
function leaveOutIfUnmeasured(plan: KindPlan, request: ProvisionRequest, warnings: ProvisionOutput['warnings']): KindPlan {
  const { kind } = plan.matrix;
  const unmeasured = plan.cells.filter(({ assessed, amount }) => !assessed && amount !== 0n);
  const leaveOut =
    request.kinds === null && plan.lossRateSet === null && KINDS_OF_THE_GENERAL_APPROACH.includes(kind) && unmeasured.length > 0;
  if (!leaveOut) return plan;
  warnings.push({
    code: 'kind-left-out',
    detail: `Kind '${kind}' has exposure that is not assessed individually and no approved loss-rate set, so it is not in this run.`,
  });
  return { ...plan, cells: plan.cells.filter(({ assessed }) => assessed) };
}

/** Every debtor carved out on asOf, with a cross-check against the pools: nobody may fall between the matrix and the assessments. */
async function individualCells(book: BookReading, policy: ProvisionPolicy, plans: readonly KindPlan[]): Promise<IndividualCell[]> {
  const debtorIds = [
    ...new Set(policy.assessments.filter(({ effectiveOn }) => effectiveOn <= book.asOf).map(({ debtorId }) => debtorId)),
  ].sort();
  const cells: IndividualCell[] = [];
  for (const schemeId of new Set(plans.map(({ matrix }) => matrix.scheme))) {
    const scheme = builtInScheme(schemeId) ?? (await book.scheme(schemeId));
    const kinds = plans.filter(({ matrix }) => matrix.scheme === schemeId).map(({ matrix }) => matrix.kind);
    for (const cell of await book.assessedExposure(scheme, debtorIds)) {
      if (!cell.assessed || !kinds.includes(cell.kind) || cell.amount === 0n) continue;
      const { debtorId, entityId, kind } = cell;
      if (assessmentInForce(policy.assessments, { debtorId, entityId, kind, asOf: book.asOf }) === null) {
        throw new Error(`Debtor '${debtorId}' stands in an assessed pool of '${kind}' on ${book.asOf} without an approved assessment.`);
      }
      cells.push({ ...collectiveCell(cell), debtorId });
    }
  }
  for (const { matrix, cells: pools } of plans) {
    const inPools = sumOf(pools.filter(({ assessed }) => assessed));
    const byDebtor = sumOf(cells.filter(({ kind }) => kind === matrix.kind));
    if (inPools !== byDebtor) {
      throw new Error(`Assessed pools of '${matrix.kind}' hold ${String(inPools)} on ${book.asOf}, their debtors ${String(byDebtor)}.`);
    }
  }
  return cells;
}

function collectiveCell({ entityId, kind, segment, currency, bucket, amount }: ExposureCell): CollectiveCell {
  return { entityId, kind, segment, currency, bucket, amount };
}

function sumOf(cells: readonly { readonly amount: bigint }[]): bigint {
  return cells.reduce((sum, { amount }) => sum + amount, 0n);
}

function fxRateUsed({ from, numerator, denominator, path }: ExchangeRate): ProvisionOutput['inputs']['fxRates'][number] {
  const rate = new Decimal(numerator.toString()).div(denominator.toString()).toDecimalPlaces(FX_RATE_DECIMALS);
  return { currency: from, rate: formatRate(rate), path: [...path] };
}

function resultData({
  collective,
  individual,
  totals,
  total,
}: ProvisionResult): Pick<ProvisionOutput, 'collective' | 'individual' | 'totals' | 'total'> {
  return {
    collective: collective.map((line) => ({ ...line, ...amountsData(line) })),
    individual: individual.map((line) => ({
      ...line,
      ...amountsData(line),
      matrixAllowance: line.matrixAllowance?.toString() ?? null,
      presentationMatrixAllowance: line.presentationMatrixAllowance?.toString() ?? null,
      warnings: [...line.warnings],
    })),
    totals: totals.map(({ kind, ...figures }) => ({ kind, ...figuresData(figures) })),
    total: figuresData(total),
  };
}

function amountsData(line: { gross: bigint; allowance: bigint; presentationGross: bigint; presentationAllowance: bigint }): {
  gross: string;
  allowance: string;
  presentationGross: string;
  presentationAllowance: string;
} {
  return {
    gross: line.gross.toString(),
    allowance: line.allowance.toString(),
    presentationGross: line.presentationGross.toString(),
    presentationAllowance: line.presentationAllowance.toString(),
  };
}

function figuresData({ gross, allowance, collective, individual }: ProvisionFigures): ProvisionOutput['total'] {
  return {
    gross: gross.toString(),
    allowance: allowance.toString(),
    collective: { gross: collective.gross.toString(), allowance: collective.allowance.toString() },
    individual: { gross: individual.gross.toString(), allowance: individual.allowance.toString() },
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
