import type { AlertDecision, AlertState } from './alert.decider';
import { decideAlert, evolveAlert, initialAlertState } from './alert.decider';
import { closesToDecide } from './closes-to-decide';
import type { Evaluation, MeasuredEvaluation } from './evaluation';
import { movementOf, reasonByThresholds } from './evaluation';
import { Ratio } from '../values/ratio';

const measured = (asOf: string, reason: MeasuredEvaluation['reason']): MeasuredEvaluation => ({
  labels: {},
  asOf,
  baseAsOf: '2023-12-31',
  reason,
  movement: movementOf(Ratio.ZERO, Ratio.of(1n, 10n)),
  subject: 'Share',
  cause: 'It moved',
  inputs: {},
  bridges: [],
  part: null,
});
const noData = (asOf: string): Evaluation => ({ labels: {}, asOf, baseAsOf: null, reason: 'no-base' });

const quiet = initialAlertState;
const firing = evolveAlert(quiet, { type: 'fired', asOf: '2024-06-30', ruleVersion: 1 });
const resolved = evolveAlert(firing, { type: 'resolved', asOf: '2024-07-31' });

describe('deciding an alert', () => {
  const table: readonly (readonly [string, AlertState, Evaluation, AlertDecision])[] = [
    ['a later close has decided', firing, measured('2024-05-31', 'at-or-above-enter'), { decision: 'superseded' }],
    ['a later close has decided, and nothing is known', firing, noData('2024-05-31'), { decision: 'superseded' }],
    ['nothing is known while quiet', quiet, noData('2024-06-30'), { decision: 'no-data' }],
    ['nothing is known while firing', firing, noData('2024-07-31'), { decision: 'no-data' }],
    ['the first breach', quiet, measured('2024-06-30', 'at-or-above-enter'), { decision: 'fire', episode: 1 }],
    ['a breach after a resolution', resolved, measured('2024-08-31', 'at-or-above-enter'), { decision: 'fire', episode: 2 }],
    ['the same breach again', firing, measured('2024-06-30', 'at-or-above-enter'), { decision: 'already-firing' }],
    ['a breach of the next close', firing, measured('2024-07-31', 'at-or-above-enter'), { decision: 'already-firing' }],
    ['back below the exit', firing, measured('2024-07-31', 'below-exit'), { decision: 'resolve', reason: 'below-exit' }],
    ['no longer material', firing, measured('2024-07-31', 'immaterial'), { decision: 'resolve', reason: 'immaterial' }],
    ['between the thresholds while firing', firing, measured('2024-07-31', 'between-exit-and-enter'), { decision: 'stay-firing' }],
    ['between the thresholds while quiet', quiet, measured('2024-07-31', 'between-exit-and-enter'), { decision: 'stay-quiet' }],
    ['below the exit while quiet', quiet, measured('2024-07-31', 'below-exit'), { decision: 'stay-quiet' }],
    ['the same resolution again', resolved, measured('2024-07-31', 'below-exit'), { decision: 'stay-quiet' }],
  ];
  it.each(table)('%s', (_when, state, evaluation, decision) => {
    expect(decideAlert(state, evaluation)).toEqual(decision);
  });

  it('tells a figure that bounces between its two thresholds for 30 closes once, and its end once', () => {
    const enter = Ratio.parse('0.10');
    const exit = Ratio.parse('0.08');
    const shifts = [...Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? '0.101' : '0.085')), '0.01'];
    let state: AlertState = initialAlertState;
    const told: string[] = [];
    shifts.forEach((shift, index) => {
      const asOf = `2024-${String(Math.floor(index / 28) + 1).padStart(2, '0')}-${String((index % 28) + 1).padStart(2, '0')}`;
      const evaluation = measured(asOf, reasonByThresholds(Ratio.parse(shift), enter, exit));
      const { decision } = decideAlert(state, evaluation);
      if (decision === 'fire') state = evolveAlert(state, { type: 'fired', asOf, ruleVersion: 1 });
      if (decision === 'resolve') state = evolveAlert(state, { type: 'resolved', asOf });
      if (decision === 'fire' || decision === 'resolve') told.push(decision);
    });
    expect(told).toEqual(['fire', 'resolve']);
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
