import type { LocalDate } from '../values/local-date';
import { addDays } from '../values/local-date';
import { anchorThresholds } from './bucket-of';
import type { AgeingScheme } from './scheme';

/** Anchor dates from `from`, inclusive, to `until`, exclusive. */
export interface AnchorRange {
  readonly from: LocalDate;
  readonly until: LocalDate;
}

/**
 * The anchor dates whose items lie exactly on a limit of the scheme on `asOf`: still within it that day, past it the next. Several dates can
 * share a limit where month ends are clamped, and none may have it. Empty ranges are left out.
 */
export function boundaryAnchors(scheme: AgeingScheme, asOf: LocalDate): AnchorRange[] {
  const nextDay = anchorThresholds(scheme, addDays(asOf, 1));
  return anchorThresholds(scheme, asOf).flatMap((from, index) => {
    const until = nextDay[index];
    return until !== undefined && from < until ? [{ from, until }] : [];
  });
}
