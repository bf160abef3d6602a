import { localDate } from '../../values';
import { chasingStateOf, isWhollyPaused, pausesOf, type PausingFact } from './chasing-state';

const fact = (stated: Partial<PausingFact>): PausingFact => ({
  cause: 'promise',
  id: 'p',
  receivableIds: null,
  by: { type: 'PromiseMade', position: 1n, on: localDate('2026-03-01') },
  until: localDate('2026-03-10'),
  ended: null,
  ...stated,
});
const broken = { type: 'PromiseBroken', position: 9n, on: localDate('2026-03-11'), reason: 'broken' };

describe('chasing', () => {
  it('rests while a promise is open and goes on from the day it is broken, each by its event', () => {
    const facts = [fact({ ended: broken })];
    expect(chasingStateOf(facts, localDate('2026-03-10'))).toMatchObject({ pauses: [{ by: { type: 'PromiseMade' } }], resumed: [] });
    expect(chasingStateOf(facts, localDate('2026-03-11'))).toMatchObject({ pauses: [], resumed: [{ ended: { type: 'PromiseBroken' } }] });
  });

  it('does not rest before the promise was made', () => {
    expect(chasingStateOf([fact({})], localDate('2026-02-28'))).toEqual({ pauses: [], resumed: [] });
  });

  it('rests for the disputed items only', () => {
    const state = chasingStateOf([fact({ cause: 'dispute', receivableIds: ['A'], until: null })], localDate('2026-03-05'));
    expect([pausesOf(state, 'A').length, pausesOf(state, 'B').length, isWhollyPaused(state)]).toEqual([1, 0, false]);
  });

  it('rests on while one pause of several lasts', () => {
    const state = chasingStateOf(
      [fact({ ended: broken }), fact({ id: 'plan', cause: 'payment-plan', receivableIds: ['A'] })],
      localDate('2026-03-12'),
    );
    expect(pausesOf(state, 'A').map(({ id }) => id)).toEqual(['plan']);
  });
});
