import { baseDate } from './comparison-base';
import type { ComparisonBase } from './rule-definition';

const CLOSES = ['2023-02-28', '2023-12-31', '2024-02-29', '2024-11-30', '2024-12-15', '2024-12-31', '2025-02-28'];

describe('the close a rule compares with', () => {
  const cases: readonly (readonly [ComparisonBase, string, string | null])[] = [
    ['previous-close', '2024-12-31', '2024-12-15'],
    ['previous-close', '2024-12-15', '2024-11-30'],
    ['previous-close', '2023-02-28', null],
    ['previous-month-end', '2024-12-31', '2024-11-30'],
    ['previous-month-end', '2024-12-15', '2024-11-30'],
    ['previous-month-end', '2025-02-28', null],
    ['same-date-last-year', '2024-12-31', '2023-12-31'],
    ['same-date-last-year', '2024-12-15', null],
    ['same-date-last-year', '2024-02-29', '2023-02-28'],
    ['same-date-last-year', '2025-02-28', '2024-02-29'],
  ];
  it.each(cases)('%s of %s is %s: another base would report another shift', (base, asOf, expected) => {
    expect(baseDate(base, asOf, CLOSES)).toBe(expected);
    expect(baseDate(base, asOf, [...CLOSES].reverse())).toBe(expected);
  });
});
