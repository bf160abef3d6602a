import type { AlertDecisionName, AlertState, AlertTransition, DecidingSettings } from './alert.decider';
import { decideAlert, evolveAlert, initialAlertState, statusOf } from './alert.decider';
import { closesToDecide } from './closes-to-decide';
import type { Evaluation, EvaluationReason, MeasuredEvaluation } from './evaluation';
import { movementOf, reasonByThresholds } from './evaluation';
import { Ratio } from '../values/ratio';

const ENTER = Ratio.parse('0.10');
const EXIT = Ratio.parse('0.08');
const once: DecidingSettings = { forPeriods: 1, recoverPeriods: 1, worsenBy: '0.5', enter: ENTER };
const lasting: DecidingSettings = { ...once, forPeriods: 3, recoverPeriods: 2 };

const DAYS = ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30', '2024-05-31', '2024-06-30', '2024-07-31', '2024-08-31'] as const;
const [A, B, C, D, E] = DAYS;

function measured(asOf: string, change: string, reason?: MeasuredEvaluation['reason']): MeasuredEvaluation {
  const size = Ratio.parse(change);
  return {
    labels: {},
    asOf,
    baseAsOf: '2023-12-31',
    reason: reason ?? reasonByThresholds(size.absolute(), ENTER, EXIT),
    movement: movementOf(Ratio.ZERO, size),
    subject: 'Share',
    cause: 'It moved',
    inputs: {},
    bridges: [],
    part: null,
  };
}
type Unsaid = Exclude<EvaluationReason, MeasuredEvaluation['reason']>;
const unmeasured = (asOf: string, reason: Unsaid = 'no-base'): Evaluation => ({ labels: {}, asOf, baseAsOf: null, reason });
const BREACH = '0.12';
const BETWEEN = '0.09';
const CLEAR = '0.01';

/** Decides one after the other and answers what each came to. */
function decideAll(
  evaluations: readonly (Evaluation | { readonly asOf: string; readonly reason: 'nothing-left' })[],
  settings: DecidingSettings,
): { names: AlertDecisionName[]; transitions: AlertTransition[]; state: AlertState } {
  let state = initialAlertState;
  const names: AlertDecisionName[] = [];
  const transitions: AlertTransition[] = [];
  for (const evaluation of evaluations) {
    const decision = decideAlert(state, evaluation, settings);
    names.push(decision.decision);
    transitions.push(...decision.transitions);
    state = decision.transitions.reduce(evolveAlert, state);
  }
  return { names, transitions, state };
}

describe('deciding an alert', () => {
  const table: readonly (readonly [string, DecidingSettings, Parameters<typeof decideAll>[0], readonly AlertDecisionName[]])[] = [
    ['fires at the first breach where one period is enough', once, [measured(A, BREACH)], ['fire']],
    ['decides the same breach once', once, [measured(A, BREACH), measured(A, BREACH)], ['fire', 'already-firing']],
    ['leaves a date before the last transition alone', once, [measured(B, BREACH), measured(A, CLEAR)], ['fire', 'superseded']],
    ['leaves it alone when nothing is known of it either', once, [measured(B, BREACH), unmeasured(A)], ['fire', 'superseded']],
    ['neither fires nor counts without figures', lasting, [unmeasured(A), measured(B, BREACH)], ['no-data', 'pending']],
    [
      'fires after three breaches in a row',
      lasting,
      [measured(A, BREACH), measured(B, BREACH), measured(C, BREACH)],
      ['pending', 'pending', 'fire'],
    ],
    [
      'never counts a date twice, however often it is evaluated',
      lasting,
      [measured(A, BREACH), measured(A, BREACH), measured(A, BREACH), measured(B, BREACH)],
      ['pending', 'pending', 'pending', 'pending'],
    ],
    [
      'replaces what a date counted when its figures change, both ways',
      lasting,
      [measured(A, BREACH), measured(B, BREACH), measured(B, CLEAR), measured(B, BREACH), measured(C, BREACH)],
      ['pending', 'pending', 'stood-down', 'pending', 'fire'],
    ],
    [
      'starts to count anew after a period without a breach',
      lasting,
      [measured(A, BREACH), measured(B, BETWEEN), measured(C, BREACH), measured(D, BREACH)],
      ['pending', 'stood-down', 'pending', 'pending'],
    ],
    [
      'keeps what counted over a gap in the figures',
      lasting,
      [measured(A, BREACH), unmeasured(B), measured(C, BREACH), measured(D, BREACH)],
      ['pending', 'no-data', 'pending', 'fire'],
    ],
    ['is not resolved by missing figures', once, [measured(A, BREACH), unmeasured(B)], ['fire', 'no-data']],
    ['is not resolved by a rule that broke down', once, [measured(A, BREACH), unmeasured(B, 'evaluation-failed')], ['fire', 'error']],
    ['resolves below the exit', once, [measured(A, BREACH), measured(B, CLEAR)], ['fire', 'resolve']],
    ['resolves when it no longer matters', once, [measured(A, BREACH), measured(B, BREACH, 'immaterial')], ['fire', 'resolve']],
    ['resolves when nothing is left to measure', once, [measured(A, BREACH), { asOf: B, reason: 'nothing-left' }], ['fire', 'resolve']],
    ['stands between the thresholds', once, [measured(A, BREACH), measured(B, BETWEEN)], ['fire', 'stay-firing']],
    ['stays quiet between the thresholds', once, [measured(A, BETWEEN)], ['stay-quiet']],
    ['resolves only once', once, [measured(A, BREACH), measured(B, CLEAR), measured(B, CLEAR)], ['fire', 'resolve', 'stay-quiet']],
    [
      'recovers over two clear periods',
      { ...once, recoverPeriods: 2 },
      [measured(A, BREACH), measured(B, CLEAR), measured(B, CLEAR), measured(C, CLEAR)],
      ['fire', 'recovering', 'recovering', 'resolve'],
    ],
    [
      'is back when it breaches before it has recovered, and tells nothing new',
      { ...once, recoverPeriods: 2 },
      [measured(A, BREACH), measured(B, CLEAR), measured(C, BREACH), measured(D, CLEAR), measured(E, CLEAR)],
      ['fire', 'recovering', 'back', 'recovering', 'resolve'],
    ],
    [
      'counts again a recovery that was thought to be over',
      { ...once, recoverPeriods: 2 },
      [measured(A, BREACH), measured(B, CLEAR), measured(C, BREACH), measured(C, CLEAR)],
      ['fire', 'recovering', 'back', 'resolve'],
    ],
    [
      'is worse by half of the entry threshold beyond what was told, and again by as much',
      once,
      [measured(A, '0.12'), measured(B, '0.16'), measured(C, '0.17'), measured(D, '0.21'), measured(E, '0.22')],
      ['fire', 'already-firing', 'worsened', 'already-firing', 'worsened'],
    ],
    ['is worse downwards when it fired downwards', once, [measured(A, '-0.12'), measured(B, '-0.18')], ['fire', 'worsened']],
    ['is news when it turned and is out the other way', once, [measured(A, '-0.12'), measured(B, '0.12')], ['fire', 'worsened']],
    [
      'fires anew after a resolution',
      once,
      [measured(A, BREACH), measured(B, CLEAR), measured(C, BREACH), measured(D, CLEAR)],
      ['fire', 'resolve', 'fire', 'resolve'],
    ],
  ];
  it.each(table)('%s', (_what, settings, evaluations, names) => {
    expect(decideAll(evaluations, settings).names).toEqual(names);
  });

  it('says that the figures of an open alert are missing once, why, and when they are back', () => {
    const evaluations = [
      measured(A, BREACH),
      unmeasured(B),
      unmeasured(C, 'no-snapshot'),
      unmeasured(D, 'evaluation-failed'),
      measured(E, BREACH),
    ];
    const { transitions, state } = decideAll(evaluations, once);
    expect(transitions.map(({ type, asOf }) => `${type} ${asOf}`)).toEqual([`fired ${A}`, `no-data ${B}`, `no-data ${D}`, `measured ${E}`]);
    expect([statusOf(state), state.gap]).toEqual(['firing', null]);
  });

  it('counts an episode from its first pending period, and names the periods that made it fire', () => {
    const { transitions, state } = decideAll(
      [measured(A, BREACH), measured(B, CLEAR), measured(C, BREACH), measured(D, BREACH), measured(E, BREACH)],
      lasting,
    );
    expect(state.episodes).toBe(2);
    expect(transitions.at(-1)).toMatchObject({ type: 'fired', periods: [C, D, E] });
  });
});

describe('a figure that bounces round its threshold for 30 periods', () => {
  /** A fixed sequence of numbers that look random: a failure can be run again. */
  const random = (seed: number): (() => number) => {
    let state = seed;
    return () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
  };
  const date = (index: number): string => new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10);
  const toldOf = (changes: readonly string[], settings: DecidingSettings): string[] =>
    decideAll(
      changes.map((change, index) => measured(date(index), change)),
      settings,
    )
      .transitions.map(({ type }) => type)
      .filter((type) => type === 'fired' || type === 'worsened' || type === 'resolved');

  it.each(Array.from({ length: 200 }, (_, seed) => seed))('is told once, and its end once (seed %i)', (seed) => {
    const next = random(seed + 1);
    const settings = { ...once, recoverPeriods: 2 };
    let wasBelow = true;
    const bouncing = Array.from({ length: 30 }, () => {
      // Anything from below the exit to above the entry; two dips in a row would be a recovery.
      const change = 0.07 + Math.floor(next() * 60) / 1000;
      const isBelow = change < 0.08;
      const kept = isBelow && wasBelow ? 0.1 : change;
      wasBelow = kept < 0.08;
      return kept.toFixed(3);
    });
    expect(toldOf(['0.100', ...bouncing, '0.010', '0.010'], settings)).toEqual(['fired', 'resolved']);
  });
});

describe('which closes a rule decides', () => {
  const close = (asOf: string, recordedAt: bigint): { asOf: string; recordedAt: bigint } => ({ asOf, recordedAt });
  const untouched = { recordedAt: 0n, decided: new Set<string>() };

  it('decides closes that were made one after the other in as-of order, even when they are heard of together', () => {
    expect(closesToDecide([close('2024-02-29', 20n), close('2024-01-31', 10n)], untouched)).toEqual(['2024-01-31', '2024-02-29']);
  });

  it('tells no old news when an old book is loaded after a newer one', () => {
    const closes = [close('2024-12-31', 10n), close('2022-12-31', 20n), close('2023-12-31', 30n)];
    expect(closesToDecide(closes, untouched)).toEqual(['2024-12-31']);
  });

  it('tells nothing about the past of a rule, but looks at the latest close at once', () => {
    const closes = [close('2024-01-31', 10n), close('2024-02-29', 20n)];
    expect(closesToDecide(closes, { recordedAt: 30n, decided: new Set() })).toEqual(['2024-02-29']);
  });

  it('decides a close that is no longer the latest only once, and the latest as often as it changes', () => {
    const closes = [close('2024-01-31', 10n), close('2024-02-29', 20n)];
    expect(closesToDecide(closes, { recordedAt: 0n, decided: new Set(['2024-01-31', '2024-02-29']) })).toEqual(['2024-02-29']);
  });
});
