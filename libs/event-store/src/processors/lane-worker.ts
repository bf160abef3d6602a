import { isOutage } from '../errors';
import type { Position } from '../types';
import { applyPage, LaneLost, parkEvent, positionsOf, skipPage } from './apply-page';
import { type LaneLease, takeLane } from './lane-lease';
import type { PageOutline } from './page-reader';
import type { Processor } from './processor';
import { announceProgress } from './progress';
import type { RunnerParts } from './runner-parts';

/** Longest wait for a wake-up call, and between two tries to take a lane that another process holds. */
const POLL_MS = 500;
/** A short stretch of events that concern nobody may wait this long for its checkpoint: waiters look past it by themselves. */
const SKIP_DELAY_MS = 250;
const SKIP_EVENTS_AT_ONCE = 1_000;
const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 30_000;

interface Failure {
  retryAt: number;
  delayMs: number;
}

/** Works one lane of one processor: takes its lease, then brings every tenant of the lane up to the settled mark, again and again. */
export class LaneWorker {
  lease: LaneLease | undefined;
  readonly #checkpoints = new Map<number, Position>();
  readonly #skipSince = new Map<number, number>();
  readonly #failures = new Map<number, Failure>();
  readonly #codes: readonly number[] | null;
  #running: Promise<void> | undefined;
  #woken = false;
  #wake: (() => void) | undefined;

  constructor(
    private readonly parts: RunnerParts,
    readonly processor: Processor,
    readonly lane: number,
  ) {
    this.#codes = processor.eventTypes === 'all' ? null : processor.eventTypes.map((type) => parts.store.catalogue.ofType(type).code);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves after the page in work. */
  async stopped(): Promise<void> {
    this.wake();
    await this.#running;
  }

  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  async #run(): Promise<void> {
    let outageMs = RETRY_MS_MIN;
    while (!this.parts.stopping.aborted) {
      try {
        const idle = await this.#round();
        outageMs = RETRY_MS_MIN;
        if (idle !== undefined) await this.#sleep(idle);
      } catch (error) {
        if (error instanceof LaneLost) this.lease = undefined;
        else this.parts.onStop(this.processor.name, asError(error));
        this.#woken = false;
        await this.#sleep(outageMs);
        outageMs = Math.min(outageMs * 2, RETRY_MS_MAX);
      }
    }
  }

  /** Asked anew each time: a wake-up call can come while a page is in work. */
  #wasWoken(): boolean {
    return this.#woken;
  }

  /** One pass over the tenants. Answers how long to rest, or undefined when more is waiting already. */
  async #round(): Promise<number | undefined> {
    if (this.lease === undefined && !(await this.#take())) return POLL_MS;
    this.#woken = false;
    const { settler } = this.parts.store;
    await this.parts.heads.refresh(settler.mark);
    let rest = POLL_MS;
    for (const [tenantId, head] of [...this.parts.heads.ofLane(this.lane, this.processor.lanes)]) {
      if (this.parts.stopping.aborted) return undefined;
      if ((this.#checkpoints.get(tenantId) ?? 0n) < head) rest = Math.min(rest, await this.#advance(tenantId, head));
    }
    return this.#wasWoken() ? undefined : rest;
  }

  async #take(): Promise<boolean> {
    const { database } = this.parts.store;
    this.lease = await takeLane(database, {
      name: this.processor.name,
      lane: this.lane,
      lanes: this.processor.lanes,
      types: this.#codes,
      owner: this.parts.owner,
    });
    if (this.lease === undefined) return false;
    this.#checkpoints.clear();
    this.#failures.clear();
    const rows = await database.statement<{ tenant_id: number; position: Position }>(
      'SELECT tenant_id, position FROM es.checkpoint WHERE name = $1',
      [this.processor.name],
    );
    for (const row of rows) this.#checkpoints.set(row.tenant_id, row.position);
    return true;
  }

  /** Pages through one tenant. Answers in how many milliseconds it wants to be looked at again. */
  async #advance(tenantId: number, head: Position): Promise<number> {
    const failure = this.#failures.get(tenantId);
    if (failure !== undefined && failure.retryAt > performance.now()) return failure.retryAt - performance.now();
    for (let after = this.#checkpoints.get(tenantId) ?? 0n; after < head; after = this.#checkpoints.get(tenantId) ?? 0n) {
      if (this.parts.stopping.aborted) return 0;
      const page = await this.parts.reader.outline(tenantId, after, head);
      const concerned = this.#codes === null ? page.eventCount > 0 : this.#codes.some((code) => page.typeCodes.has(code));
      if (!concerned) {
        const wait = this.#skipWait(tenantId, page);
        if (wait > 0) return wait;
      }
      try {
        await this.parts.limit(() => this.#work(tenantId, page, concerned));
      } catch (error) {
        return this.#failed(tenantId, error);
      }
      this.#failures.delete(tenantId);
      this.#skipSince.delete(tenantId);
      this.#checkpoints.set(tenantId, page.upTo);
      announceProgress(this.processor.name, tenantId);
    }
    return POLL_MS;
  }

  async #work(tenantId: number, page: PageOutline, concerned: boolean): Promise<void> {
    const lease = this.#held();
    const { database } = this.parts.store;
    if (!concerned) {
      await skipPage(database, lease, tenantId, page);
      return;
    }
    try {
      await applyPage(database, this.parts.reader, this.processor, lease, tenantId, page);
    } catch (error) {
      if (this.processor.onError === 'stop' || error instanceof LaneLost || isOutage(error)) throw error;
      await this.#parkOneByOne(tenantId, page);
    }
  }

  /** Goes through a page event by event, so that only the ones at fault are parked. */
  async #parkOneByOne(tenantId: number, page: PageOutline): Promise<void> {
    const { database } = this.parts.store;
    let after = page.after;
    for (const position of await positionsOf(database, tenantId, page, this.#codes)) {
      const one: PageOutline = { after, upTo: position, eventCount: 1, typeCodes: page.typeCodes };
      try {
        await applyPage(database, this.parts.reader, this.processor, this.#held(), tenantId, one);
      } catch (error) {
        if (error instanceof LaneLost || isOutage(error)) throw error;
        await parkEvent(database, this.#held(), tenantId, one, asError(error));
        this.parts.onStop(this.processor.name, new EventParked(this.processor.name, tenantId, position, asError(error)));
      }
      after = position;
      this.#checkpoints.set(tenantId, position);
    }
    if (after < page.upTo) await skipPage(database, this.#held(), tenantId, { ...page, after });
  }

  #held(): LaneLease {
    if (this.lease === undefined) throw new LaneLost({ name: this.processor.name, lane: this.lane, fence: 0n });
    return this.lease;
  }

  /** A failed tenant rests; the others of the lane go on. */
  #failed(tenantId: number, error: unknown): number {
    if (error instanceof LaneLost) throw error;
    const delayMs = Math.min((this.#failures.get(tenantId)?.delayMs ?? RETRY_MS_MIN / 2) * 2, RETRY_MS_MAX);
    this.#failures.set(tenantId, { delayMs, retryAt: performance.now() + delayMs });
    this.parts.onStop(this.processor.name, asError(error));
    return delayMs;
  }

  #skipWait(tenantId: number, page: PageOutline): number {
    if (page.eventCount >= SKIP_EVENTS_AT_ONCE) return 0;
    const since = this.#skipSince.get(tenantId) ?? performance.now();
    this.#skipSince.set(tenantId, since);
    return since + SKIP_DELAY_MS - performance.now();
  }

  #sleep(ms: number): Promise<void> {
    if (this.#woken || this.parts.stopping.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, Math.max(ms, 1));
      this.#wake = done;
    });
  }
}

/** Told to onStop when a parking processor has put an event aside. */
export class EventParked extends Error {
  constructor(
    readonly processor: string,
    readonly tenantId: number,
    readonly position: Position,
    cause: Error,
  ) {
    super(`${processor} parked event ${position} of tenant ${tenantId}: ${cause.message}`, { cause });
    this.name = 'EventParked';
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
