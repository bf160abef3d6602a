/** The only reader of the time. Rules take dates as arguments. */
export interface Clock {
  now(): Date;
  /** Business date of this instant, YYYY-MM-DD, in the given IANA time zone (default: the installation's). */
  today(timeZone?: string): string;
}

export function systemClock(defaultTimeZone: string): Clock {
  return {
    now: () => new Date(),
    today: (timeZone = defaultTimeZone) => businessDate(new Date(), timeZone),
  };
}

/** The calendar date of an instant in a time zone, YYYY-MM-DD. */
export function businessDate(instant: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(instant);
  const part = (type: string): string => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}
