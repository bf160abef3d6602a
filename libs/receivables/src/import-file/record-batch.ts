import type { EventContext, EventStore, Position, Tx } from '@app/event-store';
import type { BookStatement } from '../book/book.sql';
import { LOGGED_EVENTS, STAGED_EVENTS, bookStatements } from '../book/book.sql';
import { EVENT_CODES } from '../events';
import type { ReceivablesEventType } from '../events';
import type { PlannedEvent } from './decide/decided-batch';

const LIVE = bookStatements(LOGGED_EVENTS);
const DRY = bookStatements(STAGED_EVENTS);

/** Where the events of a batch go. Returns the last position, null when there were no events. */
export type BatchRecorder = (tx: Tx, events: readonly PlannedEvent[]) => Promise<Position | null>;

/** Appends to the log and writes the book, in the caller's transaction. */
export function logRecorder(store: EventStore, context: EventContext, importId: string): BatchRecorder {
  return async (tx, events) => {
    if (events.length === 0) return null;
    const { firstPosition, lastPosition } = await store.bulkAppend(tx, context, { id: importId }, events);
    await writeBook(tx, LIVE, events, [context.tenantId, firstPosition - 1n, lastPosition]);
    return lastPosition;
  };
}

/** Positions of a dry run lie above every real one, so that its facts count as the latest known. */
const DRY_RUN_POSITION_FIRST = 9_000_000_000_000_000_000n;

/** Writes the book and nothing else: no event, no position. The transaction is to be rolled back. */
export function dryRunRecorder(tenantId: number): BatchRecorder {
  let position = DRY_RUN_POSITION_FIRST;
  return async (tx, events) => {
    if (events.length === 0) return null;
    const after = position - 1n;
    const opened = new Map<string, bigint>();
    const streamOf = (event: PlannedEvent): bigint => {
      if (event.streamNo !== null) return event.streamNo;
      const stream = `${event.category} ${event.key}`;
      const known = opened.get(stream) ?? -(position + BigInt(opened.size));
      opened.set(stream, known);
      return known;
    };
    await tx.execute(
      `INSERT INTO rc.dry_run_event (tenant_id, position, stream_id, type, effective_on, data)
       SELECT $1, $2::bigint + e.place - 1, e.stream_id, e.type, e.effective_on, e.data::jsonb
       FROM unnest($3::bigint[], $4::smallint[], $5::date[], $6::text[]) WITH ORDINALITY AS e(stream_id, type, effective_on, data, place)`,
      [
        tenantId,
        position,
        events.map(streamOf),
        events.map((event) => EVENT_CODES[event.type]),
        events.map((event) => event.effectiveOn),
        events.map((event) => JSON.stringify(event.data)),
      ],
    );
    position += BigInt(events.length);
    await writeBook(tx, DRY, events, [tenantId, after, position]);
    return null;
  };
}

async function writeBook(
  tx: Tx,
  statements: readonly BookStatement[],
  events: readonly PlannedEvent[],
  range: readonly unknown[],
): Promise<void> {
  const types = new Set<ReceivablesEventType>(events.map((event) => event.type));
  for (const { sql, types: needed } of statements) if (needed.some((type) => types.has(type))) await tx.execute(sql, range);
}
