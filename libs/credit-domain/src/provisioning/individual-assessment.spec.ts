import { checkAssessment, expectedReceipts, type IndividualAssessment } from './index';

const assessment = (over: Partial<IndividualAssessment> = {}): IndividualAssessment => ({
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
  reason: 'liquidation',
  evidence: null,
  release: false,
  ...over,
});
const scenario = (probability: string, amount = 1n) => ({ probability, cashFlows: [{ on: '2025-01-01', amount }] });

describe('checking a proposed assessment', () => {
  it.each<[string, Partial<IndividualAssessment>, string[]]>([
    ['a loss rate alone', {}, []],
    ['scenarios alone', { lossRate: null, scenarios: [scenario('0.4'), scenario('0.6')] }, []],
    ['a nil loss after full assessment', { lossRate: '0' }, []],
    ['both measurements', { scenarios: [scenario('1')] }, ['lossRate']],
    ['neither measurement', { lossRate: null }, ['lossRate']],
    ['a loss above the claim', { lossRate: '1.01' }, ['lossRate']],
    ['probabilities that do not make up 1', { lossRate: null, scenarios: [scenario('0.4'), scenario('0.5')] }, ['scenarios']],
    ['a probability above 1', { lossRate: null, scenarios: [scenario('1.4')] }, ['scenarios[0].probability']],
    ['an expected receipt below zero', { lossRate: null, scenarios: [scenario('1', -1n)] }, ['scenarios[0].cashFlows[0].amount']],
    ['no scenarios in the list', { lossRate: null, scenarios: [] }, ['scenarios']],
    ['an end before the start', { endsOn: '2023-12-31' }, ['endsOn']],
    ['an empty list of kinds', { kinds: [] }, ['kinds']],
    ['no reason', { reason: ' ' }, ['reason']],
    ['a release, which measures nothing', { release: true, lossRate: null }, []],
    ['a release without a reason', { release: true, lossRate: null, reason: '' }, ['reason']],
  ])('%s', (_, over, fields) => {
    expect(checkAssessment(assessment(over)).map(({ field }) => field)).toEqual(fields);
  });
});

describe('what scenarios expect', () => {
  it('half a year of 10 % is the root of a year, by days over 365', () => {
    const given = assessment({
      lossRate: null,
      discountRate: '0.1',
      scenarios: [{ probability: '1', cashFlows: [{ on: '2025-07-02', amount: 100_000n }] }],
    });
    // 182 days after 2025-01-01: 1000.00 / 1.1 ^ (182 / 365)
    expect(expectedReceipts(given, '2025-01-01').toNumber()).toBeCloseTo(100_000 / 1.1 ** (182 / 365), 6);
  });

  it('a receipt on the as-of date counts in full, one before it no longer does', () => {
    const flows = [
      { on: '2024-12-31', amount: 5n },
      { on: '2024-12-30', amount: 3n },
    ];
    expect(expectedReceipts(assessment({ scenarios: [{ probability: '1', cashFlows: flows }] }), '2024-12-31').toNumber()).toBe(5);
  });
});
