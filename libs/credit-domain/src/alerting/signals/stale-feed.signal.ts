import type { LocalDate } from '../../values/local-date';
import { daysBetween, localDate, toEpochDay } from '../../values/local-date';
import { Ratio } from '../../values/ratio';
import type { Evaluation } from '../evaluation';
import { reasonByThresholds, standing } from '../evaluation';
import type { Feed, StaleFeedRule } from './signal-definition';
import type { SignalDay, SignalOutcome } from './signal-outcome';

const DAYS_PER_WEEK = 7;
const WORKDAYS_PER_WEEK = 5;
/** 1970-01-01 was a Thursday: counted from Monday, day 3. */
const EPOCH_WEEKDAY = 3;

/**
 * How old each feed is. One that never came has no age: that is told apart, because nobody knows whether it was ever to come. A date in the
 * future (a close made ahead) is no age.
 */
export function evaluateStaleFeed(rule: StaleFeedRule, { asOf }: SignalDay, lastOf: ReadonlyMap<Feed, string>): SignalOutcome {
  const today = localDate(asOf);
  const enter = Ratio.parse(rule.enter);
  const evaluations = rule.feeds.map((feed): Evaluation => {
    const labels = { feed };
    const last = lastOf.get(feed);
    if (last === undefined) return { labels, asOf, baseAsOf: null, reason: 'never-fed' };
    const age =
      rule.calendar === 'business' ? businessDaysBetween(localDate(last), today) : Math.max(0, daysBetween(localDate(last), today));
    const days = Ratio.of(BigInt(age));
    const counted = `${String(age)} ${rule.calendar === 'business' ? 'business ' : ''}${age === 1 ? 'day' : 'days'}`;
    return {
      labels,
      asOf,
      baseAsOf: null,
      reason: reasonByThresholds(days, enter, enter),
      movement: standing(days, 'days'),
      subject: feed === 'close' ? 'Age of the latest close' : `Age of the last import of ${feed}`,
      cause:
        feed === 'close'
          ? `The latest close is of ${last}, ${counted} before ${asOf}`
          : `The last import of ${feed} was completed on ${last}, ${counted} before ${asOf}`,
      inputs: { feed, last, days: age, calendar: rule.calendar, enter: rule.enter },
      bridges: [],
      part: null,
    };
  });
  return { evaluations, isMeasurable: true };
}

/** Mondays to Fridays after `from` up to and including `to`; 0 when `to` is not later. */
export function businessDaysBetween(from: LocalDate, to: LocalDate): number {
  return Math.max(0, workdaysUpTo(toEpochDay(to)) - workdaysUpTo(toEpochDay(from)));
}

/** Workdays up to and including a day, counted from a Monday before the epoch. */
function workdaysUpTo(epochDay: number): number {
  const fromMonday = epochDay + EPOCH_WEEKDAY;
  const weeks = Math.floor(fromMonday / DAYS_PER_WEEK);
  return weeks * WORKDAYS_PER_WEEK + Math.min(fromMonday - weeks * DAYS_PER_WEEK + 1, WORKDAYS_PER_WEEK);
}
