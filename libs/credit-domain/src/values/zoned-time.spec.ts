import { instantOf, nextDaily, zonedTime } from './zoned-time';
import { localDate } from './local-date';

const utc = (text: string): number => Date.parse(text);
const shown = (instant: number): string => new Date(instant).toISOString().slice(0, 16);

describe('times of a zone', () => {
  const table: readonly (readonly [what: string, zone: string, date: string, time: string, instant: string])[] = [
    ['a winter day', 'Europe/Berlin', '2024-01-15', '08:00', '2024-01-15T07:00'],
    ['a summer day', 'Europe/Berlin', '2024-07-15', '08:00', '2024-07-15T06:00'],
    ['the morning the clocks went forward', 'Europe/Berlin', '2024-03-31', '08:00', '2024-03-31T06:00'],
    ['a time the clocks skip: as long after it', 'Europe/Berlin', '2024-03-31', '02:30', '2024-03-31T01:30'],
    ['the morning the clocks went back', 'Europe/Berlin', '2024-10-27', '08:00', '2024-10-27T07:00'],
    ['a time the clocks show twice: the first', 'Europe/Berlin', '2024-10-27', '02:30', '2024-10-27T00:30'],
    ['the other half of the world, before midnight in UTC', 'Asia/Shanghai', '2024-03-05', '07:00', '2024-03-04T23:00'],
    ['a zone of half an hour', 'Asia/Kolkata', '2024-03-05', '09:00', '2024-03-05T03:30'],
    ['clocks that go forward at midnight', 'America/Santiago', '2024-09-08', '00:30', '2024-09-08T04:30'],
    ['half an hour of daylight saving', 'Australia/Lord_Howe', '2024-10-06', '08:00', '2024-10-05T21:00'],
  ];
  it.each(table)('%s', (_what, zone, date, time, instant) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    expect(shown(instantOf({ date: localDate(date), minutes: hours * 60 + minutes }, zone))).toBe(instant);
  });

  it('are read back as they were written, every quarter of an hour of two years with their changes', () => {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata']) {
      for (let instant = utc('2024-01-01T00:00Z'); instant < utc('2025-01-01T00:00Z'); instant += 15 * 60_000 * 7) {
        const time = zonedTime(instant, zone);
        const back = instantOf(time, zone);
        // Of an hour that is shown twice, the first.
        expect(back === instant || (back < instant && instant - back <= 3_600_000)).toBe(true);
        expect(zonedTime(back, zone)).toEqual(time);
      }
    }
  });

  it('come once a day, also on days of 23 and 25 hours', () => {
    let instant = utc('2024-03-29T12:00Z');
    const days = Array.from({ length: 4 }, () => (instant = nextDaily(instant, 8 * 60, 'Europe/Berlin'))).map(shown);
    expect(days).toEqual(['2024-03-30T07:00', '2024-03-31T06:00', '2024-04-01T06:00', '2024-04-02T06:00']);
    expect(shown(nextDaily(utc('2024-10-26T12:00Z'), 8 * 60, 'Europe/Berlin'))).toBe('2024-10-27T07:00');
  });
});
