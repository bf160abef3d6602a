import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import type { EventCatalogue } from '../catalogue';
import type { Database } from '../database';
import { isOutage, isRetryable, translateAppendError, VersionConflict } from '../errors';
import type { AppendedStream, EventContext, StreamAppend } from '../types';
import { APPEND_SQL, appendOutcomes, appendParameters, type AppendRow, prepareAppend, type PreparedAppend } from './append-statement';

/** Appends in one statement, and statements on their way at once for one tenant. A second one hides the commit of the first. */
const BATCH_APPENDS_MAX = 256;
const BATCHES_PER_TENANT_MAX = 2;
/** Attempts of a statement that lost a deadlock, the first one included. */
const ATTEMPTS_MAX = 5;

interface Waiting extends PreparedAppend {
  stream: string;
  resolve(result: AppendedStream): void;
  reject(error: unknown): void;
}

interface TenantQueue {
  waiting: Waiting[];
  /** Streams of the statements on their way: a stream is in one of them at most. */
  busy: Set<string>;
  batches: number;
  scheduled: boolean;
}

/** Gathers concurrent single appends into one statement. Each of them succeeds or fails on its own. */
export class CoalescingWriter {
  readonly #queues = new Map<number, TenantQueue>();

  constructor(
    private readonly database: Database,
    private readonly catalogue: EventCatalogue,
  ) {}

  append(context: EventContext, append: StreamAppend): Promise<AppendedStream> {
    return new Promise((resolve, reject) => {
      const prepared = prepareAppend(this.catalogue, context, append);
      const queue = this.#queueOf(context.tenantId);
      queue.waiting.push({ ...prepared, stream: `${append.category}/${append.key}`, resolve, reject });
      this.#schedule(context.tenantId, queue);
    });
  }

  #queueOf(tenantId: number): TenantQueue {
    let queue = this.#queues.get(tenantId);
    if (queue === undefined) {
      queue = { waiting: [], busy: new Set(), batches: 0, scheduled: false };
      this.#queues.set(tenantId, queue);
    }
    return queue;
  }

  /** Waits for the end of the event loop's turn, so that everything asked for in it goes together. */
  #schedule(tenantId: number, queue: TenantQueue): void {
    if (queue.scheduled || queue.batches >= BATCHES_PER_TENANT_MAX) return;
    queue.scheduled = true;
    setImmediate(() => {
      queue.scheduled = false;
      const batch = takeBatch(queue);
      if (batch.length === 0) return;
      queue.batches += 1;
      void this.#write(tenantId, batch).finally(() => {
        queue.batches -= 1;
        for (const item of batch) queue.busy.delete(item.stream);
        if (queue.waiting.length > 0) this.#schedule(tenantId, queue);
        else if (queue.batches === 0) this.#queues.delete(tenantId);
      });
    });
  }

  async #write(tenantId: number, batch: readonly Waiting[]): Promise<void> {
    try {
      const row = await this.#send(tenantId, batch);
      appendOutcomes(batch, row).forEach((outcome, item) => {
        const waiting = batch[item] as Waiting;
        const { category, key, expectedVersion } = waiting.append;
        if ('streamId' in outcome) waiting.resolve(outcome);
        else waiting.reject(new VersionConflict(category, key, expectedVersion, outcome.actualVersion));
      });
    } catch (error) {
      // What PostgreSQL refuses as data belongs to one append only: alone, each finds out whether it was the one.
      if (batch.length > 1 && error instanceof DatabaseError && !isOutage(error))
        for (const one of batch) await this.#write(tenantId, [one]);
      else for (const waiting of batch) waiting.reject(translateAppendError(error));
    }
  }

  async #send(tenantId: number, batch: readonly Waiting[]): Promise<AppendRow> {
    const parameters = appendParameters(tenantId, batch, { claimTenant: true, all: false });
    for (let attempt = 1; ; attempt += 1) {
      try {
        const [row] = await this.database.statement<AppendRow>(APPEND_SQL, parameters);
        if (row === undefined) throw new Error('es.append answered nothing');
        return row;
      } catch (error) {
        if (attempt >= ATTEMPTS_MAX || !isRetryable(error)) throw error;
        await sleep(Math.random() * 5 * attempt);
      }
    }
  }
}

/** The next appends in order of arrival, leaving behind those whose stream is on its way already. */
function takeBatch(queue: TenantQueue): Waiting[] {
  const batch: Waiting[] = [];
  const left: Waiting[] = [];
  const held = new Set<string>();
  for (const item of queue.waiting) {
    if (batch.length >= BATCH_APPENDS_MAX || queue.busy.has(item.stream) || held.has(item.stream)) {
      held.add(item.stream);
      left.push(item);
    } else {
      queue.busy.add(item.stream);
      batch.push(item);
    }
  }
  queue.waiting = left;
  return batch;
}
