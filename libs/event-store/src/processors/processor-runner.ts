import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '../event-store';
import { sealSettled } from '../seals/sealer';
import { LEASE_RENEWAL_MS, releaseLanes, renewLanes } from './lane-lease';
import { LaneWorker } from './lane-worker';
import { PageReader } from './page-reader';
import type { Processor } from './processor';
import { limiter, type RunnerParts } from './runner-parts';
import { TenantHeads } from './tenant-heads';

/** Pages in work at a time in one process; each takes a connection. */
const PAGES_AT_ONCE_MAX = 4;
/** Pause between two settling steps of the background, while events arrive and after a quiet spell. */
const SETTLE_MS_BUSY = 15;
const SETTLE_MS_QUIET = 40;
const QUIET_AFTER_MS = 5_000;
const OUTAGE_PAUSE_MS = 500;
const PARTITION_CHECK_MS = 60_000;
const PARTITIONS_AHEAD = 2;
const SEAL_MS = 5_000;

export interface ProcessorRunnerOptions {
  /** Name of this process in the lease table. */
  owner: string;
  /** Told of everything that stopped: a processor's name, or `es.settled`, `es.partitions`, `es.seal`, `es.lease`. */
  onStop?: (name: string, error: Error) => void;
}

/**
 * Runs processors over the settled log of every tenant, settles what nobody else settles, seals it, and keeps partitions ready.
 * Needs a store on the worker role.
 */
export class ProcessorRunner {
  readonly #stopping = new AbortController();
  readonly #workers: LaneWorker[];
  readonly #parts: RunnerParts;
  #loops: Promise<void>[] = [];
  #stopListening: (() => Promise<void>) | undefined;
  #stopAdvance: (() => void) | undefined;

  constructor(
    private readonly store: EventStore,
    processors: readonly Processor[],
    options: ProcessorRunnerOptions,
  ) {
    const names = new Set(processors.map((processor) => processor.name));
    if (names.size < processors.length) throw new Error('two processors share a name');
    this.#parts = {
      store,
      owner: options.owner,
      heads: new TenantHeads(store.database),
      reader: new PageReader(store.database, store.catalogue),
      stopping: this.#stopping.signal,
      onStop: options.onStop ?? (() => undefined),
      limit: limiter(PAGES_AT_ONCE_MAX),
    };
    this.#workers = processors.flatMap((processor) => {
      if (!Number.isInteger(processor.lanes) || processor.lanes < 1) throw new Error(`${processor.name} needs at least one lane`);
      return Array.from({ length: processor.lanes }, (_, lane) => new LaneWorker(this.#parts, processor, lane));
    });
  }

  async start(): Promise<void> {
    const { settler, database } = this.store;
    this.#stopAdvance = settler.onAdvance(() => {
      for (const worker of this.#workers) worker.wake();
    });
    this.#stopListening = await database.listen('arrears_settled', (payload) => {
      if (/^\d+$/.test(payload)) settler.observe(BigInt(payload));
    });
    this.#loops = [this.#settleLoop(), this.#renewLoop(), this.#partitionLoop(), this.#sealLoop()];
    for (const worker of this.#workers) worker.start();
  }

  /** Lets the pages in work finish and gives the lanes up. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopAdvance?.();
    await Promise.all([...this.#loops, ...this.#workers.map((worker) => worker.stopped()), this.#stopListening?.()]);
    const leases = this.#workers.flatMap((worker) => worker.lease ?? []);
    if (leases.length > 0) await releaseLanes(this.store.database, leases).catch(() => undefined);
  }

  /** Says that something was committed: settles it now instead of at the next beat. */
  wake(): void {
    if (!this.#stopping.signal.aborted) void this.store.settler.step().catch(() => undefined);
  }

  /** Settles appends whose writers do not ask for it. */
  async #settleLoop(): Promise<void> {
    const { settler } = this.store;
    let movedAt = performance.now();
    while (!this.#stopping.signal.aborted) {
      const before = settler.mark;
      try {
        await settler.step();
        if (settler.mark > before) movedAt = performance.now();
        await this.#pause(performance.now() - movedAt > QUIET_AFTER_MS ? SETTLE_MS_QUIET : SETTLE_MS_BUSY);
      } catch (error) {
        this.#report('es.settled', error);
        await this.#pause(OUTAGE_PAUSE_MS);
      }
    }
  }

  async #renewLoop(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#pause(LEASE_RENEWAL_MS);
      const held = this.#workers.filter((worker) => worker.lease !== undefined);
      if (held.length === 0) continue;
      try {
        const leases = held.flatMap((worker) => worker.lease ?? []);
        const kept = new Set(await renewLanes(this.store.database, leases));
        for (const worker of held) {
          const lease = worker.lease;
          // A lease taken while the renewal was under way is not in its answer and is still good.
          if (lease !== undefined && leases.includes(lease) && !kept.has(lease)) worker.lease = undefined;
        }
      } catch (error) {
        this.#report('es.lease', error);
      }
    }
  }

  async #partitionLoop(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.store.database.statement('SELECT es.ensure_event_partitions($1)', [PARTITIONS_AHEAD]);
      } catch (error) {
        this.#report('es.partitions', error);
      }
      await this.#pause(PARTITION_CHECK_MS);
    }
  }

  async #sealLoop(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await sealSettled(this.store.database);
      } catch (error) {
        this.#report('es.seal', error);
      }
      await this.#pause(SEAL_MS);
    }
  }

  #report(name: string, error: unknown): void {
    if (!this.#stopping.signal.aborted) this.#parts.onStop(name, error instanceof Error ? error : new Error(String(error)));
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}
