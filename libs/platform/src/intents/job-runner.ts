import type { Database } from '@app/event-store';
import type { Logger } from '../logging/logger';
import type { Consumer, QueueBackend, Trigger } from '../queue/queue-backend';
import { IntentTable, type ClaimedIntent } from './intent-table';
import { type Job, type JobHandler, LeaseLost, QUEUES, type QueueName } from './job';

/** Jobs of a queue that run at the same time in one process. */
const CONCURRENCY: Readonly<Record<QueueName, number>> = { recompute: 2, evaluate: 4, deliver: 16, import: 2, schedule: 1 };
const SWEEP_EVERY_MS = 500;
const FORGET_EVERY_MS = 600_000;
const RETRY_DELAY_MS_MIN = 1_000;
const RETRY_DELAY_MS_MAX = 300_000;
const STOP_PATIENCE_MS = 5_000;

export interface JobRunnerOptions {
  /** Names this process on the jobs it holds. */
  readonly owner: string;
  /** True when no other worker can be running: jobs of earlier owners are taken over at once instead of after their lease. */
  readonly alone: boolean;
}

/** Consumes the queues, runs handlers under leases and sweeps for triggers that were lost. */
export class JobRunner {
  readonly #table: IntentTable;
  readonly #stopping = new AbortController();
  readonly #inWork = new Map<ClaimedIntent, AbortController>();
  #consumers: Consumer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #forgetAt = 0;

  constructor(
    database: Database,
    private readonly backend: QueueBackend,
    private readonly handlers: ReadonlyMap<string, JobHandler>,
    private readonly logger: Logger,
    private readonly options: JobRunnerOptions,
  ) {
    this.#table = new IntentTable(database);
  }

  /** @throws when unfinished work of a kind has no handler in this release. */
  async start(): Promise<void> {
    const orphaned = (await this.#table.unfinishedKinds()).filter((kind) => !this.handlers.has(kind));
    if (orphaned.length > 0) throw new Error(`Unfinished jobs have no handler: ${orphaned.join(', ')}.`);
    await this.#table.recordKinds([...this.handlers.values()].map(({ kind, queue }) => ({ kind, queue })));
    if (this.options.alone) await this.#table.takeFromLost(this.options.owner);
    await this.#table.ringAll();
    const used = QUEUES.filter((name) => [...this.handlers.values()].some((handler) => handler.queue === name));
    this.#consumers = await Promise.all(
      used.map((name) => this.backend.consume(name, CONCURRENCY[name], (trigger) => this.onTrigger(trigger))),
    );
    this.#timer = setTimeout(() => {
      this.tick();
    }, 0);
  }

  /** Stops taking jobs, asks those in work to end, and puts back what has not ended after a while. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    for (const controller of this.#inWork.values()) controller.abort();
    const ended = Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      ended,
      new Promise((resolve) => {
        timer = setTimeout(resolve, STOP_PATIENCE_MS);
      }),
    ]);
    clearTimeout(timer);
    for (const job of this.#inWork.keys()) await this.#table.putBack(job, 0, 'the worker stopped', false).catch(() => null);
    await this.#sweeping;
  }

  private tick(): void {
    this.#sweeping = this.sweep()
      .catch((error: unknown) => {
        this.logger.warn(`Sweeping for lost triggers failed: ${(error as Error).message}`, 'JobRunner');
      })
      .finally(() => {
        if (!this.#stopping.signal.aborted)
          this.#timer = setTimeout(() => {
            this.tick();
          }, SWEEP_EVERY_MS);
      });
  }

  private async sweep(): Promise<void> {
    const triggers = [...(await this.#table.takeFromLost()), ...(await this.#table.ringOverdue())];
    for (const trigger of triggers) await this.ring(trigger);
    if (Date.now() >= this.#forgetAt) {
      this.#forgetAt = Date.now() + FORGET_EVERY_MS;
      await this.#table.forgetDone();
    }
  }

  private async ring(trigger: Trigger | null): Promise<void> {
    const handler = trigger === null ? undefined : this.handlers.get(trigger.kind);
    if (trigger === null || handler === undefined || this.#stopping.signal.aborted) return;
    await this.backend.add(handler.queue, trigger).catch((error: unknown) => {
      this.logger.debug(`The queue was not rung: ${(error as Error).message}`, 'JobRunner');
    });
  }

  private async onTrigger(trigger: Trigger): Promise<void> {
    const handler = this.handlers.get(trigger.kind);
    if (handler === undefined || this.#stopping.signal.aborted) return;
    const serial = handler.serialBy === 'tenant';
    const claimed = await this.#table.claim({ trigger, owner: this.options.owner, leaseSeconds: handler.leaseSeconds, serial });
    if (claimed === null) return;
    const controller = new AbortController();
    this.#inWork.set(claimed, controller);
    try {
      await this.ring(await this.runClaimed(handler, claimed, controller));
      if (serial) await this.ring(await this.#table.nextInLine(trigger.tenantId, trigger.kind));
    } finally {
      this.#inWork.delete(claimed);
    }
  }

  private async runClaimed(handler: JobHandler, claimed: ClaimedIntent, controller: AbortController): Promise<Trigger | null> {
    const job = this.jobOf(handler, claimed, controller);
    const stopBeating = this.beat(handler, claimed, controller);
    try {
      if (claimed.failures >= handler.attemptsMax) {
        const reason = claimed.reason ?? 'it failed too often';
        this.logger.error(`Job ${claimed.kind} ${claimed.key} is dead: ${reason}`, 'JobRunner');
        await handler.abandon?.(job, reason);
        return await this.#table.finish(claimed, 'dead', reason);
      }
      const result = await handler.run(job);
      switch (result.outcome) {
        case 'done':
          return await this.#table.finish(claimed, 'done', null);
        case 'dead':
          this.logger.error(`Job ${claimed.kind} ${claimed.key} is dead: ${result.reason}`, 'JobRunner');
          return await this.#table.finish(claimed, 'dead', result.reason);
        case 'retry':
          return await this.#table.putBack(claimed, result.notBefore.getTime() - Date.now(), result.reason, false);
      }
    } catch (error) {
      return await this.onThrow(handler, claimed, error);
    } finally {
      stopBeating();
    }
  }

  private async onThrow(handler: JobHandler, claimed: ClaimedIntent, error: unknown): Promise<Trigger | null> {
    if (error instanceof LeaseLost) return null;
    const reason = error instanceof Error ? error.message : String(error);
    if (this.#stopping.signal.aborted) return this.#table.putBack(claimed, 0, 'the worker stopped', false);
    this.logger.warn(`Job ${claimed.kind} ${claimed.key} failed: ${reason}`, error, 'JobRunner');
    const final = claimed.failures + 1 >= handler.attemptsMax;
    return this.#table.putBack(claimed, final ? 0 : retryDelayMs(claimed.failures), reason, true);
  }

  /** Renews the lease in the background, so that a job is lost only when its process is. */
  private beat(handler: JobHandler, claimed: ClaimedIntent, controller: AbortController): () => void {
    const timer = setInterval(
      () => {
        this.#table.extend(claimed, handler.leaseSeconds).then(
          (held) => {
            if (!held) controller.abort(new LeaseLost(claimed.kind, claimed.key));
          },
          // The database is away for a moment; the lease decides.
          () => undefined,
        );
      },
      (handler.leaseSeconds * 1_000) / 3,
    );
    return () => {
      clearInterval(timer);
    };
  }

  private jobOf(handler: JobHandler, claimed: ClaimedIntent, controller: AbortController): Job {
    const { intentId, tenantId, kind, key, payload, attempt, generation } = claimed;
    return {
      intentId,
      tenantId,
      kind,
      key,
      payload,
      attempt,
      generation,
      signal: controller.signal,
      extendLease: async () => {
        if (await this.#table.extend(claimed, handler.leaseSeconds)) return;
        const lost = new LeaseLost(kind, key);
        controller.abort(lost);
        throw lost;
      },
    };
  }
}

/** 1 s, doubled with every failure up to 5 min, and up to a fifth more by chance so that failures do not return together. */
export function retryDelayMs(failuresBefore: number, chance: number = Math.random()): number {
  return Math.min(RETRY_DELAY_MS_MIN * 2 ** failuresBefore, RETRY_DELAY_MS_MAX) * (1 + chance / 5);
}
