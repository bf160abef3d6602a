import type { EventCatalogue } from '../catalogue';
import { EventInvalid, translateAppendError, VersionConflict } from '../errors';
import type { AppendedStream, EventContext, StreamAppend, Tx } from '../types';
import { APPEND_SQL, appendOutcomes, appendParameters, type AppendRow, prepareAppend } from './append-statement';

/** Appends inside the caller's transaction. The first conflict raises, which leaves the transaction good for nothing but a rollback. */
export async function appendInTransaction(
  catalogue: EventCatalogue,
  tx: Tx,
  context: EventContext,
  appends: readonly StreamAppend[],
): Promise<AppendedStream[]> {
  if (appends.length === 0) return [];
  checkTenant(tx, context);
  const names = new Set(appends.map((append) => `${append.category}/${append.key}`));
  if (names.size < appends.length) throw new EventInvalid('one append names a stream twice');
  const prepared = appends.map((append) => prepareAppend(catalogue, context, append));
  let rows: AppendRow[];
  try {
    rows = await tx.query<AppendRow>(APPEND_SQL, appendParameters(context.tenantId, prepared, { claimTenant: false, all: true }));
  } catch (error) {
    throw translateAppendError(error);
  }
  const row = rows[0];
  if (row === undefined) throw new Error('es.append answered nothing');
  return appendOutcomes(prepared, row).map((outcome, item) => {
    if ('streamId' in outcome) return outcome;
    const append = appends[item] as StreamAppend;
    throw new VersionConflict(append.category, append.key, append.expectedVersion, outcome.actualVersion);
  });
}

/** A transaction of one tenant writes no other tenant's events. */
export function checkTenant(tx: Tx, context: EventContext): void {
  if (tx.tenantId !== null && tx.tenantId !== context.tenantId) {
    throw new EventInvalid(`the transaction is of tenant ${tx.tenantId}, the events are of tenant ${context.tenantId}`);
  }
}
