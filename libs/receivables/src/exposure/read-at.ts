import type { EventStore, Position, Tx } from '@app/event-store';
import { waitForProcessor } from '@app/event-store';
import { EXPOSURE_PROCESSOR } from './project-exposure.processor';

/** How long a reading waits for the projection to reach the moment it asks about, before it answers "try again". */
export const READ_WAIT_MS_MAX = 10_000;

/**
 * Reads at a moment of knowledge: finds the position it stands for, waits until the exposure projection has
 * reached that position, and only then takes the snapshot it reads from. So whatever was answered with
 * success before is in every later figure.
 */
export async function readAt<T>(
  store: EventStore,
  tenantId: number,
  knownAt: string | undefined,
  read: (tx: Tx, known: { position: Position; knownAt: string }) => Promise<T>,
): Promise<T> {
  const known = await store.database.read(tenantId, (tx) => store.resolveKnownAt(tx, knownAt));
  return readAtPosition(store, tenantId, known.position, (tx) => read(tx, known));
}

/** The same for a position already pinned. */
export async function readAtPosition<T>(store: EventStore, tenantId: number, position: Position, read: (tx: Tx) => Promise<T>): Promise<T> {
  await waitForProcessor(store.database, EXPOSURE_PROCESSOR, tenantId, position, READ_WAIT_MS_MAX);
  return store.database.read(tenantId, read);
}
