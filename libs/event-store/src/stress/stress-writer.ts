import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'node:net';
import type { EventStore } from '../event-store';
import { VersionConflict } from '../errors';
import type { BulkEvent, EventContext, Position, StreamAppend, Tx } from '../types';
import type { SeededRandom } from './random';
import type { Witness } from './witness';

const SHARED_STREAMS = 300;
const TENANTS = [1, 2];
const SLOW_COMMIT_MS_MAX = 60;
const RETRIES_MAX = 50;

/** Thrown to roll back on purpose, and where a connection was cut on purpose. */
class Deliberate extends Error {}

interface Attempted extends StreamAppend {
  ids: string[];
}

/** One client that appends in every way there is, with faults of its own, and always finds out what became of its events. */
export class StressWriter {
  #made = 0;

  constructor(
    private readonly store: EventStore,
    private readonly random: SeededRandom,
    private readonly witness: Witness,
    private readonly name: string,
  ) {}

  async run(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      const dice = this.random.next();
      if (dice < 0.45) await this.#singles();
      else if (dice < 0.9) await this.#transaction();
      else await this.#bulk();
    }
  }

  /** Several single appends at once, which the coalescing writer sends together. */
  async #singles(): Promise<void> {
    const tenantId = this.#tenant();
    const count = this.random.between(1, 12);
    await Promise.all(
      Array.from({ length: count }, async () => {
        const append = this.#append(tenantId, this.random.between(1, 2));
        const context = this.#context(tenantId);
        await this.#untilKnown(tenantId, [append], async () => {
          const { version, lastPosition } = await this.store.appendSingle(context, append);
          this.witness.record(tenantId, append.key, version, append.ids, lastPosition);
        });
      }),
    );
  }

  async #transaction(): Promise<void> {
    const tenantId = this.#tenant();
    const byKey = new Map<string, Attempted>();
    for (let n = this.random.between(1, 3); n > 0; n -= 1) {
      const append = this.#append(tenantId, this.random.between(1, 5));
      byKey.set(append.key, append);
    }
    const appends = [...byKey.values()];
    await this.#inTransaction(tenantId, appends, async (tx, context) => {
      const done = await this.store.append(tx, context, appends);
      return done.reduce((last, one) => (one.lastPosition > last ? one.lastPosition : last), 0n);
    });
  }

  async #bulk(): Promise<void> {
    const tenantId = this.#tenant();
    const byKey = new Map<string, Attempted>();
    for (let n = this.random.between(20, 200); n > 0; n -= 1) {
      const append = this.#append(tenantId, this.random.between(1, 3), 0.1);
      byKey.set(append.key, append);
    }
    const appends = [...byKey.values()];
    const rows: BulkEvent[] = appends.flatMap((append) =>
      append.events.map((event, index) => ({
        ...event,
        category: append.category,
        key: append.key,
        expectedVersion: append.expectedVersion + index,
        sourceRow: index,
      })),
    );
    const source = { id: this.random.uuid() };
    await this.#inTransaction(
      tenantId,
      appends,
      async (tx, context) => (await this.store.bulkAppend(tx, context, source, rows)).lastPosition,
    );
  }

  /** A transaction that may be slow to commit, roll back, or lose its connection while COMMIT is on its way. */
  async #inTransaction(tenantId: number, appends: Attempted[], work: (tx: Tx, context: EventContext) => Promise<Position>): Promise<void> {
    const slowMs = this.random.chance(0.08) ? this.random.between(1, SLOW_COMMIT_MS_MAX) : 0;
    const rollBack = this.random.chance(0.06);
    let cut = this.random.chance(0.03);
    const context = this.#context(tenantId);
    await this.#untilKnown(tenantId, appends, async () => {
      let last: Position | null = null;
      try {
        await this.store.database.transaction(tenantId, async (tx) => {
          last = await work(tx, context);
          if (slowMs > 0) await sleep(slowMs);
          if (rollBack) throw new Deliberate();
          if (cut) {
            cut = false;
            this.witness.counts.cuts += 1;
            await cutWhileCommitting(tx);
          }
        });
      } catch (error) {
        if (!rollBack || !(error instanceof Deliberate)) throw error;
        this.witness.counts.rollbacks += 1;
        this.witness.refuse(appends.flatMap((append) => append.ids));
        return;
      }
      for (const append of appends) {
        this.witness.record(tenantId, append.key, append.expectedVersion + append.events.length, append.ids, last);
      }
    });
  }

  /**
   * Repeats an append whose outcome is unknown until it is known. Expected versions make the repetition safe: it succeeds if the first
   * attempt did not, and conflicts with itself if it did.
   */
  async #untilKnown(tenantId: number, appends: Attempted[], attempt: () => Promise<void>): Promise<void> {
    for (let retry = 0; retry < RETRIES_MAX; retry += 1) {
      try {
        await attempt();
        return;
      } catch (error) {
        if (error instanceof VersionConflict) {
          this.witness.sawVersion(tenantId, error.key, error.actualVersion);
          if (retry > 0 && (await this.#isOwnSuccess(tenantId, appends))) return;
          this.witness.counts.conflicts += 1;
          this.witness.refuse(appends.flatMap((append) => append.ids));
          return;
        }
        if (error instanceof Error && 'code' in error && error.code === '40P01') this.witness.counts.deadlocks += 1;
        await sleep(2 + retry);
      }
    }
    throw new Error(`${this.name} could not find out what became of its events`);
  }

  async #isOwnSuccess(tenantId: number, appends: Attempted[]): Promise<boolean> {
    const [append] = appends;
    if (append === undefined) return false;
    for (;;) {
      try {
        const events = await this.store.database.read(tenantId, (tx) => this.store.readStream(tx, append.category, append.key));
        if (!events.some((event) => event.data['id'] === append.ids[0])) return false;
        this.witness.counts.ownSuccess += 1;
        for (const one of appends) this.witness.record(tenantId, one.key, one.expectedVersion + one.events.length, one.ids, null);
        return true;
      } catch {
        await sleep(5);
      }
    }
  }

  #append(tenantId: number, count: number, sharedChance = 0.7): Attempted {
    this.#made += 1;
    const shared = this.random.chance(sharedChance);
    const key = shared ? `shared-${this.random.between(1, SHARED_STREAMS)}` : `${this.name}-${this.#made}`;
    const ids = Array.from({ length: count }, (_, index) => `${this.name}.${this.#made}.${index}`);
    return {
      category: 'stress',
      key,
      expectedVersion: this.witness.versionOf(tenantId, key),
      ids,
      events: ids.map((id) => ({
        type: 'StressHappened',
        effectiveOn: '2026-01-31',
        data: { id, text: 'ü'.repeat(this.random.between(0, 80)) },
      })),
    };
  }

  #context(tenantId: number): EventContext {
    return { tenantId, principalId: this.random.uuid(), correlationId: this.random.uuid() };
  }

  #tenant(): number {
    return TENANTS[this.random.between(0, TENANTS.length - 1)] ?? 1;
  }
}

/** Sends COMMIT and pulls the plug before the answer can arrive: the writer cannot know whether it was carried out. */
async function cutWhileCommitting(tx: Tx): Promise<never> {
  const { stream } = (tx.client as unknown as { connection: { stream: Socket } }).connection;
  tx.client.query('COMMIT').catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  stream.destroy();
  throw new Deliberate('the connection was cut');
}
