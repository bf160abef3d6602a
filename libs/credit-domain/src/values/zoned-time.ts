import { addDays, localDate, type LocalDate } from './local-date';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const DAY_MS = DAY_MINUTES * MINUTE_MS;

/** An instant as a clock on the wall of a zone shows it. */
export interface ZonedTime {
  readonly date: LocalDate;
  /** Since midnight as the clock shows it, whatever daylight saving did to the day. */
  readonly minutes: number;
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Throws a RangeError for a zone that is none. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  FORMATS.set(timeZone, format);
  return format;
}

/** `instant` in milliseconds since 1970, rounded down to the minute. */
export function zonedTime(instant: number, timeZone: string): ZonedTime {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return {
    date: localDate(`${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`),
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

/**
 * The instant at which the clocks of a zone show a date and time, in milliseconds. A time they show twice is the first of the two; one they skip
 * is as long after the skip as it would have been after its beginning.
 */
export function instantOf({ date, minutes }: ZonedTime, timeZone: string): number {
  const asUtc = Date.parse(`${date}T00:00:00Z`) + minutes * MINUTE_MS;
  const before = asUtc - offsetMs(asUtc - DAY_MS, timeZone);
  const after = asUtc - offsetMs(asUtc + DAY_MS, timeZone);
  const shown = [Math.min(before, after), Math.max(before, after)].find((instant) => {
    const time = zonedTime(instant, timeZone);
    return time.date === date && time.minutes === minutes;
  });
  return shown ?? before;
}

/** The first instant after `instant` at which the clocks of a zone show so many minutes since midnight. */
export function nextDaily(instant: number, minutes: number, timeZone: string): number {
  const { date } = zonedTime(instant, timeZone);
  const today = instantOf({ date, minutes }, timeZone);
  return today > instant ? today : instantOf({ date: addDays(date, 1), minutes }, timeZone);
}

function offsetMs(instant: number, timeZone: string): number {
  const { date, minutes } = zonedTime(instant, timeZone);
  return Date.parse(`${date}T00:00:00Z`) + minutes * MINUTE_MS - Math.floor(instant / MINUTE_MS) * MINUTE_MS;
}
