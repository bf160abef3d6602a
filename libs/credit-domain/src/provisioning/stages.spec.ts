import { bucketOf } from '../ageing';
import { addDays, localDate } from '../values';
import { assignment, claim, inputOf, measured, parameters, scenarios, stagesOf, stagingPolicy, AS_OF } from './engine.fixture';
import { expectedCreditLoss, stagePlacements, stageRates, stagesScheme, type ApprovedStageAssignment, type KindStages } from './index';

const other = (over: Parameters<typeof claim>[0] = {}) => claim({ kind: 'other', ...over });
const linesOf = (over: Parameters<typeof measured>[0]) =>
  measured(over).result.staged.map(({ stage, gross, rate, allowance }) => [stage, gross, rate, allowance]);

describe('the stage of a claim', () => {
  it.each([
    [0, 1],
    [30, 1],
    [31, 2],
    [89, 2],
    [90, 3],
    [400, 3],
  ])('%d days past due is stage %d: more than 30 is the first day of a significant increase, 90 the first of default', (days, stage) => {
    const bucket = bucketOf(stagesScheme(stagingPolicy()), localDate(AS_OF), addDays(localDate(AS_OF), -days));
    expect(bucket + 1).toBe(stage);
  });

  it('takes 12-month losses in stage 1, lifetime losses in stage 2 and the whole loss given default in stage 3', () => {
    const cells = [other(), other({ bucket: 1 }), other({ bucket: 2 })];
    expect(linesOf({ collective: cells })).toEqual([
      [1, 10_000n, '0.01', 100n],
      [2, 10_000n, '0.05', 500n],
      [3, 10_000n, '0.5', 5_000n],
    ]);
  });

  const placement = (stage: 1 | 2 | 3, entityId: string | null = null): KindStages['placements'][number] => ({
    ...{ debtorId: 'D1', entityId, stage, cause: 'assigned', assignmentId: 'S1' },
  });

  it('a placement moves every claim of its debtor up and nobody else', () => {
    const cells = [other(), other({ debtorId: 'D1', amount: 400n }), other({ debtorId: 'D1', bucket: 2, amount: 600n })];
    expect(linesOf({ collective: cells, measures: [stagesOf({ placements: [placement(2)] })] })).toEqual([
      [1, 10_000n, '0.01', 100n],
      [2, 400n, '0.05', 20n],
      [3, 600n, '0.5', 300n],
    ]);
  });

  it('an assignment below what the days past due say is told instead of silently lowering a loss', () => {
    const { result } = measured({
      collective: [other({ debtorId: 'D1', bucket: 2 })],
      measures: [stagesOf({ placements: [placement(2)] })],
    });
    expect(result.staged).toMatchObject([{ stage: 3, allowance: 5_000n }]);
    expect(result.warnings.map(({ code }) => code)).toEqual(['stage-assignment-below-days-past-due']);
  });

  it('is told of the assignment that counts in the entity and of no other, or somebody corrects the wrong one', () => {
    const { result } = measured({
      collective: [other({ debtorId: 'D1', entityId: 'sub', bucket: 1 })],
      measures: [stagesOf({ placements: [placement(1), { ...placement(3, 'sub'), assignmentId: 'S2' }] })],
    });
    expect(result.staged).toMatchObject([{ stage: 3 }]);
    expect(result.warnings).toEqual([]);
  });

  it('parameters go by class and segment, then class, then segment, then all others; a missing one is named and never a zero', () => {
    const policy = stagingPolicy({
      parameters: [
        parameters({ class: 'deposits', segment: 'std', pd12Months: '0.1' }),
        parameters({ class: 'deposits', segment: '*', pd12Months: '0.2' }),
        parameters({ class: '*', segment: 'std', pd12Months: '0.3' }),
      ],
    });
    const cells = [
      other({ class: 'deposits', segment: 'std' }),
      other({ class: 'deposits', segment: 'vip' }),
      other({ class: 'loans', segment: 'std' }),
    ];
    const measures = [stagesOf({ policy })];
    expect(measured({ collective: cells, measures }).result.staged.map(({ class: name, segment, rate }) => [name, segment, rate])).toEqual([
      ['deposits', 'std', '0.05'],
      ['loans', 'std', '0.15'],
      ['deposits', 'vip', '0.1'],
    ]);
    const outcome = expectedCreditLoss(inputOf({ collective: [...cells, other({ class: 'loans', segment: 'vip' })], measures }));
    expect(outcome).toMatchObject({
      ok: false,
      problem: {
        code: 'stage-parameters-missing',
        errors: [{ code: 'stage-parameters-missing', kind: 'other', segment: 'vip', class: 'loans' }],
      },
    });
  });
});

describe('discounting and term structures', () => {
  it('discounts by calendar months to recovery over a year of 365 days', () => {
    const row = parameters({ effectiveRate: '0.1', recoveryMonths: 12 });
    expect(stageRates(row, 3, '2024-12-31', null).rate.startsWith('0.4545454545')).toBe(true);
    // 2024 has 366 days, so recovery a year after 31 December 2023 is discounted a little longer.
    expect(stageRates(row, 3, '2023-12-31', null).rate.startsWith('0.4544267')).toBe(true);
  });

  const term = [
    { months: 6, marginalPd: '0.02', lgd: '0.5', exposureShare: '1' },
    { months: 12, marginalPd: '0.01', lgd: '0.5', exposureShare: '0.8' },
    { months: 24, marginalPd: '0.05', lgd: '0.6', exposureShare: '0.5' },
  ];

  it('adds up exposure x probability x loss over the periods, in stage 1 only those of twelve months', () => {
    const row = parameters({ term });
    expect([1, 2, 3].map((stage) => stageRates(row, stage as 1 | 2 | 3, AS_OF, null).rate)).toEqual(['0.014', '0.029', '0.5']);
  });

  it('never lets scaled probabilities of a term add up to more than certainty', () => {
    const certain = [
      { ...term[0]!, marginalPd: '0.8' },
      { ...term[1]!, marginalPd: '0.2', exposureShare: '1' },
    ];
    const harsh = scenarios({ scenarios: [{ name: 'down', weight: '1', scalar: '2' }], keepFullRates: false });
    expect(stageRates(parameters({ term: certain }), 2, AS_OF, harsh).rate).toBe('0.5');
  });

  it('scenarios move the probabilities of stages 1 and 2 and leave stage 3, which has defaulted', () => {
    const set = scenarios({ kind: 'other' });
    expect([1, 2, 3].map((stage) => stageRates(parameters(), stage as 1 | 2 | 3, AS_OF, set))).toEqual([
      { baseRate: '0.01', rate: '0.012' },
      { baseRate: '0.05', rate: '0.06' },
      { baseRate: '0.5', rate: '0.5' },
    ]);
  });
});

describe('who is placed', () => {
  const at = (
    asOf: string,
    assignments: readonly ApprovedStageAssignment[],
    debtors: Parameters<typeof stagePlacements>[1]['debtors'] = [],
  ) =>
    stagePlacements(stagingPolicy(), { asOf, position: 100n, assignments, debtors }).map(({ debtorId, entityId, stage, cause }) => [
      debtorId,
      entityId,
      stage,
      cause,
    ]);
  const ended = assignment({ endsOn: '2024-09-30' });

  it('an assignment holds from its first to its last day and probation after it, or a cure would be a day without provision', () => {
    expect(at('2024-05-31', [ended])).toEqual([]);
    expect(at('2024-06-01', [ended])).toEqual([['D1', null, 3, 'assigned']]);
    expect(at('2024-09-30', [ended])).toEqual([['D1', null, 3, 'assigned']]);
    expect(at('2024-10-01', [ended])).toEqual([['D1', null, 2, 'probation']]);
    expect(at('2024-12-29', [ended])).toEqual([['D1', null, 2, 'probation']]);
    expect(at('2024-12-30', [ended])).toEqual([]);
  });

  it('one to stage 1 ends an open one, and probation runs from there', () => {
    const release = assignment({ assignmentId: 'S2', stage: 1, effectiveOn: '2024-11-01', approvedAt: 9n });
    expect(at('2024-10-31', [assignment(), release])).toEqual([['D1', null, 3, 'assigned']]);
    expect(at('2024-12-31', [assignment(), release])).toEqual([['D1', null, 2, 'probation']]);
    expect(at('2025-02-28', [assignment(), release])).toEqual([['D1', null, 1, 'assigned']]);
  });

  it('a correction of the same day leaves no probation behind', () => {
    const corrected = assignment({ assignmentId: 'S2', stage: 1, approvedAt: 9n });
    expect(at('2024-06-15', [assignment(), corrected])).toEqual([['D1', null, 1, 'assigned']]);
  });

  it('an assignment for one entity holds there and nowhere else', () => {
    const here = assignment({ entityId: 'hk', stage: 2 });
    expect(at('2024-12-31', [here])).toEqual([['D1', 'hk', 2, 'assigned']]);
    const everywhere = assignment({ assignmentId: 'S0', approvedAt: 1n, effectiveOn: '2024-01-01' });
    expect(at('2024-12-31', [here, everywhere])).toEqual([
      ['D1', null, 3, 'assigned'],
      ['D1', 'hk', 2, 'assigned'],
    ]);
  });

  it('a credit-impaired debtor is in stage 3, and after the flag falls in probation', () => {
    const fact = (effectiveOn: string, creditImpaired: boolean, position = 1n) => ({
      ...{ effectiveOn, position, segment: 'std', relatedParty: false, creditImpaired, country: null },
    });
    const debtors = [
      { debtorNo: 1n, debtorId: 'D1', facts: [fact('2024-01-01', false), fact('2024-03-01', true, 2n), fact('2024-11-01', false, 3n)] },
    ];
    expect(at('2024-02-29', [], debtors)).toEqual([]);
    expect(at('2024-03-01', [], debtors)).toEqual([['D1', null, 3, 'credit-impaired']]);
    expect(at('2024-11-01', [], debtors)).toEqual([['D1', null, 2, 'probation']]);
    expect(at('2025-01-29', [], debtors)).toEqual([['D1', null, 2, 'probation']]);
    expect(at('2025-01-30', [], debtors)).toEqual([]);
  });
});
