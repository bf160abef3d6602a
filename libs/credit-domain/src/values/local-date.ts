/** A calendar date without time or zone, `YYYY-MM-DD`. Text order is date order, so dates compare with `<` in TypeScript and in SQL. */
export type LocalDate = string & { readonly [localDateBrand]: true };
declare const localDateBrand: unique symbol;

export const LOCAL_DATE_YEAR_MIN = 1900;
export const LOCAL_DATE_YEAR_MAX = 2199;
/** Arithmetic may leave the range that input is held to (an anchor of 2199 plus four years), but never four digits. */
const ARITHMETIC_YEAR_MIN = 1;
const ARITHMETIC_YEAR_MAX = 9999;

export const MONTHS_PER_YEAR = 12;
const DAYS_PER_ERA = 146_097;
const EPOCH_OFFSET_DAYS = 719_468;
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const CODE_ZERO = 48;
const CODE_HYPHEN = 45;
const TEXT_LENGTH = 10;

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function monthLength(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);
}

function digitsAt(text: string, from: number, count: number): number {
  let value = 0;
  for (let index = from; index < from + count; index++) {
    const digit = text.charCodeAt(index) - CODE_ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

const yearOf = (date: LocalDate): number => digitsAt(date, 0, 4);
const monthOf = (date: LocalDate): number => digitsAt(date, 5, 2);
const dayOf = (date: LocalDate): number => digitsAt(date, 8, 2);

function format(year: number, month: number, day: number): LocalDate {
  if (year < ARITHMETIC_YEAR_MIN || year > ARITHMETIC_YEAR_MAX)
    throw new RangeError(`date arithmetic left the calendar: year ${String(year)}`);
  const paddedYear = year >= 1000 ? String(year) : String(year).padStart(4, '0');
  return `${paddedYear}-${month < 10 ? '0' : ''}${String(month)}-${day < 10 ? '0' : ''}${String(day)}` as LocalDate;
}

/** Reads exactly `YYYY-MM-DD`; `undefined` for any other form, a date that does not exist, or a year outside the accepted range. */
export function parseLocalDate(text: string): LocalDate | undefined {
  if (text.length !== TEXT_LENGTH || text.charCodeAt(4) !== CODE_HYPHEN || text.charCodeAt(7) !== CODE_HYPHEN) return undefined;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  const exists =
    year >= LOCAL_DATE_YEAR_MIN &&
    year <= LOCAL_DATE_YEAR_MAX &&
    month >= 1 &&
    month <= MONTHS_PER_YEAR &&
    day >= 1 &&
    day <= monthLength(year, month);
  return exists ? (text as LocalDate) : undefined;
}

/** For dates that are known to be right (constants, stored values). Throws a RangeError otherwise. */
export function localDate(text: string): LocalDate {
  const date = parseLocalDate(text);
  if (date === undefined) throw new RangeError(`not a date: ${text}`);
  return date;
}

/** Days since 1970-01-01 (negative before it). */
export function toEpochDay(date: LocalDate): number {
  const month = monthOf(date);
  // Years run from March here, so that the leap day is the last day of a year.
  const year = month <= 2 ? yearOf(date) - 1 : yearOf(date);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + dayOf(date) - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - EPOCH_OFFSET_DAYS;
}

/** The inverse of `toEpochDay`. */
export function fromEpochDay(epochDay: number): LocalDate {
  const shifted = epochDay + EPOCH_OFFSET_DAYS;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return format(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day);
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return fromEpochDay(toEpochDay(date) + days);
}

/**
 * The same day of the month `months` later (or earlier), clamped to the end of a shorter month. Always add the whole span to the anchor:
 * 31 January + 2 months is 31 March, but one month added twice gives 28 March.
 */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const monthIndex = yearOf(date) * MONTHS_PER_YEAR + monthOf(date) - 1 + months;
  const year = Math.floor(monthIndex / MONTHS_PER_YEAR);
  const month = monthIndex - year * MONTHS_PER_YEAR + 1;
  return format(year, month, Math.min(dayOf(date), monthLength(year, month)));
}

/** Twelve months a year; 29 February becomes 28 February in a common year. */
export function addYears(date: LocalDate, years: number): LocalDate {
  return addMonths(date, years * MONTHS_PER_YEAR);
}

export function endOfMonth(date: LocalDate): LocalDate {
  return format(yearOf(date), monthOf(date), monthLength(yearOf(date), monthOf(date)));
}

/**
 * The earliest date whose `addMonths(…, months)` is `date` or later. Not the same as going back: six months forward from 29 February 2024 is
 * 29 August, so the earliest date that reaches 31 August 2024 is 1 March.
 */
export function earliestReaching(date: LocalDate, months: number): LocalDate {
  const back = addMonths(date, -months);
  return dayOf(back) === dayOf(date) ? back : addDays(back, 1);
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return toEpochDay(to) - toEpochDay(from);
}

export function minDate(left: LocalDate, right: LocalDate): LocalDate {
  return left < right ? left : right;
}
