import type { MinorMoney, Translation } from '../../collections';
import { creditExposure } from '../../collections';
import { localDate } from '../../values/local-date';
import type { Evaluation } from '../evaluation';
import { isMeasured } from '../evaluation';
import type { AlertLabels } from '../rule-definition';
import type { CreditLimitRule, DebtorOverdue, OverdueDebtorRule, SignalDay, SignalOutcome, UnkeptPromise } from '.';
import {
  evaluateBrokenChain,
  evaluateBrokenPromise,
  evaluateCreditLimit,
  evaluateFailedJob,
  evaluateOverdueDebtor,
  evaluateProjectionDrift,
  evaluateStaleFeed,
  isAlwaysCritical,
  SIGNAL_TYPES,
} from '.';
import { businessDaysBetween } from './stale-feed.signal';

const TODAY = '2024-12-31';
const day = (...open: AlertLabels[]): SignalDay => ({ asOf: TODAY, open });
/** One euro is two yuan of everything; the yen has no rate. */
const translation: Translation = ({ minor, currency }: MinorMoney, to) =>
  currency === to ? minor : currency === 'EUR' && to === 'CNY' ? minor * 2n : undefined;
const reasons = ({ evaluations }: SignalOutcome): string[] =>
  evaluations.map((evaluation) => `${Object.values(evaluation.labels).join(' ')}: ${evaluation.reason}`);
const causes = ({ evaluations }: SignalOutcome): string[] =>
  evaluations.map((evaluation: Evaluation) => (isMeasured(evaluation) ? evaluation.cause : evaluation.reason));

describe('overdue debtors', () => {
  const rule: OverdueDebtorRule = {
    type: 'overdue-debtor',
    measure: 'amount',
    enter: '1000.00',
    exit: '800.00',
    currency: 'CNY',
    minimum: '0',
    minimumDays: 0,
    segment: null,
  };
  const debtor = (debtorId: string, overdue: bigint, oldestDueOn: string | null = '2024-12-01', currency = 'CNY'): DebtorOverdue => ({
    debtorId,
    segment: 'A',
    balances: overdue === 0n ? [] : [{ entityId: 'main', currency, overdue, oldestDueOn }],
  });
  const evaluate = (changed: Partial<OverdueDebtorRule>, debtors: readonly DebtorOverdue[], at = day(), isWhole = false): SignalOutcome =>
    evaluateOverdueDebtor({ ...rule, ...changed }, at, { debtors, isWhole, translation });

  it.each([
    [99_999n, 'between-exit-and-enter'],
    [100_000n, 'at-or-above-enter'],
    [80_000n, 'between-exit-and-enter'],
  ])('with %s minor units are told apart at the thresholds to the last one, or an alert would flicker', (overdue, reason) => {
    expect(reasons(evaluate({}, [debtor('D1', overdue)]))).toEqual([`D1: ${reason}`]);
  });

  it('below the exit are spoken of only while their alert is open, or a book of a million debtors would fill the log', () => {
    expect(reasons(evaluate({}, [debtor('D1', 79_999n)]))).toEqual([]);
    expect(reasons(evaluate({}, [debtor('D1', 79_999n)], day({ debtor: 'D1' })))).toEqual(['D1: below-exit']);
    expect(causes(evaluate({}, [debtor('D1', 0n)], day({ debtor: 'D1' })))).toEqual(['Nothing of debtor D1 is overdue at 2024-12-31']);
  });

  it('are summed over entities and currencies, each sum translated once, with legs that add up', () => {
    const both: DebtorOverdue = {
      debtorId: 'D1',
      segment: 'A',
      balances: [
        { entityId: 'main', currency: 'EUR', overdue: 20_000n, oldestDueOn: '2024-12-21' },
        { entityId: 'second', currency: 'EUR', overdue: 10_000n, oldestDueOn: '2024-11-21' },
        { entityId: 'main', currency: 'CNY', overdue: 40_000n, oldestDueOn: '2024-12-30' },
      ],
    };
    const [found] = evaluate({}, [both]).evaluations;
    expect(found).toMatchObject({
      reason: 'at-or-above-enter',
      cause: 'Debtor D1 has CNY 1,000 overdue at 2024-12-31, the oldest since 2024-11-21, 40 days',
      inputs: { overdue: '100000', days: 40 },
    });
    expect(found).toMatchObject({ bridges: [{ legs: [{ cause: 'In CNY' }, { cause: 'EUR 300 in CNY' }] }] });
  });

  it('are no figure at all where a rate is missing: a sum without the part would look like less', () => {
    expect(reasons(evaluate({}, [debtor('D1', 5n, '2024-12-01', 'JPY')]))).toEqual(['D1: fx-rate-missing']);
  });

  it('can be measured in days, above a minimum, so that a forgotten cent of two years wakes nobody', () => {
    const days = { measure: 'days', enter: '30', exit: '24', minimum: '10.00' } as const;
    expect(
      reasons(evaluate(days, [debtor('D1', 1_000n), debtor('D2', 999n), debtor('D3', 1_000n, '2024-12-07')], day({ debtor: 'D2' }))),
    ).toEqual(['D1: at-or-above-enter', 'D2: immaterial', 'D3: between-exit-and-enter']);
    expect(reasons(evaluate({ minimumDays: 31 }, [debtor('D1', 100_000n)], day({ debtor: 'D1' })))).toEqual(['D1: immaterial']);
  });

  it('of an empty segment end no alert: a segment that was renamed is not a debt that was paid', () => {
    const outcome = evaluate({ segment: 'B' }, [debtor('D1', 200_000n)], day({ debtor: 'D1' }), true);
    expect([reasons(outcome), outcome.isMeasurable]).toEqual([['B: segment-empty'], false]);
    expect(evaluate({ segment: 'A' }, [debtor('D1', 0n)], day(), true)).toEqual({ evaluations: [], isMeasurable: true });
    expect(evaluate({ segment: 'B' }, [], day(), false)).toEqual({ evaluations: [], isMeasurable: true });
  });
});

describe('credit limits', () => {
  const rule: CreditLimitRule = { type: 'credit-limit', of: 'both', bands: ['0.80', '0.90', '1.00'], margin: '0.02' };
  const exposure = (owed: bigint, limit: bigint | null = 100_000n, currency = 'CNY') => ({
    of: 'debtor' as const,
    id: 'D1',
    credit: creditExposure(limit === null ? null : { minor: limit, currency: 'CNY' }, [{ minor: owed, currency }], translation),
  });

  it.each([
    [77_999n, []],
    [79_999n, ['D1 80 %: between-exit-and-enter']],
    [80_000n, ['D1 80 %: at-or-above-enter']],
    [89_999n, ['D1 80 %: at-or-above-enter', 'D1 90 %: between-exit-and-enter']],
    [120_000n, ['D1 80 %: at-or-above-enter', 'D1 90 %: at-or-above-enter', 'D1 100 %: at-or-above-enter']],
  ])('at %s of 100,000 stand in the bands that are reached, each left only two points below it', (owed, expected) => {
    expect(reasons(evaluateCreditLimit(rule, day(), [exposure(owed)]))).toEqual(expected);
  });

  it('say the use, and the headroom as a sum that adds up', () => {
    const [found] = evaluateCreditLimit({ ...rule, bands: ['0.90'] }, day(), [exposure(95_000n)]).evaluations;
    expect(found).toMatchObject({
      cause: 'Debtor D1 owes CNY 950 at 2024-12-31, 95.00 % of its limit of 1,000',
      bridges: [{ subject: 'Headroom of D1', legs: [{ cause: 'Owed across entities' }] }],
    });
  });

  it('of nothing are exceeded by anything, and by nothing not', () => {
    expect(reasons(evaluateCreditLimit({ ...rule, bands: ['1.00'] }, day(), [exposure(1n, 0n)]))).toEqual(['D1 100 %: at-or-above-enter']);
    expect(reasons(evaluateCreditLimit(rule, day(), [exposure(0n, 0n)]))).toEqual([]);
  });

  it('that were withdrawn leave nothing to say; those without a rate keep their alert as it is', () => {
    const open = day({ debtor: 'D1', band: '90 %' });
    expect(evaluateCreditLimit(rule, open, [exposure(95_000n, null)])).toEqual({ evaluations: [], isMeasurable: true });
    expect(reasons(evaluateCreditLimit(rule, open, [exposure(95_000n, 100_000n, 'JPY')]))).toEqual([
      'D1 80 %: fx-rate-missing',
      'D1 90 %: fx-rate-missing',
    ]);
  });

  it('of groups are asked for by themselves', () => {
    const group = { ...exposure(90_000n), of: 'group' as const, id: 'G1' };
    const outcome = evaluateCreditLimit({ ...rule, of: 'groups', bands: ['0.80'] }, day(), [exposure(90_000n), group]);
    expect(outcome.evaluations.map(({ labels }) => labels)).toEqual([{ group: 'G1', band: '80 %' }]);
  });
});

describe('broken promises', () => {
  const promise: UnkeptPromise = {
    promiseId: 'P1',
    debtorId: 'D1',
    amount: 100_000n,
    paidInTime: 0n,
    paidLater: 0n,
    currency: 'CNY',
    dueOn: '2024-12-20',
    madeGood: false,
  };
  const evaluate = (changed: Partial<UnkeptPromise>, minimum: { amount: string; currency: string } | null = null): SignalOutcome =>
    evaluateBrokenPromise({ type: 'broken-promise', minimum }, day(), { promises: [{ ...promise, ...changed }], translation });

  it.each<[Partial<UnkeptPromise>, string, string]>([
    [{}, 'at-or-above-enter', 'Debtor D1 promised CNY 1,000 by 2024-12-20 and paid nothing of it in time: CNY 1,000 is open'],
    [
      { paidInTime: 40_000n },
      'at-or-above-enter',
      'Debtor D1 promised CNY 1,000 by 2024-12-20 and paid CNY 400 of it in time: CNY 600 is open',
    ],
    [
      { paidLater: 99_999n },
      'at-or-above-enter',
      'Debtor D1 promised CNY 1,000 by 2024-12-20 and paid nothing of it in time: CNY 0.01 is open',
    ],
    [{ paidInTime: 40_000n, paidLater: 60_000n }, 'below-exit', 'Debtor D1 promised CNY 1,000 by 2024-12-20 and has paid it since'],
    [{ madeGood: true }, 'below-exit', 'Debtor D1 promised CNY 1,000 by 2024-12-20 and has kept a later promise'],
  ])('stand until paid to the last cent or made good by a later one: %o', (changed, reason, cause) => {
    const outcome = evaluate(changed);
    expect([reasons(outcome), causes(outcome)]).toEqual([[`D1 P1: ${reason}`], [cause]]);
  });

  it('below the minimum do not matter, and a missing rate says nothing either way', () => {
    expect(reasons(evaluate({ currency: 'EUR' }, { amount: '2000.00', currency: 'CNY' }))).toEqual(['D1 P1: at-or-above-enter']);
    expect(reasons(evaluate({ currency: 'EUR' }, { amount: '2000.01', currency: 'CNY' }))).toEqual(['D1 P1: immaterial']);
    expect(reasons(evaluate({ currency: 'JPY' }, { amount: '1.00', currency: 'CNY' }))).toEqual(['D1 P1: fx-rate-missing']);
  });
});

describe('stale feeds', () => {
  it.each([
    // A Friday, a Monday, a Tuesday.
    ['2024-12-27', '2024-12-30', 1],
    ['2024-12-27', '2024-12-28', 0],
    ['2024-12-28', '2024-12-30', 1],
    ['2024-12-23', '2024-12-30', 5],
    ['2024-12-31', '2024-12-27', 0],
    ['1969-12-29', '1970-01-05', 5],
  ])('from %s to %s are %d business days old, or every Monday would begin with an alert', (from, to, days) => {
    expect(businessDaysBetween(localDate(from), localDate(to))).toBe(days);
  });

  it('are told by feed, and one that never came has no age', () => {
    const outcome = evaluateStaleFeed(
      { type: 'stale-feed', feeds: ['movements', 'receivables', 'close', 'debtors'], enter: '3', calendar: 'business' },
      day(),
      new Map([
        ['movements', '2024-12-26'],
        ['receivables', '2024-12-27'],
        ['close', '2025-01-31'],
      ]),
    );
    expect(reasons(outcome)).toEqual([
      'movements: at-or-above-enter',
      'receivables: below-exit',
      'close: below-exit',
      'debtors: never-fed',
    ]);
    expect(causes(outcome)[0]).toBe('The last import of movements was completed on 2024-12-26, 3 business days before 2024-12-31');
  });
});

describe('failed jobs', () => {
  const rule = { type: 'failed-job', jobs: null, enter: '1' } as const;
  const failed = [
    { job: 'import', key: 'movements', reason: 'the file ends\n in the middle of a row.' },
    { job: 'close', key: '2024-12-31', reason: 'x'.repeat(300) },
  ];

  it('are told by kind with the first reason in one line, and end when nothing of the kind is failed any more', () => {
    const outcome = evaluateFailedJob(rule, day({ job: 'recompute' }), failed);
    expect(reasons(outcome)).toEqual(['close: at-or-above-enter', 'import: at-or-above-enter', 'recompute: below-exit']);
    expect(causes(outcome)[1]).toBe('import movements failed: the file ends in the middle of a row');
    expect(causes(outcome)[0]).toHaveLength('close 2024-12-31 failed: '.length + 200);
  });

  it('of other kinds are not asked about, and fewer than asked for are not told', () => {
    expect(reasons(evaluateFailedJob({ ...rule, jobs: ['close'], enter: '2' }, day(), failed))).toEqual(['close: below-exit']);
  });
});

describe('the checks of the book itself', () => {
  it('tell drift by its first figure, and no reading is no proof that there is none', () => {
    const rule = { type: 'projection-drift', enter: '1' } as const;
    const sampled = { sampledOn: '2024-06-30', compared: 12, differences: [] };
    expect(reasons(evaluateProjectionDrift(rule, day(), sampled))).toEqual(['exposure: below-exit']);
    const differences = [{ figure: 'main / trade / CNY / Up to 6 months', projected: '5', derived: '7' }];
    expect(causes(evaluateProjectionDrift(rule, day(), { ...sampled, differences }))).toEqual([
      '1 of 12 exposures at 2024-06-30 differ from what the log comes to, first main / trade / CNY / Up to 6 months: 5 instead of 7',
    ]);
    expect(evaluateProjectionDrift(rule, day(), null)).toMatchObject({ isMeasurable: false, evaluations: [{ reason: 'not-readable' }] });
  });

  it('tell a broken chain by its first fault; it alone is critical whatever a rule says', () => {
    const problems = [{ kind: 'altered', from: '77', to: '77', detail: 'event 77: its content does not match its hash' }];
    const broken = evaluateBrokenChain({ type: 'broken-chain' }, day(), { sealedTo: '500', seals: 2, problemCount: 3, problems });
    expect(reasons(broken)).toEqual(['log: at-or-above-enter']);
    expect(causes(broken)).toEqual([
      'The log does not verify: event 77: its content does not match its hash (altered, positions 77 to 77), 3 in all',
    ]);
    const whole = evaluateBrokenChain({ type: 'broken-chain' }, day(), { sealedTo: '500', seals: 2, problemCount: 0, problems: [] });
    expect(reasons(whole)).toEqual(['log: below-exit']);
    expect(evaluateBrokenChain({ type: 'broken-chain' }, day(), null).isMeasurable).toBe(false);
    expect(SIGNAL_TYPES.filter((type) => isAlwaysCritical({ type }))).toEqual(['broken-chain']);
  });
});
