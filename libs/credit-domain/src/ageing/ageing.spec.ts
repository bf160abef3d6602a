import fc from 'fast-check';
import type { AgeBucket, AgeingScheme } from '.';
import { BUILT_IN_SCHEMES, anchorThresholds, bucketByThresholds, bucketOf, builtInScheme, limitReachedOn, validateAgeingScheme } from '.';
import type { LocalDate } from '../values/local-date';
import { addDays, addMonths, daysBetween, fromEpochDay, localDate, toEpochDay } from '../values/local-date';

const scheme = (id: string): AgeingScheme => {
  const found = builtInScheme(id);
  if (found === undefined) throw new Error(id);
  return found;
};
const label = (id: string, asOf: string, anchor: string): string | undefined =>
  scheme(id).buckets[bucketOf(scheme(id), localDate(asOf), localDate(anchor))]?.label;

describe('bucketOf', () => {
  it.each<[string, string, string]>([
    ['2024-12-31', '2025-06-01', 'Up to 6 months'],
    ['2024-12-31', '2024-12-31', 'Up to 6 months'],
    ['2024-12-31', '2024-07-01', 'Up to 6 months'],
    ['2024-12-31', '2024-06-30', '6 months to 1 year'],
    ['2024-12-30', '2024-06-30', 'Up to 6 months'],
    ['2024-12-31', '2023-12-31', '6 months to 1 year'],
    ['2024-12-31', '2023-12-30', '1 to 2 years'],
    ['2024-12-31', '2022-12-31', '1 to 2 years'],
    ['2024-12-31', '2022-12-30', '2 to 3 years'],
    ['2024-12-31', '2021-12-31', '2 to 3 years'],
    ['2024-12-31', '2021-12-30', '3 to 4 years'],
    ['2024-12-31', '2020-12-31', '3 to 4 years'],
    ['2024-12-31', '2020-12-30', 'Over 4 years'],
    ['2024-02-29', '2023-08-31', 'Up to 6 months'],
    ['2024-03-01', '2023-08-31', '6 months to 1 year'],
    ['2024-08-31', '2024-02-29', '6 months to 1 year'],
    ['2024-08-29', '2024-02-29', 'Up to 6 months'],
    ['2025-02-28', '2024-02-29', '6 months to 1 year'],
    ['2025-03-01', '2024-02-29', '1 to 2 years'],
  ])('at %s an item recognised on %s is "%s": the upper bound counts, months end early where they must', (asOf, anchor, expected) => {
    expect(label('months-6-12-24-36-48', asOf, anchor)).toBe(expected);
  });

  it.each<[string, string]>([
    ['2024-12-31', 'Current'],
    ['2025-01-01', 'Current'],
    ['2024-12-30', '1-30'],
    ['2024-12-01', '1-30'],
    ['2024-11-30', '31-60'],
    ['2024-11-01', '31-60'],
    ['2024-10-31', '61-90'],
    ['2024-10-02', '61-90'],
    ['2024-10-01', 'Over 90'],
  ])('due on %s is "%s" at year end, so that nobody is chased a day early', (due, expected) => {
    expect(label('days-past-due-30-60-90', '2024-12-31', due)).toBe(expected);
  });

  it('the shorter built-in scheme ends with more than three years, as the ageing note prints it', () => {
    expect(label('months-6-12-24-36', '2024-12-31', '2021-12-30')).toBe('More than 3 years');
    expect(label('months-6-12-24-36', '2024-12-31', '2021-12-31')).toBe('2 to 3 years');
    expect(builtInScheme('months-6')).toBeUndefined();
    expect(BUILT_IN_SCHEMES.map(({ id, basis, buckets }) => [id, basis, buckets.map((bucket) => bucket.label)])).toEqual([
      [
        'months-6-12-24-36-48',
        'recognition',
        ['Up to 6 months', '6 months to 1 year', '1 to 2 years', '2 to 3 years', '3 to 4 years', 'Over 4 years'],
      ],
      ['months-6-12-24-36', 'recognition', ['Up to 6 months', '6 months to 1 year', '1 to 2 years', '2 to 3 years', 'More than 3 years']],
      ['days-past-due-30-60-90', 'due', ['Current', '1-30', '31-60', '61-90', 'Over 90']],
    ]);
  });
});

describe('anchorThresholds', () => {
  const mixed: AgeingScheme = {
    id: 'mixed',
    basis: 'due',
    buckets: [
      { label: 'a', upTo: { unit: 'days', count: 0 } },
      { label: 'b', upTo: { unit: 'days', count: 27 } },
      { label: 'c', upTo: { unit: 'months', count: 1 } },
      { label: 'd', upTo: { unit: 'days', count: 45 } },
      { label: 'e', upTo: { unit: 'months', count: 6 } },
      { label: 'f', upTo: { unit: 'days', count: 364 } },
      { label: 'g', upTo: { unit: 'years', count: 1 } },
      { label: 'h', upTo: { unit: 'years', count: 4 } },
      { label: 'i', over: true },
    ],
  };

  it('names the earliest anchor of each bucket, so that SQL can bucket by comparing dates', () => {
    expect(anchorThresholds(scheme('months-6-12-24-36-48'), localDate('2024-12-31'))).toEqual([
      '2024-07-01',
      '2023-12-31',
      '2022-12-31',
      '2021-12-31',
      '2020-12-31',
    ]);
    expect(anchorThresholds(scheme('days-past-due-30-60-90'), localDate('2024-12-31'))).toEqual([
      '2024-12-31',
      '2024-12-01',
      '2024-11-01',
      '2024-10-02',
    ]);
  });

  it('agrees with the forward rule for every anchor of six years around leap and month ends, so that totals equal their items', () => {
    const asOfDates = [
      '2024-02-28',
      '2024-02-29',
      '2024-03-01',
      '2023-02-28',
      '2024-08-31',
      '2024-12-31',
      '2025-01-31',
      '2100-02-28',
      '2100-03-01',
    ];
    for (const asOf of asOfDates.map(localDate)) {
      for (const candidate of [...BUILT_IN_SCHEMES, mixed]) {
        const thresholds = anchorThresholds(candidate, asOf);
        for (let back = -40; back < 6 * 366; back++) {
          const anchor = addDays(asOf, -back);
          const expected = bucketOf(candidate, asOf, anchor);
          if (bucketByThresholds(thresholds, anchor) !== expected)
            throw new Error(`${candidate.id} ${asOf} ${anchor}: ${String(expected)}`);
        }
      }
    }
  });

  it('agrees with the forward rule for any accepted scheme and any two dates, so that the fast path is never a different answer', () => {
    const anyDate = fc.integer({ min: toEpochDay(localDate('1950-01-01')), max: toEpochDay(localDate('2150-12-31')) }).map(fromEpochDay);
    const limit = fc.oneof(
      fc.record({ unit: fc.constant('days' as const), count: fc.integer({ min: 0, max: 4000 }) }),
      fc.record({ unit: fc.constant('months' as const), count: fc.integer({ min: 0, max: 130 }) }),
      fc.record({ unit: fc.constant('years' as const), count: fc.integer({ min: 0, max: 11 }) }),
    );
    const days = ({ unit, count }: { unit: string; count: number }): number =>
      count * (unit === 'days' ? 1 : unit === 'months' ? 30.44 : 365.25);
    const schemes = fc.array(limit, { minLength: 1, maxLength: 8 }).map((limits): unknown => ({
      id: 'generated',
      basis: 'due',
      buckets: [
        ...limits.sort((left, right) => days(left) - days(right)).map((upTo, index) => ({ label: `b${String(index)}`, upTo })),
        { label: 'over', over: true },
      ],
    }));
    let accepted = 0;
    fc.assert(
      fc.property(schemes, anyDate, fc.integer({ min: -40, max: 4100 }), (input, asOf, age) => {
        const validated = validateAgeingScheme(input);
        if (!validated.ok) return;
        accepted++;
        const anchor = addDays(asOf, -age);
        const thresholds = anchorThresholds(validated.scheme, asOf);
        expect(bucketByThresholds(thresholds, anchor)).toBe(bucketOf(validated.scheme, asOf, anchor));
        thresholds.forEach((threshold, index) => {
          const bucket = validated.scheme.buckets[index];
          if (bucket === undefined || !('upTo' in bucket)) throw new Error('only the last bucket is open');
          expect(limitReachedOn(threshold, bucket.upTo) >= asOf).toBe(true);
          expect(limitReachedOn(addDays(threshold, -1), bucket.upTo) < asOf).toBe(true);
          if (index > 0) expect(threshold <= (thresholds[index - 1] as LocalDate)).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});

describe('validateAgeingScheme', () => {
  const over = { label: 'Over', over: true };
  const days = (name: string, count: unknown): object => ({ label: name, upTo: { days: count } });
  const refusal = (buckets: unknown, rest: object = { id: 'own', basis: 'due' }): { field?: string; detail: string }[] => {
    const validated = validateAgeingScheme({ ...rest, buckets });
    return validated.ok
      ? []
      : validated.refusals.map(({ code, ...other }) => ({ ...other, ...(code === 'ageing-scheme-invalid' ? {} : { code }) }));
  };

  it('accepts a scheme as sent and as stored alike, so that a stored scheme can be read again', () => {
    const sent = validateAgeingScheme({
      id: 'own',
      basis: 'due',
      buckets: [days('Current', 0), { label: 'Quarter', upTo: { months: 3 } }, { label: 'Year', upTo: { years: 1 } }, over],
    });
    const buckets: AgeBucket[] = [
      { label: 'Current', upTo: { unit: 'days', count: 0 } },
      { label: 'Quarter', upTo: { unit: 'months', count: 3 } },
      { label: 'Year', upTo: { unit: 'years', count: 1 } },
      { label: 'Over', over: true },
    ];
    expect(sent).toEqual({ ok: true, scheme: { id: 'own', basis: 'due', buckets } });
    expect(validateAgeingScheme({ id: 'own', basis: 'due', buckets })).toEqual(sent);
  });

  it.each<[string, unknown, string, string]>([
    ['no list', undefined, 'buckets', 'a list that ends'],
    ['an empty list', [], 'buckets', 'a list that ends'],
    ['too many', Array(25).fill(over), 'buckets', 'at most 24'],
    ['not an object', [null, over], 'buckets[0]', 'bucket 1 is not an object'],
    ['neither limit nor over', [{ label: 'A' }, over], 'buckets[0]', '"A" needs either'],
    ['both', [{ label: 'A', upTo: { days: 1 }, over: true }, over], 'buckets[0]', '"A" needs either'],
    ['over: false', [{ label: 'A', over: false }, over], 'buckets[0]', '"A" needs either'],
    ['over in the middle', [{ label: 'A', over: true }, over], 'buckets[0]', '"A" is open-ended but not the last'],
    ['no open end', [days('A', 1)], 'buckets[0]', '"A" is the last'],
    ['a fraction', [days('A', 1.5), over], 'buckets[0].upTo', '"A": upTo must be a whole number'],
    ['negative', [days('A', -1), over], 'buckets[0].upTo', 'whole number'],
    ['text', [days('A', '30'), over], 'buckets[0].upTo', 'whole number'],
    ['too long in days', [days('A', 36_526), over], 'buckets[0].upTo', 'at most 36525 days'],
    ['too long in months', [{ label: 'A', upTo: { months: 1201 } }, over], 'buckets[0].upTo', 'at most 1200 months'],
    ['too long in years', [{ label: 'A', upTo: { years: 101 } }, over], 'buckets[0].upTo', 'at most 100 years'],
    ['unknown unit', [{ label: 'A', upTo: { weeks: 1 } }, over], 'buckets[0].upTo', 'one of {days}'],
    ['two units', [{ label: 'A', upTo: { days: 1, months: 1 } }, over], 'buckets[0].upTo', 'one of {days}'],
    ['no unit', [{ label: 'A', upTo: {} }, over], 'buckets[0].upTo', 'one of {days}'],
    ['limit not an object', [{ label: 'A', upTo: 30 }, over], 'buckets[0].upTo', 'one of {days}'],
    ['unlabelled', [days('', 1), over], 'buckets[0].label', 'bucket 1 needs a label'],
    ['label of spaces', [days('  ', 1), over], 'buckets[0].label', 'needs a label'],
    ['outer spaces', [days('A ', 1), over], 'buckets[0].label', 'needs a label'],
    ['long label', [days('A'.repeat(61), 1), over], 'buckets[0].label', 'needs a label'],
    ['the wildcard as label', [days('*', 1), over], 'buckets[0].label', 'needs a label'],
    ['label twice', [days('A', 1), days('A', 2), over], 'buckets[1].label', '"A" is used twice'],
    ['equal limits', [days('A', 30), days('B', 30), over], 'buckets[1].upTo', '"B" must end later than bucket "A"'],
    ['falling limits', [days('A', 31), days('B', 30), over], 'buckets[1].upTo', '"B" must end later'],
    [
      '12 months then 1 year',
      [{ label: 'A', upTo: { months: 12 } }, { label: 'B', upTo: { years: 1 } }, over],
      'buckets[1].upTo',
      'must end later',
    ],
    ['28 days then 1 month', [days('A', 28), { label: 'B', upTo: { months: 1 } }, over], 'buckets[1].upTo', 'must end later'],
    ['1 month then 31 days', [{ label: 'A', upTo: { months: 1 } }, days('B', 31), over], 'buckets[1].upTo', 'must end later'],
    ['365 days then 1 year', [days('A', 365), { label: 'B', upTo: { years: 1 } }, over], 'buckets[1].upTo', 'must end later'],
    ['1 year then 366 days', [{ label: 'A', upTo: { years: 1 } }, days('B', 366), over], 'buckets[1].upTo', 'must end later'],
    [
      '1460 days then 4 years, wrong only around 2100',
      [days('A', 1460), { label: 'B', upTo: { years: 4 } }, over],
      'buckets[1].upTo',
      'must end later',
    ],
  ])('refuses %s and names the bucket, because an overlap or gap would count an item twice or never', (_case, buckets, field, detail) => {
    expect(refusal(buckets)).toEqual([{ field, detail: expect.stringContaining(detail) as string }]);
  });

  it.each<[string, unknown]>([
    ['27 days then 1 month', [days('A', 27), { label: 'B', upTo: { months: 1 } }, over]],
    ['1 month then 32 days', [{ label: 'A', upTo: { months: 1 } }, days('B', 32), over]],
    ['364 days then 1 year then 367 days', [days('A', 364), { label: 'B', upTo: { years: 1 } }, days('C', 367), over]],
    ['1459 days then 4 years', [days('A', 1459), { label: 'B', upTo: { years: 4 } }, over]],
    ['the longest limits', [days('A', 36_500 - 1), { label: 'B', upTo: { months: 1200 } }, over]],
    ['only an open end', [over]],
  ])('accepts %s, which rises for every anchor', (_case, buckets) => {
    expect(refusal(buckets)).toEqual([]);
  });

  it.each<[object, string]>([
    [{ basis: 'due' }, 'id'],
    [{ id: '', basis: 'due' }, 'id'],
    [{ id: 'With Spaces', basis: 'due' }, 'id'],
    [{ id: 'x'.repeat(65), basis: 'due' }, 'id'],
    [{ id: 'months-6-12-24-36', basis: 'due' }, 'id'],
    [{ id: 'own' }, 'basis'],
    [{ id: 'own', basis: 'delivery' }, 'basis'],
  ])('refuses %j at %s, because the basis is declared, never assumed', (rest, field) => {
    expect(refusal([over], rest).map((one) => one.field)).toEqual([field]);
  });

  it('finds every overlap of days with months or years that some date of four centuries would show, and no other', () => {
    const cycle: LocalDate[] = [];
    for (let day = toEpochDay(localDate('2000-01-01')); day < toEpochDay(localDate('2000-01-01')) + 146_097; day++)
      cycle.push(fromEpochDay(day));
    for (const months of [1, 2, 12, 13, 48]) {
      const spans = cycle.map((anchor) => daysBetween(anchor, addMonths(anchor, months)));
      const shortest = spans.reduce((left, right) => Math.min(left, right));
      const longest = spans.reduce((left, right) => Math.max(left, right));
      const month = { label: 'M', upTo: { months } };
      expect([shortest - 1, shortest].map((count) => refusal([days('D', count), month, over]).length)).toEqual([0, 1]);
      expect([longest, longest + 1].map((count) => refusal([month, days('D', count), over]).length)).toEqual([1, 0]);
    }
  });

  it('returns every fault at once, so that a scheme is mended in one go', () => {
    expect(refusal([days('A', -1), days('', 2), { label: 'Z', upTo: { days: 9 } }], { id: '', basis: '' })).toHaveLength(5);
    expect([null, 'x', [], 3].map((input) => validateAgeingScheme(input).ok)).toEqual([false, false, false, false]);
  });
});
