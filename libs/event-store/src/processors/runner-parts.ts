import type { EventStore } from '../event-store';
import type { PageReader } from './page-reader';
import type { TenantHeads } from './tenant-heads';

/** What the lanes of one runner share. */
export interface RunnerParts {
  readonly store: EventStore;
  readonly owner: string;
  readonly heads: TenantHeads;
  readonly reader: PageReader;
  readonly stopping: AbortSignal;
  readonly onStop: (name: string, error: Error) => void;
  /** Runs work when fewer than the allowed number of pages are in work. */
  readonly limit: <T>(work: () => Promise<T>) => Promise<T>;
}

/** At most `max` pieces of work at a time, in order of arrival. */
export function limiter(max: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = max;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
