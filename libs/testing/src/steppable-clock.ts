import { businessDate, type Clock } from '@app/platform';

const DAY_MS = 86_400_000;

/** A clock that runs on like the system's, from where it is set: a test lives through months by stepping it. */
export interface SteppableClock extends Clock {
  /** Goes to noon of the date, in UTC. */
  goTo(date: string): void;
  addDays(days: number): void;
  addMs(milliseconds: number): void;
}

export function steppableClock(start: Date, defaultTimeZone = 'UTC'): SteppableClock {
  let ahead = start.getTime() - Date.now();
  const now = (): Date => new Date(Date.now() + ahead);
  return {
    now,
    today: (timeZone = defaultTimeZone) => businessDate(now(), timeZone),
    goTo: (date) => {
      ahead = Date.parse(`${date}T12:00:00Z`) - Date.now();
    },
    addDays: (days) => {
      ahead += days * DAY_MS;
    },
    addMs: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}
