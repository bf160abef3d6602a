import fc from 'fast-check';
import { Decimal, isFraction } from '../values';
import {
  allowsGeneralApproach,
  checkCreditEnhancement,
  checkForwardLookingSet,
  checkOverlay,
  checkStageAssignment,
  checkStagingPolicy,
  forwardLookingWarnings,
  inForceForKind,
  isCoveredByLater,
  isEffective,
  isFractionText,
  meanScalar,
  type CreditEnhancement,
  type ForwardLookingSet,
  type Overlay,
  type PolicyFault,
  type StageAssignment,
  type StageParameters,
  type StagingPolicy,
  type TermPeriod,
} from './index';

const told = (faults: readonly PolicyFault[]): string[] => faults.map(({ code, field }) => `${code} ${field}`);

const parameters: StageParameters = {
  ...{ class: '*', segment: '*', pd12Months: '0.02', pdLifetime: '0.1', lgd: '0.6' },
  ...{ effectiveRate: null, recoveryMonths: null, term: null },
};
const period = (over: Partial<TermPeriod> = {}): TermPeriod => ({ months: 12, marginalPd: '0.1', lgd: '0.6', exposureShare: '1', ...over });
const row = (over: Partial<StageParameters>): Partial<StagingPolicy> => ({ parameters: [{ ...parameters, ...over }] });

describe('a staging policy', () => {
  const policy = (over: Partial<StagingPolicy> = {}): StagingPolicy => ({
    ...{ policyId: 'P', kind: 'other', effectiveOn: '2024-01-01', sicrDays: 30, defaultDays: 90, rebuttalReason: null, probationDays: 90 },
    parameters: [parameters],
    ...over,
  });

  it.each<[string, Partial<StagingPolicy>, string[]]>([
    ['with the presumed thresholds needs no reason', {}, []],
    ['of long-term receivables is a choice the standard leaves', { kind: 'long_term' }, []],
    ['of trade receivables would drop lifetime losses that are mandatory', { kind: 'trade' }, ['general-approach-not-allowed kind']],
    ['of bank notes likewise', { kind: 'note_bank' }, ['general-approach-not-allowed kind']],
    ['of commercial notes likewise', { kind: 'note_commercial' }, ['general-approach-not-allowed kind']],
    ['of contract assets likewise', { kind: 'contract_asset' }, ['general-approach-not-allowed kind']],
    ['that rebuts 30 days in silence', { sicrDays: 60 }, ['rebuttal-reason-missing rebuttalReason']],
    ['that rebuts 90 days with blanks', { defaultDays: 180, rebuttalReason: '  ' }, ['rebuttal-reason-missing rebuttalReason']],
    ['that rebuts with a reason', { defaultDays: 180, rebuttalReason: 'public bodies pay late and pay' }, []],
    ['that defaults before the risk has risen', { sicrDays: 90, rebuttalReason: 'r' }, ['policy-invalid defaultDays']],
    ['that counts half days', { probationDays: 1.5 }, ['policy-invalid probationDays']],
    ['that looks back', { sicrDays: -1, rebuttalReason: 'r' }, ['policy-invalid sicrDays']],
    ['without parameters would provide nothing', { parameters: [] }, ['policy-invalid parameters']],
    ['with a class and segment twice', { parameters: [parameters, parameters] }, ['policy-invalid parameters[1]']],
    ['with a percentage', row({ lgd: '60' }), ['fraction-out-of-range parameters[0].lgd']],
    ['with a sooner default likelier than any', row({ pd12Months: '0.2' }), ['policy-invalid parameters[0].pd12Months']],
    ['with a discount rate and no date', row({ effectiveRate: '0.05' }), ['policy-invalid parameters[0].recoveryMonths']],
    ['with a recovery before today', row({ effectiveRate: '0.05', recoveryMonths: -1 }), ['policy-invalid parameters[0].recoveryMonths']],
    ['with a term structure and its discounting', row({ effectiveRate: '0.05', term: [period(), period({ months: 24 })] }), []],
    ['with no period in its term structure', row({ term: [] }), ['policy-invalid parameters[0].term']],
    ['with periods out of order', row({ term: [period(), period()] }), ['policy-invalid parameters[0].term[1].months']],
    [
      'with defaults that are more than certain',
      row({ term: [period({ marginalPd: '0.6' }), period({ months: 24, marginalPd: '0.6' })] }),
      ['policy-invalid parameters[0].term'],
    ],
    [
      'with a share of exposure above all of it',
      row({ term: [period({ exposureShare: '1.1' })] }),
      ['fraction-out-of-range parameters[0].term[0].exposureShare'],
    ],
  ])('%s', (_, over, expected) => {
    expect(told(checkStagingPolicy(policy(over)))).toEqual(expected);
  });

  it('tells its author every fault at once', () => {
    const faults = checkStagingPolicy(policy({ kind: 'trade', sicrDays: 45, ...row({ lgd: '2', pdLifetime: 'x' }) }));
    expect(told(faults)).toEqual([
      'general-approach-not-allowed kind',
      'rebuttal-reason-missing rebuttalReason',
      'fraction-out-of-range parameters[0].pdLifetime',
      'fraction-out-of-range parameters[0].lgd',
    ]);
    expect(faults[0]?.detail).toContain('5.5.15(a)(i)');
  });

  it('is open to deposits and loans and to nothing whose lifetime losses are mandatory', () => {
    expect(['trade', 'note_bank', 'note_commercial', 'contract_asset', 'other', 'long_term'].filter(allowsGeneralApproach)).toEqual([
      'other',
      'long_term',
    ]);
  });
});

describe('a stage assignment', () => {
  const assignment = (over: Partial<StageAssignment> = {}): StageAssignment => ({
    ...{
      assignmentId: 'A',
      debtorId: 'D',
      kinds: null,
      entityId: null,
      stage: 3,
      effectiveOn: '2024-01-01',
      endsOn: null,
      reason: 'filed',
    },
    ...over,
  });

  it.each<[string, Partial<StageAssignment>, string[]]>([
    ['into stage 3 until another one', {}, []],
    ['of one day', { endsOn: '2024-01-01' }, []],
    ['that ends before it begins', { endsOn: '2023-12-31' }, ['policy-invalid endsOn']],
    ['into a stage that does not exist', { stage: 4 as 3 }, ['policy-invalid stage']],
    ['of kinds without stages, which nothing would read', { kinds: ['other', 'trade'] }, ['general-approach-not-allowed kinds[1]']],
    ['of no kind at all', { kinds: [] }, ['policy-invalid kinds']],
    ['without a reason', { reason: ' ' }, ['reason-missing reason']],
  ])('%s', (_, over, expected) => {
    expect(told(checkStageAssignment(assignment(over)))).toEqual(expected);
  });
});

describe('forward-looking scenarios', () => {
  const scenario = (name: string, weight: string, scalar: string) => ({ name, weight, scalar });
  const set = (over: Partial<ForwardLookingSet> = {}): ForwardLookingSet => ({
    ...{ setId: 'F', kind: 'trade', effectiveOn: '2024-01-01', keepFullRates: true, driverWorsened: null, reason: 'GDP forecast' },
    scenarios: [scenario('base', '0.6', '1'), scenario('worse', '0.3', '1.4'), scenario('better', '0.1', '0.8')],
    ...over,
  });

  it.each<[string, Partial<ForwardLookingSet>, string[]]>([
    ['with weights that make up one', {}, []],
    ['with a single scenario', { scenarios: [scenario('base', '1', '1.1')] }, []],
    ['that weigh nothing', { scenarios: [] }, ['policy-invalid scenarios']],
    ['that weigh too little', { scenarios: [scenario('a', '0.5', '1'), scenario('b', '0.4', '1')] }, ['weights-not-one scenarios']],
    [
      'that miss one by a millionth of a millionth',
      { scenarios: [scenario('a', '0.5', '1'), scenario('b', '0.500000000001', '1')] },
      ['weights-not-one scenarios'],
    ],
    [
      'with a negative weight, though they make up one',
      { scenarios: [scenario('a', '1.2', '1'), scenario('b', '-0.2', '1')] },
      ['fraction-out-of-range scenarios[0].weight', 'fraction-out-of-range scenarios[1].weight'],
    ],
    ['that turn losses into gains', { scenarios: [scenario('a', '1', '-0.1')] }, ['policy-invalid scenarios[0].scalar']],
    ['with a percentage for a factor', { scenarios: [scenario('a', '1', '110')] }, ['policy-invalid scenarios[0].scalar']],
    ['with one name twice', { scenarios: [scenario('a', '0.5', '1'), scenario('a', '0.5', '2')] }, ['policy-invalid scenarios[1].name']],
    ['without a reason', { reason: '' }, ['reason-missing reason']],
  ])('%s', (_, over, expected) => {
    expect(told(checkForwardLookingSet(set(over)))).toEqual(expected);
  });

  it('in thirds cannot make up one in decimals and are refused rather than rounded', () => {
    const third = '0.3333333333333333';
    const thirds = [scenario('a', third, '1'), scenario('b', third, '1'), scenario('c', third, '1')];
    expect(told(checkForwardLookingSet(set({ scenarios: thirds })))).toEqual(['weights-not-one scenarios']);
    const exact = [...thirds.slice(0, 2), scenario('c', '0.3333333333333334', '1')];
    expect(checkForwardLookingSet(set({ scenarios: exact }))).toEqual([]);
  });

  it('that lower losses while the driver has worsened raise a finding, and no other direction does', () => {
    const better = [scenario('a', '0.5', '0.9'), scenario('b', '0.5', '1')];
    expect(forwardLookingWarnings(set({ scenarios: better, driverWorsened: true }))).toMatchObject([
      { code: 'driver-worsened-scalar-below-one' },
    ]);
    expect(forwardLookingWarnings(set({ scenarios: better, driverWorsened: false }))).toEqual([]);
    expect(forwardLookingWarnings(set({ scenarios: better }))).toEqual([]);
    expect(forwardLookingWarnings(set({ driverWorsened: true }))).toEqual([]);
    expect(meanScalar(set().scenarios).toFixed()).toBe('1.1');
  });

  it('split into any weights are accepted exactly when they make up one to the last digit', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 0, maxLength: 9 });
    fc.assert(
      fc.property(cuts, fc.integer({ min: -3, max: 3 }), (points, slip) => {
        const sorted = [0, ...points.sort((a, b) => a - b), 1_000_000];
        const shares = sorted.slice(1).map((point, index) => point - (sorted[index] ?? 0));
        const heaviest = shares.indexOf(Math.max(...shares));
        const weights = shares.map((share, index) =>
          new Decimal(index === heaviest ? share - Math.abs(slip) : share).div(1_000_000).toFixed(),
        );
        const faults = checkForwardLookingSet(set({ scenarios: weights.map((weight, index) => scenario(String(index), weight, '1')) }));
        expect(told(faults)).toEqual(slip === 0 ? [] : ['weights-not-one scenarios']);
      }),
    );
  });
});

describe('an overlay', () => {
  const overlay = (over: Partial<Overlay> = {}): Overlay => ({
    ...{ overlayId: 'O', kind: 'trade', entityId: null, class: null, segment: null, amount: -100n, currency: 'CNY' },
    ...{ effectiveOn: '2024-01-01', expiresOn: '2024-12-31', reason: 'flood in the region' },
    ...over,
  });

  it.each<[string, Partial<Overlay>, string[]]>([
    ['lowers as well as raises', {}, []],
    ['of nothing', { amount: 0n }, ['policy-invalid amount']],
    ['that has ended before it begins', { expiresOn: '2023-12-31' }, ['policy-invalid expiresOn']],
    ['for a segment without a name', { segment: ' ' }, ['policy-invalid segment']],
    ['that nobody gives a reason for', { reason: '\n' }, ['reason-missing reason']],
  ])('%s', (_, over, expected) => {
    expect(told(checkOverlay(overlay(over)))).toEqual(expected);
  });
});

describe('a credit enhancement', () => {
  const cover = (over: Partial<CreditEnhancement> = {}): CreditEnhancement => ({
    ...{
      enhancementId: 'E',
      debtorId: 'D',
      kinds: null,
      entityId: null,
      type: 'insurance',
      integral: true,
      limit: 1_000n,
      currency: 'CNY',
    },
    ...{
      coveredShare: '0.9',
      deductible: 0n,
      providerLossRate: '0.01',
      effectiveOn: '2024-01-01',
      expiresOn: '2024-12-31',
      reason: 'policy 7',
    },
    ...over,
  });

  it.each<[string, Partial<CreditEnhancement>, string[]]>([
    ['with a limit', {}, []],
    ['without one', { limit: null }, []],
    ['that covers more than the loss', { coveredShare: '1.1' }, ['fraction-out-of-range coveredShare']],
    ['by a provider whose failure is no share', { providerLossRate: '-0' }, ['fraction-out-of-range providerLossRate']],
    ['that takes instead of paying', { limit: -1n }, ['policy-invalid limit']],
    ['with less than no first loss', { deductible: -1n }, ['policy-invalid deductible']],
    ['that has lapsed before it begins', { expiresOn: '2023-12-31' }, ['policy-invalid expiresOn']],
    ['for no kind at all', { kinds: [] }, ['policy-invalid kinds']],
    ['without a reason', { reason: '' }, ['reason-missing reason']],
  ])('%s', (_, over, expected) => {
    expect(told(checkCreditEnhancement(cover(over)))).toEqual(expected);
  });
});

describe('which policy holds', () => {
  it('counts the first and the last day of a policy with an end', () => {
    const policy = { effectiveOn: '2024-01-01' };
    const days = ['2023-12-31', '2024-01-01', '2024-06-30', '2024-07-01'];
    expect(days.map((day) => isEffective(policy, day, '2024-06-30'))).toEqual([false, true, true, false]);
    expect(isEffective(policy, '2099-01-01')).toBe(true);
  });

  it('is the latest effective one of the kind, and of one day the later approval', () => {
    const policies = [
      { id: 'old', kind: 'other', effectiveOn: '2023-01-01', approvedAt: 9n },
      { id: 'later', kind: 'other', effectiveOn: '2024-01-01', approvedAt: 5n },
      { id: 'first', kind: 'other', effectiveOn: '2024-01-01', approvedAt: 3n },
      { id: 'next', kind: 'other', effectiveOn: '2025-01-01', approvedAt: 4n },
      { id: 'elsewhere', kind: 'long_term', effectiveOn: '2024-06-01', approvedAt: 6n },
    ];
    const holds = (asOf: string) => inForceForKind(policies, { kind: 'other', asOf })?.id ?? null;
    expect(['2022-12-31', '2023-06-30', '2024-12-31', '2025-01-01'].map(holds)).toEqual([null, 'old', 'later', 'next']);
  });
});

describe('a policy of one debtor', () => {
  const at = (approvedAt: bigint, kinds: string[] | null, entityId: string | null = null, debtorId = 'D') => ({
    ...{ debtorId, kinds, entityId, effectiveOn: '2024-01-01', approvedAt },
  });

  it.each([
    ['is replaced by a later one for everything', at(1n, ['other']), at(2n, null), true],
    ['is replaced by a later one for the same kinds and more', at(1n, ['other']), at(2n, ['other', 'long_term']), true],
    ['for everything outlives a later one for a kind', at(1n, null), at(2n, ['other']), false],
    ['outlives a later one for another entity', at(1n, null, 'main'), at(2n, null, 'hk'), false],
    ['for every entity outlives a later one for one', at(1n, null), at(2n, null, 'hk'), false],
    ['outlives an earlier one', at(2n, null), at(1n, null), false],
    ['outlives one of another debtor', at(1n, null), at(2n, null, null, 'E'), false],
  ])('%s', (_, policy, other, expected) => {
    expect(isCoveredByLater(policy, [policy, other])).toBe(expected);
  });
});

describe('a fraction', () => {
  it('has no sign: one before a zero would be stored as no rate of any event', () => {
    expect(['-0', '-0.0', '0', '0.0', '1', '1.0'].map(isFractionText)).toEqual([false, false, true, true, true, true]);
    expect(isFraction(new Decimal('-0'))).toBe(true);
  });
});
