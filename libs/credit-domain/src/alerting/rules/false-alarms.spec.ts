import type { CloseFigures } from '../close-figures';
import { outcomeOf } from '../evaluation';
import type { AgeingMixShift, CloseRuleDefinition, ComparisonBase, RollRateDrift } from '../rule-definition';
import { MINIMUM_DEBTORS_DEFAULT, MIX_SHIFT_CONFIDENCE_DEFAULT, MIX_SHIFT_ENTER_DEFAULT } from '../rule-definition';
import { evaluateRule } from './evaluate-rule';
import { DAYS_PAST_DUE, livingBook, redrawnBook } from './living-book.fixture';

const SEED = 20_241_231;
const MONTHS = 36;
/** Closes of the year before: every one of the 36 has the same date last year to compare with. */
const MONTHS_BEFORE = 12;
const BOOK_YEARS = 100;
/** A part of the bar at every run; all of it with ARREARS_BOOK_YEARS=100, which takes a minute. */
const BOOK_YEARS_ASKED = Number(process.env['ARREARS_BOOK_YEARS'] ?? '15');
const SHIFTED_BOOKS = BOOK_YEARS_ASKED >= BOOK_YEARS ? 10 : 3;
const PERIODS_TO_TELL = 12;

const mixShift = (base: ComparisonBase): AgeingMixShift => ({
  type: 'ageing-mix-shift',
  scheme: DAYS_PAST_DUE,
  assessed: 'all',
  kinds: null,
  segment: null,
  base,
  enter: MIX_SHIFT_ENTER_DEFAULT,
  exit: '0.08',
  confidence: MIX_SHIFT_CONFIDENCE_DEFAULT,
  minimumDebtors: MINIMUM_DEBTORS_DEFAULT,
});
const drift: RollRateDrift = {
  type: 'roll-rate-drift',
  scheme: DAYS_PAST_DUE,
  assessed: 'all',
  kinds: null,
  segment: null,
  bucket: null,
  base: 'previous-close',
  enter: '0.25',
  exit: '0.20',
};

/** Indices of the closes, from the 13th on, at which an alert of the rule opens. */
function firings(rule: CloseRuleDefinition, closes: readonly CloseFigures[]): number[] {
  const open = new Set<string>();
  const found: number[] = [];
  closes.slice(MONTHS_BEFORE).forEach((close, index) => {
    for (const { labels, reason } of evaluateRule(rule, close, closes.slice(0, MONTHS_BEFORE + index + 1))) {
      const key = JSON.stringify(labels);
      const outcome = outcomeOf(reason);
      if (outcome === 'clear') open.delete(key);
      if (outcome !== 'breach' || open.has(key)) continue;
      open.add(key);
      found.push(index);
    }
  });
  return found;
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

describe('false ageing-mix alerts of a stable book', () => {
  const books = Math.ceil(BOOK_YEARS_ASKED / (MONTHS / 12));
  const allowed = Math.ceil(BOOK_YEARS_ASKED / BOOK_YEARS);

  it.each([50, 200, 1_000])('are at most one in 100 years of a book of %s debtors, against last month and against last year', (debtors) => {
    const alarms = { 'previous-close': 0, 'same-date-last-year': 0 };
    for (let book = 0; book < books; book++) {
      const { closes } = livingBook(SEED + book, debtors, MONTHS_BEFORE + MONTHS);
      for (const base of ['previous-close', 'same-date-last-year'] as const) alarms[base] += firings(mixShift(base), closes).length;
    }
    print(
      `stable book, ${String(debtors)} debtors, ${String(books * 3)} book-years of monthly closes: false ageing-mix alerts ` +
        `${String(alarms['previous-close'])} against the previous close, ${String(alarms['same-date-last-year'])} against the same date last year`,
    );
    expect(Math.max(alarms['previous-close'], alarms['same-date-last-year'])).toBeLessThanOrEqual(allowed);
  });

  // The worst that weights can do: every debtor lies in one bucket and is drawn anew every month, so no look is like the one before.
  it.each([
    [50, 0],
    [50, 0.8],
    [200, 1.2],
    [1_000, 1.2],
  ])(
    'are at most one in 100 years of %s debtors drawn anew every month whose balances spread by a log-deviation of %s',
    (debtors, spread) => {
      let alarms = 0;
      for (let book = 0; book < books; book++) {
        alarms += firings(mixShift('previous-close'), redrawnBook(SEED + book, debtors, MONTHS_BEFORE + MONTHS, spread)).length;
      }
      print(
        `redrawn book, ${String(debtors)} debtors, log-deviation ${String(spread)}, ${String(books * 3)} book-years: false ageing-mix alerts ${String(alarms)}`,
      );
      expect(alarms).toBeLessThanOrEqual(allowed);
    },
  );
});

describe('roll-rate drift of a stable book', () => {
  it('gives few false alarms: the limits are wider while level and scatter are estimated', () => {
    const books = SHIFTED_BOOKS;
    let alarms = 0;
    for (let book = 0; book < books; book++) alarms += firings(drift, livingBook(SEED + book, 200, MONTHS_BEFORE + MONTHS).closes).length;
    print(`stable book, 200 debtors, ${String(books * 3)} book-years: false roll-rate-drift alerts ${String(alarms)} over three buckets`);
    expect(alarms).toBeLessThanOrEqual(2 * books);
  });
});

describe('a shift of one standard deviation of the days to pay', () => {
  it.each([
    [50, 0],
    [200, 0.7],
    [1_000, 1],
  ])('in a book of %s debtors is told within 12 periods, by the mix where there are debtors enough to be sure', (debtors, shareByMix) => {
    const shiftedAt = 24;
    const told = { mix: [] as number[], rates: [] as number[] };
    for (let book = 0; book < SHIFTED_BOOKS; book++) {
      const { sigmaDays } = livingBook(SEED + book, debtors, 1);
      const shift = { from: shiftedAt + MONTHS_BEFORE, days: sigmaDays };
      const { closes } = livingBook(SEED + book, debtors, MONTHS_BEFORE + shiftedAt + PERIODS_TO_TELL, shift);
      const after = (rule: CloseRuleDefinition): number =>
        (firings(rule, closes).find((index) => index >= shiftedAt) ?? Infinity) - shiftedAt + 1;
      told.mix.push(after(mixShift('same-date-last-year')));
      told.rates.push(after(drift));
    }
    const within = (periods: readonly number[]): number => periods.filter((period) => period <= PERIODS_TO_TELL).length;
    const slowest = Math.max(...told.mix.map((period, book) => Math.min(period, told.rates[book] ?? Infinity)));
    print(
      `shift of 1 sigma of days to pay, ${String(debtors)} debtors, ${String(SHIFTED_BOOKS)} books: told within ${String(PERIODS_TO_TELL)} periods by ` +
        `ageing-mix-shift in ${String(within(told.mix))}, by roll-rate-drift in ${String(within(told.rates))}; the slowest after ${String(slowest)}`,
    );
    expect(slowest).toBeLessThanOrEqual(PERIODS_TO_TELL);
    expect(within(told.mix)).toBeGreaterThanOrEqual(shareByMix * SHIFTED_BOOKS);
  });
});
