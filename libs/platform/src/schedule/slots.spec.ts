import { slotOf } from './slots';

describe('slots of a schedule', () => {
  it('name the minute and the hour in UTC, or the hour that clocks repeat in autumn would be skipped', () => {
    const before = new Date('2026-10-25T00:59:59Z');
    const after = new Date('2026-10-25T01:00:00Z');
    expect([slotOf('minute', before, 'Europe/Berlin'), slotOf('minute', after, 'Europe/Berlin')]).toEqual([
      '2026-10-25T00:59',
      '2026-10-25T01:00',
    ]);
    expect([slotOf('hour', before, 'Europe/Berlin'), slotOf('hour', after, 'Europe/Berlin')]).toEqual(['2026-10-25T00', '2026-10-25T01']);
  });

  it.each([
    ['2026-11-22T15:59:59Z', 'Asia/Shanghai', '2026-11-22'],
    ['2026-11-22T16:00:00Z', 'Asia/Shanghai', '2026-11-23'],
    ['2026-11-22T23:59:59Z', 'UTC', '2026-11-22'],
    // 23 and 25 hours long.
    ['2026-03-28T23:00:00Z', 'Europe/Berlin', '2026-03-29'],
    ['2026-03-29T21:59:59Z', 'Europe/Berlin', '2026-03-29'],
    ['2026-03-29T22:00:00Z', 'Europe/Berlin', '2026-03-30'],
    ['2026-10-24T22:00:00Z', 'Europe/Berlin', '2026-10-25'],
    ['2026-10-25T22:59:59Z', 'Europe/Berlin', '2026-10-25'],
    ['2026-10-25T23:00:00Z', 'Europe/Berlin', '2026-10-26'],
  ])('put %s in %s into the day %s, or a daily check would run twice or not at all', (instant, zone, day) => {
    expect(slotOf('day', new Date(instant), zone)).toBe(day);
  });
});
