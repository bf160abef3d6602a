import type { AppendedStream, NewEvent, Position, StreamAppend, Tx } from '@app/event-store';
import { DELIVERY, type DeliveryRequestedData } from '../events';

/** An event of a delivery as the table takes it. */
export interface DeliveryEvent {
  readonly key: string;
  readonly version: number;
  readonly position: Position;
  readonly type: string;
  readonly data: NewEvent['data'];
}

export interface DeliveryRowFilter {
  readonly state?: 'pending' | 'succeeded' | 'failed' | undefined;
  readonly channelId?: string | undefined;
  readonly alertId?: string | undefined;
  readonly upTo: Position;
  readonly before?: Position | undefined;
}

/** Every other event is one of a delivery that still waits for its outcome. */
const END_STATES: Readonly<Record<string, string>> = { DeliverySucceeded: 'succeeded', DeliveryFailed: 'failed' };

/** The events of deliveries among what was just appended. */
export function deliveryEventsOf(appends: readonly StreamAppend[], appended: readonly AppendedStream[]): DeliveryEvent[] {
  return appends.flatMap((append, index) => {
    const written = appended[index];
    if (append.category !== DELIVERY || written === undefined) return [];
    return append.events.map(({ type, data }, place) => ({
      key: append.key,
      version: append.expectedVersion + place + 1,
      // A request is the first event of its stream; the others need no position.
      position: written.firstPosition,
      type,
      data,
    }));
  });
}

/** Writes what events say about their deliveries. Taking them again, or some of them late, changes nothing. */
export async function saveDeliveryEvents(tx: Tx, tenantId: number, events: readonly DeliveryEvent[]): Promise<void> {
  const requested = events.filter(({ type }) => type === 'DeliveryRequested');
  if (requested.length > 0) await insertRequested(tx, tenantId, requested);
  const changes = new Map<string, DeliveryEvent>();
  for (const event of events) if (event.type !== 'DeliveryRequested') changes.set(event.key, event);
  for (const { key, version, type } of changes.values()) {
    await tx.execute(
      `UPDATE al.delivery SET version = $3, state = $4, ticket = NULL
       WHERE tenant_id = $1 AND delivery_id = $2 AND version < $3`,
      [tenantId, key, version, END_STATES[type] ?? 'pending'],
    );
  }
}

async function insertRequested(tx: Tx, tenantId: number, requested: readonly DeliveryEvent[]): Promise<void> {
  const data = requested.map((event) => event.data as DeliveryRequestedData);
  await tx.execute(
    `INSERT INTO al.delivery (tenant_id, delivery_id, position, version, channel_id, alert_id, in_reply_to, state)
     SELECT $1, r.*, 'pending' FROM unnest($2::text[], $3::bigint[], $4::int[], $5::text[], $6::text[], $7::text[]) AS r
     ON CONFLICT DO NOTHING`,
    [
      tenantId,
      requested.map(({ key }) => key),
      requested.map(({ position }) => position),
      requested.map(({ version }) => version),
      data.map(({ channelId }) => channelId),
      data.map(({ alertId }) => alertId),
      data.map(({ inReplyTo }) => inReplyTo),
    ],
  );
}

/** Ids of deliveries, newest first; one index read a page. */
export async function deliveryIdsOf(tx: Tx, tenantId: number, filter: DeliveryRowFilter, limit: number): Promise<string[]> {
  const rows = await tx.query<{ delivery_id: string }>(
    `SELECT delivery_id FROM al.delivery
     WHERE tenant_id = $1 AND position <= $2 AND position < $3 AND ($4::text IS NULL OR state = $4) AND ($5::text IS NULL OR channel_id = $5)
       AND ($6::text IS NULL OR alert_id = $6)
     ORDER BY position DESC LIMIT $7`,
    [
      tenantId,
      filter.upTo,
      filter.before ?? filter.upTo + 1n,
      filter.state ?? null,
      filter.channelId ?? null,
      filter.alertId ?? null,
      limit,
    ],
  );
  return rows.map((row) => row.delivery_id);
}

/** Messages that wait for the outcome of this one. */
export async function pendingReplies(tx: Tx, tenantId: number, deliveryId: string): Promise<string[]> {
  const rows = await tx.query<{ delivery_id: string }>(
    `SELECT delivery_id FROM al.delivery WHERE tenant_id = $1 AND in_reply_to = $2 AND state = 'pending'`,
    [tenantId, deliveryId],
  );
  return rows.map((row) => row.delivery_id);
}

/** Messages of a channel that were given up, oldest first. */
export async function failedDeliveryIds(tx: Tx, tenantId: number, channelId: string, limit: number): Promise<string[]> {
  const rows = await tx.query<{ delivery_id: string }>(
    `SELECT delivery_id FROM al.delivery WHERE tenant_id = $1 AND channel_id = $2 AND state = 'failed' ORDER BY position LIMIT $3`,
    [tenantId, channelId, limit],
  );
  return rows.map((row) => row.delivery_id);
}
