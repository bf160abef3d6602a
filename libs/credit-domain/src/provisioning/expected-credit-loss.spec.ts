import fc from 'fast-check';
import {
  expectedCreditLoss,
  type ApprovedAssessment,
  type CollectiveCell,
  type IndividualCell,
  type ProvisionInput,
  type ProvisionProblem,
  type ProvisionResult,
} from './index';

const LABELS = ['Current', '1-30', 'Over 30'];
const RATES = ['0.01', '0.125', '1'];

const cell = (over: Partial<CollectiveCell> = {}): CollectiveCell => ({
  entityId: 'main',
  kind: 'trade',
  class: '',
  related: false,
  segment: 'std',
  currency: 'CNY',
  bucket: 0,
  amount: 10_000n,
  ...over,
});
const assessed = (over: Partial<IndividualCell> = {}): IndividualCell => ({ ...cell(), debtorId: 'D1', ...over });
const assessment = (over: Partial<ApprovedAssessment> = {}): ApprovedAssessment => ({
  assessmentId: 'A1',
  debtorId: 'D1',
  effectiveOn: '2024-01-01',
  endsOn: null,
  kinds: null,
  entityId: null,
  lossRate: '0.5',
  scenarios: null,
  scenarioCurrency: null,
  discountRate: null,
  reason: 'insolvency proceedings',
  evidence: null,
  release: false,
  approvedAt: 7n,
  ...over,
});
const rate = (from: string, to: string, numerator: bigint, denominator: bigint) => ({ from, to, numerator, denominator, path: [from, to] });
const matrix = (kind: string, rates = LABELS.map((bucket, index) => ({ segment: '*', bucket, rate: RATES[index] ?? '' }))) => ({
  approach: 'matrix' as const,
  forwardLooking: null,
  kind,
  scheme: 'three',
  bucketLabels: LABELS,
  lossRateSet: { setId: `set-${kind}`, kind, scheme: 'three', effectiveOn: '2024-01-01', rates },
});
const input = (over: Partial<ProvisionInput> = {}): ProvisionInput => ({
  asOf: '2024-12-31',
  currency: 'CNY',
  measures: [matrix('trade'), matrix('contract_asset')],
  collective: [],
  individual: [],
  assessments: [],
  overlays: [],
  enhancements: [],
  closingRates: new Map([
    ['CNY', rate('CNY', 'CNY', 1n, 1n)],
    ['USD', rate('USD', 'CNY', 72n, 10n)],
    ['JPY', rate('JPY', 'CNY', 47n, 1000n)],
  ]),
  ...over,
});

function resultOf(given: ProvisionInput): ProvisionResult {
  const outcome = expectedCreditLoss(given);
  if (!outcome.ok) throw new Error(outcome.problem.detail);
  return outcome.result;
}
function problemOf(given: ProvisionInput): ProvisionProblem {
  const outcome = expectedCreditLoss(given);
  if (outcome.ok) throw new Error('figures came out where a refusal was expected');
  return outcome.problem;
}

describe('the matrix', () => {
  it('rounds a half of the minor unit up, once: 9.00 at 12.5 % is 1.125 and becomes 1.13, or a controller re-adding the table is a cent off', () => {
    const [, middle] = resultOf(input({ collective: [cell({ bucket: 1, amount: 900n })] })).collective;
    expect(middle?.allowance).toBe(113n);
  });

  it('adds the cells of a line before it rounds, or many small pools of one line would drift from the line', () => {
    const cells = Array.from({ length: 4 }, () => cell({ bucket: 1, amount: 1n }));
    expect(resultOf(input({ collective: cells })).collective[1]).toMatchObject({ gross: 4n, allowance: 1n });
  });

  it('prints every bucket of a pool that has exposure, so that a bucket that emptied is seen to be empty', () => {
    const lines = resultOf(input({ collective: [cell({ bucket: 2 })] })).collective;
    expect(lines.map(({ bucket, gross, allowance, rate: lossRate }) => [bucket, gross, allowance, lossRate])).toEqual([
      ['Current', 0n, 0n, '0.01'],
      ['1-30', 0n, 0n, '0.125'],
      ['Over 30', 10_000n, 10_000n, '1'],
    ]);
  });

  it('keeps pools without exposure out, so that a settled segment does not print a matrix of zeros for ever', () => {
    expect(resultOf(input({ collective: [cell({ amount: 0n })] })).collective).toEqual([]);
  });

  it("takes the segment's own rate before the rate for all others", () => {
    const rates = [...LABELS.map((bucket) => ({ segment: '*', bucket, rate: '0.1' })), { segment: 'vip', bucket: 'Current', rate: '0.02' }];
    const lines = resultOf(input({ measures: [matrix('trade', rates)], collective: [cell({ segment: 'vip' }), cell()] })).collective;
    expect(lines.filter(({ gross }) => gross > 0n).map(({ segment, allowance }) => [segment, allowance])).toEqual([
      ['std', 1_000n],
      ['vip', 200n],
    ]);
  });

  it('names every kind, segment and bucket without a rate, or the preparer mends them one failed run at a time', () => {
    const rates = [{ segment: 'std', bucket: 'Current', rate: '0.01' }];
    const problem = problemOf(
      input({
        measures: [matrix('trade', rates), { ...matrix('contract_asset'), lossRateSet: null }],
        collective: [cell(), cell({ bucket: 1 }), cell({ kind: 'contract_asset' }), cell({ segment: 'vip' })],
      }),
    );
    expect(problem.code).toBe('loss-rate-missing');
    expect(problem.errors).toEqual([
      { code: 'loss-rate-missing', kind: 'contract_asset', segment: 'std', bucket: 'Current' },
      { code: 'loss-rate-missing', kind: 'trade', segment: 'std', bucket: '1-30' },
      { code: 'loss-rate-missing', kind: 'trade', segment: 'vip', bucket: 'Current' },
    ]);
  });

  it('stops at a pool below zero: a negative gross would hide losses elsewhere', () => {
    expect(() => expectedCreditLoss(input({ collective: [cell({ amount: -1n })] }))).toThrow('below zero');
  });
});

describe('currencies', () => {
  it('translates gross and allowance once at the closing rate and keeps the line in its own currency', () => {
    const result = resultOf(
      input({ collective: [cell({ currency: 'USD', bucket: 1, amount: 900n }), cell({ currency: 'JPY', bucket: 2, amount: 1_001n })] }),
    );
    expect(result.collective.filter(({ gross }) => gross > 0n)).toMatchObject([
      { currency: 'JPY', gross: 1_001n, allowance: 1_001n, presentationGross: 4_705n, presentationAllowance: 4_705n },
      { currency: 'USD', gross: 900n, allowance: 113n, presentationGross: 6_480n, presentationAllowance: 814n },
    ]);
    expect(result.total).toMatchObject({ gross: 11_185n, allowance: 5_519n });
  });

  it('refuses the run for a missing exchange rate and names the pair, instead of counting the claim as nothing', () => {
    const problem = problemOf(
      input({ collective: [cell({ currency: 'EUR' })], individual: [assessed({ currency: 'GBP' })], assessments: [assessment()] }),
    );
    expect(problem).toMatchObject({
      code: 'fx-rate-missing',
      errors: [
        { code: 'fx-rate-missing', base: 'EUR', quote: 'CNY', asOf: '2024-12-31' },
        { code: 'fx-rate-missing', base: 'GBP', quote: 'CNY', asOf: '2024-12-31' },
      ],
    });
  });

  it('asks for no rate of a currency whose exposure is gone', () => {
    expect(resultOf(input({ collective: [cell({ currency: 'EUR', amount: 0n })] })).total.gross).toBe(0n);
  });
});

describe('individual assessments', () => {
  const only = (given: Partial<ProvisionInput>) => {
    const [line, ...others] = resultOf(input(given)).individual;
    if (line === undefined || others.length > 0) throw new Error('one individual line was expected');
    return line;
  };

  it('applies the loss rate to the whole debtor and shows beside it what the matrix gives on the same items', () => {
    const line = only({ individual: [assessed(), assessed({ bucket: 2, amount: 30_001n })], assessments: [assessment()] });
    expect(line).toMatchObject({ gross: 40_001n, allowance: 20_001n, rate: '0.5', matrixAllowance: 30_101n, warnings: ['below-matrix'] });
  });

  it('does not warn when the debtor carries at least what the matrix would give', () => {
    expect(only({ individual: [assessed()], assessments: [assessment()] }).warnings).toEqual([]);
  });

  it('says that the matrix has no rate for a kind that is only assessed individually, and still measures it', () => {
    const line = only({ measures: [{ ...matrix('trade'), lossRateSet: null }], individual: [assessed()], assessments: [assessment()] });
    expect(line).toMatchObject({ allowance: 5_000n, matrixAllowance: null, warnings: ['matrix-allowance-unknown'] });
  });

  it('keeps the last rate after the end date and asks for a review, instead of dropping the allowance overnight', () => {
    const line = only({ individual: [assessed()], assessments: [assessment({ endsOn: '2024-12-30' })] });
    expect(line).toMatchObject({ allowance: 5_000n, reviewDue: true, warnings: ['review-due'] });
    expect(only({ individual: [assessed()], assessments: [assessment({ endsOn: '2024-12-31' })] }).reviewDue).toBe(false);
  });

  it('takes the latest assessment in force, and of two on one day the one approved last', () => {
    const line = only({
      individual: [assessed()],
      assessments: [
        assessment({ assessmentId: 'later', effectiveOn: '2025-01-01', lossRate: '0.9' }),
        assessment({ assessmentId: 'second', effectiveOn: '2024-06-01', lossRate: '0.7', approvedAt: 9n }),
        assessment({ assessmentId: 'first', effectiveOn: '2024-06-01', lossRate: '0.6', approvedAt: 8n }),
        assessment(),
      ],
    });
    expect(line).toMatchObject({ assessmentId: 'second', allowance: 7_000n });
  });

  it('stops when a debtor is carved out without an assessment, or the same claim could be counted twice or not at all', () => {
    const released = [assessment(), assessment({ assessmentId: 'R', effectiveOn: '2024-06-01', release: true })];
    expect(() => expectedCreditLoss(input({ individual: [assessed()], assessments: released }))).toThrow('without an assessment in force');
  });

  it('measures scenarios as gross less the weighted present value of what is expected', () => {
    const scenarios = [
      {
        probability: '0.75',
        cashFlows: [
          { on: '2025-12-31', amount: 4_400n },
          { on: '2024-12-30', amount: 9_999n },
        ],
      },
      { probability: '0.25', cashFlows: [] },
    ];
    const line = only({ individual: [assessed()], assessments: [assessment({ lossRate: null, scenarios, discountRate: '0.1' })] });
    // 0.75 x 44.00 / 1.1 = 30.00 expected; the flow dated before asOf no longer counts.
    expect(line).toMatchObject({ gross: 10_000n, allowance: 7_000n, rate: '0.7' });
  });

  it('never releases more than the gross: receipts above the claim leave no negative allowance', () => {
    const scenarios = [{ probability: '1', cashFlows: [{ on: '2025-01-31', amount: 99_999n }] }];
    expect(only({ individual: [assessed()], assessments: [assessment({ lossRate: null, scenarios })] })).toMatchObject({
      allowance: 0n,
      rate: '0',
    });
  });

  it('shares the loss of scenarios over claims in two currencies by their gross', () => {
    const scenarios = [{ probability: '1', cashFlows: [{ on: '2024-12-31', amount: 41_000n }] }];
    const lines = resultOf(
      input({
        individual: [assessed(), assessed({ currency: 'USD' })],
        assessments: [assessment({ lossRate: null, scenarios, scenarioCurrency: 'CNY' })],
      }),
    ).individual;
    expect(lines.map(({ currency, allowance }) => [currency, allowance])).toEqual([
      ['CNY', 5_000n],
      ['USD', 5_000n],
    ]);
  });

  it('refuses to guess the currency of expected receipts when the claims are in several', () => {
    const scenarios = [{ probability: '1', cashFlows: [] }];
    const problem = problemOf(
      input({ individual: [assessed(), assessed({ currency: 'USD' })], assessments: [assessment({ lossRate: null, scenarios })] }),
    );
    expect(problem.code).toBe('assessment-currency-ambiguous');
  });
});

describe('for any book', () => {
  const collective = fc.record({
    entityId: fc.constantFrom('main', 'hk'),
    kind: fc.constantFrom('trade', 'contract_asset'),
    class: fc.constantFrom('', 'deposits'),
    related: fc.boolean(),
    segment: fc.constantFrom('', 'std', 'vip'),
    currency: fc.constantFrom('CNY', 'USD', 'JPY'),
    bucket: fc.integer({ min: 0, max: 2 }),
    amount: fc.bigInt({ min: 0n, max: 10n ** 16n }),
  });
  const individual = fc
    .record({ debtorId: fc.constantFrom('D1', 'D2') })
    .chain((debtor) => collective.map((each) => ({ ...each, ...debtor })));
  const book = fc.record({ collective: fc.array(collective, { maxLength: 30 }), individual: fc.array(individual, { maxLength: 15 }) });
  const assessments = [assessment(), assessment({ assessmentId: 'A2', debtorId: 'D2', lossRate: '0.333333333333333333' })];

  it('lines add up to totals, no allowance leaves 0 to gross, and the order of the cells is of no account', () => {
    fc.assert(
      fc.property(book, (cells) => {
        const result = resultOf(input({ ...cells, assessments }));
        const lines = [...result.collective, ...result.individual];
        expect(result.total.gross).toBe(lines.reduce((sum, line) => sum + line.presentationGross, 0n));
        expect(result.total.allowance).toBe(lines.reduce((sum, line) => sum + line.presentationAllowance, 0n));
        expect(result.total.allowance).toBe(result.totals.reduce((sum, each) => sum + each.allowance, 0n));
        for (const line of lines) {
          expect(line.allowance >= 0n && line.allowance <= line.gross).toBe(true);
          expect(line.presentationAllowance >= 0n && line.presentationAllowance <= line.presentationGross).toBe(true);
        }
        const turned = { collective: [...cells.collective].reverse(), individual: [...cells.individual].reverse(), assessments };
        expect(resultOf(input(turned))).toEqual(result);
      }),
      { numRuns: 300, seed: 20241231 },
    );
  });
});
