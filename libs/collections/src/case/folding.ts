import type { StoredEvent } from '@app/event-store';
import type { CausingEvent, LocalDate } from '@app/credit-domain';
import type { JudgementRecord } from './debtor-case';

interface JudgedData {
  readonly paid: string;
  readonly unclassified: string;
  readonly counted: JudgementRecord['counted'];
}

export function judgementOf(
  event: StoredEvent,
  outcome: JudgementRecord['outcome'],
  { paid, unclassified, counted }: JudgedData,
): JudgementRecord {
  return { outcome, paid: BigInt(paid), unclassified: BigInt(unclassified), counted, by: causeOf(event), recordedAt: event.recordedAt };
}

export function causeOf({ type, position, effectiveOn }: StoredEvent): CausingEvent {
  return { type, position, on: effectiveOn as LocalDate };
}

/** Changes a record that is there; a later event of one whose beginning lies after the as-of date says nothing yet. */
export function change<Item>(records: Map<string, Item>, id: string, next: (item: Item) => Item): void {
  const known = records.get(id);
  if (known !== undefined) records.set(id, next(known));
}
