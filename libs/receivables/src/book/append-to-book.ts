import type { EventContext, EventStore, Position, StreamAppend, Tx } from '@app/event-store';
import type { ReceivablesEventType } from '../events';
import { LOGGED_EVENTS, bookStatements } from './book.sql';

const STATEMENTS = bookStatements(LOGGED_EVENTS);

/**
 * Appends the facts of a command and writes the rows of the book they stand for, in the caller's transaction, which holds `lockBook`.
 * Throws as `EventStore.append`. Returns the last position.
 */
export async function appendToBook(store: EventStore, tx: Tx, context: EventContext, appends: readonly StreamAppend[]): Promise<Position> {
  const appended = await store.append(tx, context, appends);
  const first = appended.reduce<Position | null>(
    (min, { firstPosition }) => (min === null || firstPosition < min ? firstPosition : min),
    null,
  );
  const last = appended.reduce<Position>((max, { lastPosition }) => (lastPosition > max ? lastPosition : max), 0n);
  if (first === null) throw new Error('a command that records nothing has nothing to write to the book');
  const types = new Set(appends.flatMap(({ events }) => events.map(({ type }) => type as ReceivablesEventType)));
  for (const { sql, types: needed } of STATEMENTS) {
    if (needed.some((type) => types.has(type))) await tx.execute(sql, [context.tenantId, first - 1n, last]);
  }
  return last;
}
