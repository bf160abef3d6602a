import { VersionConflict, type AppendedStream, type Tx } from '@app/event-store';

const ATTEMPTS_MAX = 5;

/**
 * Runs a read-decide-append once more when another writer was faster. For decisions that hold whatever came between (adding a key, changing
 * settings without If-Match): the caller does not have to be told.
 */
export async function retryingConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof VersionConflict) || attempt >= ATTEMPTS_MAX) throw error;
    }
  }
}

/** The one stream of an append of one. */
export function only(appended: readonly AppendedStream[]): AppendedStream {
  const [stream] = appended;
  if (stream === undefined) throw new Error('An append of one stream gave back none.');
  return stream;
}

/** What a command's transaction decided: an append to settle, or nothing to do. */
export interface Decided<Result> {
  readonly result: Result;
  readonly appended: AppendedStream | null;
}

export type Decide<Result> = (tx: Tx) => Promise<Decided<Result>>;
