import type { PoolClient } from 'pg';

/** Place of an event in the global order of the log; starts at 1, has gaps, never moves. */
export type Position = bigint;

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** One database transaction. Everything done through it commits or fails together. */
export interface Tx {
  readonly tenantId: number | null;
  /** Rows of a query; `int8` arrives as bigint, `date` and `numeric` as strings, `timestamptz` as Date. */
  query<R extends object>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** Number of rows a statement touched. */
  execute(sql: string, params?: readonly unknown[]): Promise<number>;
  /** The connection itself; for COPY, and for reading millions of rows as texts. */
  readonly client: PoolClient;
  /** Runs after a successful commit. Nobody waits for it and a failure only becomes a process warning: durable work needs its own record. */
  afterCommit(fn: () => void | Promise<void>): void;
}

/** Who causes the events, and in answer to what. */
export interface EventContext {
  tenantId: number;
  /** uuid */
  principalId: string;
  /** uuid */
  correlationId: string;
  causationPosition?: Position;
}

/** A fact to be recorded. Numbers in `data` are safe integers; money is an integer string of minor units. */
export interface NewEvent {
  type: string;
  /** Business date, YYYY-MM-DD. */
  effectiveOn: string;
  data: JsonObject;
}

/** Events for one stream. `expectedVersion` 0 says that the stream must not exist yet. */
export interface StreamAppend {
  category: string;
  key: string;
  expectedVersion: number;
  events: readonly NewEvent[];
}

export interface AppendedStream {
  streamId: bigint;
  version: number;
  firstPosition: Position;
  lastPosition: Position;
}

export interface StoredEvent<D = JsonObject> {
  tenantId: number;
  position: Position;
  streamId: bigint;
  category: string;
  key: string;
  version: number;
  type: string;
  schemaVersion: number;
  effectiveOn: string;
  recordedAt: Date;
  principalId: string;
  correlationId: string;
  causationPosition: Position | null;
  sourceId: string | null;
  sourceRow: number | null;
  data: D;
}

/** A type of event. `upcast[v]` turns data of version v into data of version v + 1; it is pure. */
export interface EventDefinition {
  code: number;
  type: string;
  schemaVersion: number;
  upcast?: Record<number, (data: JsonObject) => JsonObject>;
}

/** One event of an import. Several rows of one stream follow each other with ascending `expectedVersion`. */
export interface BulkEvent {
  category: string;
  key: string;
  expectedVersion: number;
  type: string;
  effectiveOn: string;
  data: JsonObject;
  sourceRow: number;
}

/** Positions and stream ids in the order of the rows. */
export interface BulkResult {
  positions: bigint[];
  streamIds: bigint[];
  firstPosition: Position;
  lastPosition: Position;
}
