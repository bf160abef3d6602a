import { businessDate } from '../identity/clock';

export type ScheduleInterval = 'minute' | 'hour' | 'day';

const MINUTE_LENGTH = 'YYYY-MM-DDTHH:MM'.length;
const HOUR_LENGTH = 'YYYY-MM-DDTHH'.length;

/**
 * The slot an instant falls into: `2026-03-29T01:15` or `2026-03-29T01` in UTC, which no change of clocks repeats or skips, or the date
 * in the given zone. Later slots of the same interval sort after earlier ones.
 */
export function slotOf(every: ScheduleInterval, instant: Date, timeZone: string): string {
  switch (every) {
    case 'minute':
      return instant.toISOString().slice(0, MINUTE_LENGTH);
    case 'hour':
      return instant.toISOString().slice(0, HOUR_LENGTH);
    case 'day':
      return businessDate(instant, timeZone);
  }
}
