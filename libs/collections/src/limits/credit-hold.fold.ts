import type { JsonObject, Position, StoredEvent } from '@app/event-store';
import { dataOf } from '../event-data';

/** One stream a debtor. */
export const CREDIT_HOLD = 'credit-hold';

/** A hold in force; the reason is still sealed. */
export interface HoldFact {
  readonly debtorId: string;
  readonly since: string;
  readonly pausesDunning: boolean;
  readonly personal: JsonObject;
  readonly principalId: string;
  readonly position: Position;
}

/** The holds in force on a date, by debtor: what was recorded last of what was dated by then counts. */
export function foldHolds(events: readonly StoredEvent[], asOf: string): Map<string, HoldFact> {
  const holds = new Map<string, HoldFact>();
  const dated = events.filter((event) => event.effectiveOn <= asOf);
  dated.sort((left, right) => (left.effectiveOn === right.effectiveOn ? 0 : left.effectiveOn < right.effectiveOn ? -1 : 1));
  for (const event of dated) {
    if (event.type === 'CreditHoldReleased') holds.delete(event.key);
    if (event.type !== 'CreditHoldPlaced') continue;
    const { debtorId, pausesDunning, personal } = dataOf('CreditHoldPlaced', event);
    const { principalId, position, effectiveOn } = event;
    holds.set(debtorId, { debtorId, since: effectiveOn, pausesDunning, personal, principalId, position });
  }
  return holds;
}
