import type { AssessmentPoolFact, DebtorPoolFact } from './pool-assignment';
import { BEGINNING_OF_TIME as BEGIN, END_OF_TIME as END, poolIntervals } from './pool-assignment';

const fact = (effectiveOn: string, position: number, segment: string, relatedParty = false): DebtorPoolFact => ({
  effectiveOn,
  position: BigInt(position),
  segment,
  relatedParty,
});
const assessed = (effectiveOn: string, position: number, over: Partial<AssessmentPoolFact> = {}): AssessmentPoolFact => ({
  effectiveOn,
  position: BigInt(position),
  entityId: null,
  kinds: null,
  release: false,
  ...over,
});
const trade = { entityId: 'main', kind: 'trade' };
const short = (intervals: ReturnType<typeof poolIntervals>): string =>
  intervals.map((i) => `${i.from}..${i.to} ${i.segment}${i.relatedParty ? ' related' : ''}${i.assessed ? ' assessed' : ''}`).join(', ');

describe('the pools of a line over time', () => {
  it.each([
    ['one fact covers all time', [fact('2024-05-01', 1, 'a')], [], `${BEGIN}..${END} a`],
    [
      'a later fact takes over on its day',
      [fact('2024-01-01', 1, 'a'), fact('2024-06-01', 2, 'b')],
      [],
      `${BEGIN}..2024-06-01 a, 2024-06-01..${END} b`,
    ],
    [
      'a back-dated fact holds until the next known one',
      [fact('2024-01-01', 1, 'a'), fact('2024-06-01', 2, 'b'), fact('2024-03-01', 3, 'c')],
      [],
      `${BEGIN}..2024-03-01 a, 2024-03-01..2024-06-01 c, 2024-06-01..${END} b`,
    ],
    [
      'of two facts of one day the one recorded last counts',
      [fact('2024-01-01', 1, 'a'), fact('2024-01-01', 2, 'b')],
      [],
      `${BEGIN}..${END} b`,
    ],
    [
      'of two later facts of one day likewise',
      [fact('2024-01-01', 1, 'a'), fact('2024-02-01', 3, 'c'), fact('2024-02-01', 2, 'b')],
      [],
      `${BEGIN}..2024-02-01 a, 2024-02-01..${END} c`,
    ],
    [
      'an amendment that changes nothing yields nothing',
      [fact('2024-01-01', 1, 'a'), fact('2024-02-01', 2, 'a')],
      [],
      `${BEGIN}..${END} a`,
    ],
    [
      'an assessment carves out from its day',
      [fact('2024-01-01', 1, 'a')],
      [assessed('2024-03-01', 2)],
      `${BEGIN}..2024-03-01 a, 2024-03-01..${END} a assessed`,
    ],
    [
      'a release leads back to the matrix',
      [fact('2024-01-01', 1, 'a')],
      [assessed('2024-03-01', 2), assessed('2024-09-01', 3, { release: true })],
      `${BEGIN}..2024-03-01 a, 2024-03-01..2024-09-01 a assessed, 2024-09-01..${END} a`,
    ],
    [
      'an assessment on the first fact’s own day still has a before',
      [fact('2024-01-01', 1, 'a')],
      [assessed('2024-01-01', 2)],
      `${BEGIN}..2024-01-01 a, 2024-01-01..${END} a assessed`,
    ],
    [
      'one of another entity does not touch it',
      [fact('2024-01-01', 1, 'a')],
      [assessed('2024-03-01', 2, { entityId: 'sub' })],
      `${BEGIN}..${END} a`,
    ],
    [
      'one of other kinds does not touch it',
      [fact('2024-01-01', 1, 'a')],
      [assessed('2024-03-01', 2, { kinds: ['other'] })],
      `${BEGIN}..${END} a`,
    ],
    [
      'a related party stays unrelated before the day it became one',
      [fact('2023-01-01', 1, 'a'), fact('2024-02-01', 2, 'a', true)],
      [],
      `${BEGIN}..2024-02-01 a, 2024-02-01..${END} a related`,
    ],
  ])('%s, or last year’s segment figures would change', (_name, facts, assessments, expected) => {
    expect(short(poolIntervals(trade, facts, assessments))).toBe(expected);
  });
});
