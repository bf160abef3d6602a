import { appendInTransaction } from './append/append-in-transaction';
import { bulkAppend } from './append/bulk-append';
import { CoalescingWriter } from './append/coalescing-writer';
import { EventCatalogue } from './catalogue';
import type { Database } from './database';
import { readAfter, readCategory, readNewestStreams, readPositions, readStream, readStreams } from './reading/event-reader';
import { type EventSummary, summariseAfter } from './reading/event-summary';
import { type KnownAt, latestSettled, resolveKnownAt, settledAt } from './settle/known-at';
import { Settler } from './settle/settler';
import { sequenceLockStrategy, type SettlingStrategy } from './settle/settling-strategy';
import type {
  AppendedStream,
  BulkEvent,
  BulkResult,
  EventContext,
  EventDefinition,
  Position,
  StoredEvent,
  StreamAppend,
  Tx,
} from './types';

/** The log: the one way to write facts and to read them back in order (design, section 4). */
export class EventStore {
  readonly catalogue: EventCatalogue;
  /** Moves the settled mark; processors listen to it. */
  readonly settler: Settler;
  readonly #writer: CoalescingWriter;

  constructor(
    readonly database: Database,
    catalogue: readonly EventDefinition[],
    strategy: SettlingStrategy = sequenceLockStrategy,
  ) {
    this.catalogue = new EventCatalogue(catalogue);
    this.settler = new Settler(database, strategy);
    this.#writer = new CoalescingWriter(database, this.catalogue);
  }

  /**
   * Appends to several streams inside the caller's transaction, all or nothing. Throws VersionConflict, after which the transaction can
   * only be rolled back, EventInvalid and LogPartitionMissing.
   */
  append(tx: Tx, context: EventContext, appends: readonly StreamAppend[]): Promise<AppendedStream[]> {
    return appendInTransaction(this.catalogue, tx, context, appends);
  }

  /** Appends to one stream in a transaction of its own; concurrent calls share a round trip and a commit. Throws as `append`. */
  appendSingle(context: EventContext, append: StreamAppend): Promise<AppendedStream> {
    return this.#writer.append(context, append);
  }

  /** Appends an import's rows as a set, up to 100,000 a call, at tens of thousands a second. Throws as `append`. */
  bulkAppend(tx: Tx, context: EventContext, source: { id: string }, rows: readonly BulkEvent[]): Promise<BulkResult> {
    return bulkAppend(this.catalogue, tx, context, source, rows);
  }

  /** Events of a stream by version; none when it does not exist. */
  readStream(tx: Tx, category: string, key: string, upTo?: Position): Promise<StoredEvent[]> {
    return readStream(this.catalogue, tx, category, key, upTo);
  }

  /** Events of several streams of a category, each by version; keys without a stream are missing. */
  readStreams(tx: Tx, category: string, keys: readonly string[], upTo?: Position): Promise<StoredEvent[]> {
    return readStreams(this.catalogue, tx, category, keys, upTo);
  }

  /** Streams of a category by their first event, newest first, begun up to one position and before another. */
  readNewestStreams(
    tx: Tx,
    category: string,
    page: { readonly upTo: Position; readonly before: Position; readonly limit: number },
  ): Promise<{ key: string; position: Position }[]> {
    return readNewestStreams(tx, category, page);
  }

  /** The events at some positions, in the order of the positions. */
  readPositions(tx: Tx, positions: readonly Position[]): Promise<StoredEvent[]> {
    return readPositions(this.catalogue, tx, positions);
  }

  /** All events of a small category by position. */
  readCategory(tx: Tx, category: string, upTo?: Position): Promise<StoredEvent[]> {
    return readCategory(this.catalogue, tx, category, upTo);
  }

  /** Events with after < position <= upTo. `upTo` must be settled, or events that commit late are missed. */
  readAfter(tx: Tx, after: Position, upTo: Position, options?: { types?: string[]; limit?: number }): Promise<StoredEvent[]> {
    return readAfter(this.catalogue, tx, after, upTo, options);
  }

  /** What happened after a position up to a settled one: by category and type, without data, and perhaps in several steps. */
  summariseAfter(tx: Tx, after: Position, upTo: Position, types: readonly string[]): Promise<EventSummary> {
    return summariseAfter(this.catalogue, tx, after, upTo, types);
  }

  /** The settled mark of the whole log, read outside any tenant. */
  async settledMark(): Promise<Position> {
    const [row] = await this.database.statement<{ position: Position | null }>('SELECT max(position) AS position FROM es.settled');
    return row?.position ?? 0n;
  }

  /** Resolves once the settled mark has reached a committed position. Throws SettlingStalled when a transaction never ends. */
  settle(atLeast: Position): Promise<void> {
    return this.settler.settle(atLeast);
  }

  /** The settled mark; `settledAt` is RFC 3339 with microseconds. */
  latestSettled(tx: Tx): Promise<{ position: Position; settledAt: string }> {
    return latestSettled(tx);
  }

  /** The `knownAt` behind a position, RFC 3339 with microseconds; null until it is settled. */
  settledAt(tx: Tx, position: Position): Promise<string | null> {
    return settledAt(tx, position);
  }

  /** The position behind a `knownAt`. Throws KnownAtInvalid and KnownAtInFuture. */
  resolveKnownAt(tx: Tx, knownAt: string | undefined): Promise<KnownAt> {
    return resolveKnownAt(this.database, tx, knownAt);
  }
}
