import fc from 'fast-check';
import type { LocalDate } from './local-date';
import {
  addDays,
  addMonths,
  addYears,
  daysBetween,
  earliestReaching,
  endOfMonth,
  fromEpochDay,
  localDate,
  minDate,
  parseLocalDate,
  toEpochDay,
} from './local-date';

const MILLISECONDS_PER_DAY = 86_400_000;
const anyDate = fc.integer({ min: toEpochDay(localDate('1900-01-01')), max: toEpochDay(localDate('2199-12-31')) }).map(fromEpochDay);

describe('parseLocalDate', () => {
  it.each([
    '2024-02-30',
    '2023-02-29',
    '2100-02-29',
    '1900-02-29',
    '2024-04-31',
    '2024-00-10',
    '2024-13-01',
    '2024-01-00',
    '2024-01-32',
    '1899-12-31',
    '2200-01-01',
    '24-01-01',
    '2024-1-01',
    '2024/01/01',
    '2024-01/01',
    '2024-01-0x',
    '2024-01-01T',
    ' 2024-01-01',
    '20240101',
    '+024-01-01',
    '',
  ])('refuses %j, so that no receivable ages from a date that does not exist', (text) => {
    expect(parseLocalDate(text)).toBeUndefined();
  });

  it.each(['2024-02-29', '2000-02-29', '1900-01-01', '2199-12-31', '2024-12-31', '2023-04-30'])(
    'accepts %s, so that no true date is turned away',
    (text) => {
      expect(parseLocalDate(text)).toBe(text);
    },
  );

  it('throws on a wrong constant, so that a typing error in the code is not carried into a figure', () => {
    expect(() => localDate('2023-02-29')).toThrow(RangeError);
  });
});

describe('date arithmetic', () => {
  it('knows every day of three centuries as the platform does, so that no item ages a day wrong', () => {
    const first = toEpochDay(localDate('1900-01-01'));
    const last = toEpochDay(localDate('2199-12-31'));
    for (let day = first; day <= last; day++) {
      const expected = new Date(day * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
      const date = fromEpochDay(day);
      if (date !== expected || toEpochDay(date) !== day || parseLocalDate(expected) !== date) throw new Error(`${expected} became ${date}`);
    }
    expect(toEpochDay(localDate('1970-01-01'))).toBe(0);
  });

  it.each<[string, number, string]>([
    ['2024-01-31', 1, '2024-02-29'],
    ['2023-01-31', 1, '2023-02-28'],
    ['2024-01-31', 2, '2024-03-31'],
    ['2024-08-31', 6, '2025-02-28'],
    ['2024-12-31', 12, '2025-12-31'],
    ['2024-03-31', -1, '2024-02-29'],
    ['2024-01-15', -1, '2023-12-15'],
    ['2024-12-15', 1, '2025-01-15'],
    ['2024-01-15', 11, '2024-12-15'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-05-05', 0, '2024-05-05'],
  ])('%s plus %d months is %s, clamped to the end of the month and never chained', (from, months, to) => {
    expect(addMonths(localDate(from), months)).toBe(to);
  });

  it('a leap day comes back every fourth year, so that four-year buckets do not lose a day', () => {
    expect(addYears(localDate('2024-02-29'), 1)).toBe('2025-02-28');
    expect(addYears(localDate('2024-02-29'), 4)).toBe('2028-02-29');
  });

  it('finds month ends, leap February included, so that closes fall on the right day', () => {
    expect(['2024-02-01', '2023-02-28', '2024-12-31', '2024-04-10'].map((date) => endOfMonth(localDate(date)))).toEqual([
      '2024-02-29',
      '2023-02-28',
      '2024-12-31',
      '2024-04-30',
    ]);
  });

  it('orders dates, so that first come first', () => {
    const [early, late] = [localDate('2023-12-31'), localDate('2024-01-01')];
    expect([minDate(early, late), minDate(late, early)]).toEqual([early, early]);
    expect([daysBetween(early, late), daysBetween(late, early)]).toEqual([1, -1]);
  });

  it('refuses to leave the four-digit calendar, where text order would no longer be date order', () => {
    expect(() => addYears(localDate('2199-01-01'), 8000)).toThrow(RangeError);
    expect(() => addYears(localDate('1900-01-01'), -1900)).toThrow(RangeError);
    expect(addYears(localDate('1900-01-01'), -1899)).toBe('0001-01-01');
  });

  it('adding days and counting days agree, so that days past due are what the calendar says', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -20_000, max: 20_000 }), (date, days) => {
        expect(daysBetween(date, addDays(date, days))).toBe(days);
      }),
    );
  });

  it('the earliest date that reaches another is exact, so that thresholds put month ends in the right bucket', () => {
    const reaches = (from: LocalDate, months: number, to: LocalDate): boolean => addMonths(from, months) >= to;
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 0, max: 600 }), (date, months) => {
        const earliest = earliestReaching(date, months);
        expect(reaches(earliest, months, date)).toBe(true);
        expect(reaches(addDays(earliest, -1), months, date)).toBe(false);
      }),
    );
  });
});
