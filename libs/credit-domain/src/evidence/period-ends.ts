import type { LocalDate } from '../values';
import { addMonths, endOfMonth } from '../values';
import { EvidenceFault } from './evidence-fault';

/** Most periods of one answer: ten years month by month. Every period costs a pass over the flows of each receivable. */
export const EVIDENCE_PERIODS_MAX = 120;
/** Longest period: ten years, beyond any ageing scheme in use. */
export const EVIDENCE_PERIOD_MONTHS_MAX = 120;

/** Facts dated after `from` up to and including `to`. */
export interface Period {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** `months` after (or before) a date; from a month end always to a month end, so that 30 June less six months is 31 December. */
export function monthsFrom(date: LocalDate, months: number): LocalDate {
  const moved = addMonths(date, months);
  return date === endOfMonth(date) ? endOfMonth(moved) : moved;
}

/** So many consecutive periods ending on asOf, the earliest first. */
export function periodsBefore(asOf: LocalDate, periodMonths: number, count: number): Period[] {
  return Array.from({ length: count }, (_, index) => ({
    from: monthsFrom(asOf, -(count - index) * periodMonths),
    to: monthsFrom(asOf, -(count - index - 1) * periodMonths),
  }));
}

/** How many whole periods fit between `from` and asOf. Throws `evidence-window-invalid` when none does, or too many. */
export function periodsSince(from: LocalDate, asOf: LocalDate, periodMonths: number): number {
  let count = 0;
  while (count <= EVIDENCE_PERIODS_MAX && monthsFrom(asOf, -(count + 1) * periodMonths) >= from) count += 1;
  if (count === 0) {
    const detail = `between ${from} and ${asOf} there is no whole period of ${String(periodMonths)} months`;
    throw new EvidenceFault('evidence-window-invalid', detail, 'from');
  }
  requirePeriods(count, 'from');
  return count;
}

/** Throws `evidence-window-invalid` naming the parameter that asks for too many periods. */
export function requirePeriods(count: number, field: 'from' | 'periods'): void {
  if (count <= EVIDENCE_PERIODS_MAX) return;
  throw new EvidenceFault('evidence-window-invalid', `there are more than ${String(EVIDENCE_PERIODS_MAX)} periods`, field);
}
