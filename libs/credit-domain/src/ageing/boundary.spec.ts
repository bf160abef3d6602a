import fc from 'fast-check';
import type { AgeingScheme } from '.';
import { BUILT_IN_SCHEMES, boundaryAnchors, bucketOf, limitReachedOn } from '.';
import { addDays, localDate } from '../values/local-date';

const scheme = (id: string): AgeingScheme => {
  const found = BUILT_IN_SCHEMES.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no scheme ${id}`);
  return found;
};
const ranges = (id: string, asOf: string): string[] =>
  boundaryAnchors(scheme(id), localDate(asOf)).map(({ from, until }) => `${from}..${until}`);

describe('anchors on a bucket boundary', () => {
  it('are one day each in days, the due date itself first', () => {
    expect(ranges('days-past-due-30-60-90', '2024-12-31')).toEqual([
      '2024-12-31..2025-01-01',
      '2024-12-01..2024-12-02',
      '2024-11-01..2024-11-02',
      '2024-10-02..2024-10-03',
    ]);
  });

  it('are several days where month ends are clamped to the same limit', () => {
    expect(ranges('months-6-12-24-36-48', '2025-02-28')[0]).toBe('2024-08-28..2024-09-01');
  });

  it('are none on a day that no month reaches', () => {
    expect(ranges('months-6-12-24-36-48', '2024-12-31').map((range) => range.slice(0, 10))).toEqual([
      '2023-12-31',
      '2022-12-31',
      '2021-12-31',
      '2020-12-31',
    ]);
  });

  it('are exactly those that leave their bucket the next day, whatever the calendar does', () => {
    const first = localDate('2019-01-01');
    fc.assert(
      fc.property(
        fc.constantFrom(...BUILT_IN_SCHEMES),
        fc.integer({ min: 0, max: 2_500 }),
        fc.integer({ min: 0, max: 2_500 }),
        (each, day, age) => {
          const asOf = addDays(first, day);
          const anchor = addDays(asOf, 40 - age);
          const leaves = bucketOf(each, asOf, anchor) !== bucketOf(each, addDays(asOf, 1), anchor);
          const onLimit = each.buckets.some((bucket) => 'upTo' in bucket && limitReachedOn(anchor, bucket.upTo) === asOf);
          const listed = boundaryAnchors(each, asOf).some(({ from, until }) => anchor >= from && anchor < until);
          expect([listed, onLimit]).toEqual([leaves, leaves]);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
