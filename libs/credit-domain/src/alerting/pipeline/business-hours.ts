import { addDays } from '../../values/local-date';
import { instantOf, zonedTime } from '../../values/zoned-time';
import type { BusinessHours } from './notification-policy';

const DAYS_OF_WEEK = 7;

/** Minutes since midnight of `HH:MM`. */
export function minutesOf(time: string): number {
  const [hours = '', minutes = ''] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** The instant from which something may arrive: `now` within the hours, else the next opening. Milliseconds. */
export function nextOpening(now: number, hours: BusinessHours, timeZone: string): number {
  const { date, minutes } = zonedTime(now, timeZone);
  const isToday = hours.days.includes(weekdayOf(date));
  if (isToday && minutes >= minutesOf(hours.from) && minutes < minutesOf(hours.to)) return now;
  for (let ahead = 0; ahead <= DAYS_OF_WEEK; ahead++) {
    const day = addDays(date, ahead);
    if (!hours.days.includes(weekdayOf(day))) continue;
    const opening = instantOf({ date: day, minutes: minutesOf(hours.from) }, timeZone);
    if (opening > now) return opening;
  }
  throw new RangeError('Business hours need at least one day.');
}

/** ISO weekday, Monday = 1. */
function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || DAYS_OF_WEEK;
}
