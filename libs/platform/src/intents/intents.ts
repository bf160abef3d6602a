import type { Database, JsonObject, Tx } from '@app/event-store';
import { uuidV7 } from '../identity/identifiers';
import type { Logger } from '../logging/logger';
import type { QueueBackend, Trigger } from '../queue/queue-backend';
import { writeRequest } from './intent-table';
import type { QueueName } from './job';

export interface IntentRequest {
  readonly kind: string;
  /** What the job is about; requests with the same kind and key are one job while it waits. */
  readonly key: string;
  readonly payload: JsonObject;
  /** The job does not run before this instant, whatever happens to the queue. */
  readonly notBefore?: Date;
}

const KIND = /^[a-z][a-z0-9-]*$/;
const KINDS_AGAIN_MS = 5_000;

/**
 * Leaves work to be done, in the transaction of the facts that call for it. The row is the promise; the queue is rung after the
 * commit, and where that fails the sweeper of the worker rings.
 */
export class Intents {
  #queues: ReadonlyMap<string, QueueName> = new Map();
  #readAt = -Infinity;
  #reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly backend: QueueBackend,
    private readonly logger: Logger,
  ) {}

  /**
   * Requests a job and returns the id of its intent. While the job waits, requests coalesce (the latest payload wins, the earliest
   * time holds); while it runs, it is run once more afterwards; once it is done or dead, it starts anew.
   */
  async request(tx: Tx, tenantId: number, intent: IntentRequest): Promise<string> {
    if (!KIND.test(intent.kind)) throw new RangeError(`A kind of job is written like "take-snapshot", not "${intent.kind}".`);
    const { intentId, trigger } = await writeRequest(tx, tenantId, {
      newId: uuidV7(),
      kind: intent.kind,
      key: intent.key,
      payload: intent.payload,
      notBefore: intent.notBefore ?? null,
    });
    if (trigger !== null) tx.afterCommit(() => this.ring(trigger));
    return intentId;
  }

  /** Rings the queue; a failure is no loss, only a delay. */
  async ring(trigger: Trigger): Promise<void> {
    try {
      const queue = await this.queueOf(trigger.kind);
      if (queue !== undefined) await this.backend.add(queue, trigger);
    } catch (error) {
      this.logger.debug(`The queue was not rung for ${trigger.kind}: ${(error as Error).message}`, 'Intents');
    }
  }

  /** Kinds are known once a worker has started; until then the sweeper of that worker rings. */
  private async queueOf(kind: string): Promise<QueueName | undefined> {
    const known = this.#queues.get(kind);
    if (known !== undefined) return known;
    if (Date.now() - this.#readAt >= KINDS_AGAIN_MS) {
      this.#readAt = Date.now();
      this.#reading = this.#readKinds();
    }
    // Requests that commit together wait for the one reading, or all but the first would be left to the sweeper.
    await this.#reading;
    return this.#queues.get(kind);
  }

  async #readKinds(): Promise<void> {
    const rows = await this.database.statement<{ kind: string; queue: QueueName }>('SELECT kind, queue FROM pf.job_kind');
    this.#queues = new Map(rows.map((row) => [row.kind, row.queue]));
  }
}

export type IntentState = 'waiting' | 'running' | 'done' | 'dead';

/** How far the work behind a request is, to be shown and nothing else; null when it was never requested or is long done. */
export async function intentState(
  tx: Tx,
  { tenantId, kind, key }: { readonly tenantId: number; readonly kind: string; readonly key: string },
): Promise<IntentState | null> {
  const sql = 'SELECT state FROM pf.intent WHERE tenant_id = $1 AND kind = $2 AND key = $3';
  return (await tx.query<{ state: IntentState }>(sql, [tenantId, kind, key]))[0]?.state ?? null;
}

/** Jobs of a tenant that were given up and not asked for again since; the latest first. */
export async function deadIntents(
  tx: Tx,
  tenantId: number,
  limit: number,
): Promise<{ readonly kind: string; readonly key: string; readonly reason: string }[]> {
  return tx.query(
    `SELECT kind, key, coalesce(reason, '') AS reason FROM pf.intent WHERE tenant_id = $1 AND state = 'dead' ORDER BY finished_at DESC LIMIT $2`,
    [tenantId, limit],
  );
}
