import { DatabaseError } from 'pg';
import type { Position } from './types';

/** SQLSTATE of a version conflict, raised by es.claim_streams. */
const VERSION_CONFLICT_STATE = 'ES001';
/** SQLSTATE of a row for which no partition exists. */
const CHECK_VIOLATION_STATE = '23514';

/** A stream does not stand where the caller believed. Nothing was written; the transaction of `append` can only be rolled back. */
export class VersionConflict extends Error {
  constructor(
    readonly category: string,
    readonly key: string,
    readonly expectedVersion: number,
    readonly actualVersion: number,
  ) {
    super(`${category}/${key} is at version ${actualVersion}, expected ${expectedVersion}`);
    this.name = 'VersionConflict';
  }
}

/** The named alarm of the log: events are refused because the partition for their positions was never made. */
export class LogPartitionMissing extends Error {
  constructor(detail: string) {
    super(`No partition holds the next positions of the log; run es.ensure_event_partitions() as its owner. ${detail}`);
    this.name = 'LogPartitionMissing';
  }
}

/** An event cannot be recorded as it stands: unknown type, a fraction, a date that is none. */
export class EventInvalid extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EventInvalid';
  }
}

/** `knownAt` is no RFC 3339 instant with an offset. */
export class KnownAtInvalid extends Error {
  constructor(readonly knownAt: string) {
    super(`knownAt '${knownAt}' is not an RFC 3339 instant`);
    this.name = 'KnownAtInvalid';
  }
}

/** `knownAt` has not happened yet, so what will have been recorded by then is open. */
export class KnownAtInFuture extends Error {
  constructor(readonly knownAt: string) {
    super(`knownAt '${knownAt}' is in the future`);
    this.name = 'KnownAtInFuture';
  }
}

/** A projection did not reach a position in time. */
export class ProjectionBehind extends Error {
  constructor(
    readonly processor: string,
    readonly tenantId: number,
    readonly position: Position,
    timeoutMs: number,
  ) {
    super(`${processor} did not reach position ${position} of tenant ${tenantId} within ${timeoutMs} ms`);
    this.name = 'ProjectionBehind';
  }
}

/** Turns what PostgreSQL raised while appending into the error that names it. */
export function translateAppendError(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  if (error.code === VERSION_CONFLICT_STATE && error.detail !== undefined) {
    const found = JSON.parse(error.detail) as { category: string; key: string; expectedVersion: number; actualVersion: number };
    return new VersionConflict(found.category, found.key, found.expectedVersion, found.actualVersion);
  }
  if (error.code === CHECK_VIOLATION_STATE && error.table === 'event') return new LogPartitionMissing(error.message);
  return error;
}

/** A deadlock or a lost serialisation: the same work may succeed when it is run again. */
export function isRetryable(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '40P01' || error.code === '40001');
}

/** The server or the connection failed, not the work: shutdown, killed session, lost network, no connection to be had, out of resources. */
export function isOutage(error: unknown): boolean {
  if (error instanceof DatabaseError) return /^(08|53|57P|25P03|25006)/.test(error.code ?? '');
  return error instanceof Error && /connection|ECONN|EPIPE|ETIMEDOUT|timeout|not queryable|Cannot use a pool/i.test(error.message);
}
