import type { EventStore, Position, Tx } from '@app/event-store';
import { dataOf } from '../event-data';

export const COLLECTIONS_POLICY = 'collections-policy';
export const THE_POLICY = 'policy';

export interface CollectionsPolicy {
  /** Days after the due date in which money still counts for a promise. */
  readonly promiseGraceDays: number;
}

/** What holds until somebody sets it otherwise: a promise is for its day. */
const DEFAULT: CollectionsPolicy = { promiseGraceDays: 0 };

export async function readPolicy(store: EventStore, tx: Tx, upTo?: Position): Promise<CollectionsPolicy & { readonly version: number }> {
  const last = (await store.readStream(tx, COLLECTIONS_POLICY, THE_POLICY, upTo)).at(-1);
  return last === undefined ? { ...DEFAULT, version: 0 } : { ...dataOf('CollectionsPolicySet', last), version: last.version };
}
