import { figureQuery, instantSchema, positionNumber } from './figures';

describe('the query of a figure', () => {
  it.each([
    ['a leap day', '2024-02-29', true],
    ['a leap day of a common year', '2025-02-29', false],
    ['a thirteenth month', '2026-13-01', false],
    ['an instant', '2026-01-01T00:00:00Z', false],
    ['nothing', '', false],
  ])('%s as asOf', (_what, asOf, accepted) => {
    expect(figureQuery.safeParse({ asOf }).success).toBe(accepted);
  });

  it.each([
    ['UTC', '2026-01-05T09:30:00Z', '2026-01-05T09:30:00Z'],
    ['microseconds, as answers give them', '2026-01-05T09:30:00.123456Z', '2026-01-05T09:30:00.123456Z'],
    ['a zone', '2026-01-05T09:30:00+08:00', '2026-01-05T09:30:00+08:00'],
    ['a zone whose plus became a space', '2026-01-05T09:30:00 08:00', '2026-01-05T09:30:00+08:00'],
    ['no zone', '2026-01-05T09:30:00', undefined],
    ['a day that does not exist', '2026-02-30T00:00:00Z', undefined],
    ['an hour that does not exist', '2026-02-20T25:00:00Z', undefined],
    ['a date', '2026-02-20', undefined],
  ])('%s as knownAt', (_what, sent, understood) => {
    const parsed = instantSchema.safeParse(sent);
    expect(parsed.success ? parsed.data : undefined).toBe(understood);
  });

  it('says which years it takes, so that nobody looks for a mistake in 9999-12-31', () => {
    const parsed = figureQuery.safeParse({ asOf: '9999-12-31' });
    expect(parsed.error?.issues[0]?.message).toBe('Expected a day of the calendar as YYYY-MM-DD, in the years 1900 to 2199');
  });

  it('refuses a parameter it does not know, or a mistyped date silently gives the figures of today', () => {
    expect(figureQuery.safeParse({ asof: '2026-01-01' }).success).toBe(false);
  });

  it('never rounds a position', () => {
    expect(positionNumber(2n ** 53n - 1n)).toBe(9007199254740991);
    expect(() => positionNumber(2n ** 53n)).toThrow(RangeError);
  });
});
