import type { Database } from '@app/event-store';
import { timeZoneExists } from '../configuration/configuration';
import type { Clock } from '../identity/clock';
import type { Intents } from '../intents/intents';
import type { Logger } from '../logging/logger';
import { advance, type DueSlot, ScheduleTable, type SlotGrid } from './schedule-table';
import { type ScheduleInterval, slotOf } from './slots';

/** Work that comes round by the clock: once a slot and tenant. */
export interface Schedule {
  /** Names it for ever: its slots are remembered under it. Also the key of the job. */
  readonly name: string;
  /** Kind of the job; its payload is `{slot}`. */
  readonly kind: string;
  /** A day is a date in the tenant's time zone. */
  readonly every: ScheduleInterval;
}

export interface SchedulerParts {
  readonly database: Database;
  readonly intents: Intents;
  readonly clock: Clock;
  /** IANA name; the days of tenants without a zone of their own begin in it. */
  readonly timeZone: string;
  readonly logger: Logger;
}

const POLL_MS = 1_000;

/**
 * Requests the job of every schedule once a slot and tenant, however many workers run: the slot advances in the transaction of the request.
 * Slots that went by while no worker ran are caught up by one run, of the latest. A clock set back requests nothing until it has passed the
 * latest slot again.
 */
export class Scheduler {
  readonly #table: ScheduleTable;
  /** Zones of tenants as they are recorded, with the one that counts: null and what this machine does not know are the installation's. */
  readonly #zones = new Map<string | null, string>();
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: SchedulerParts,
    private readonly schedules: readonly Schedule[],
  ) {
    this.#table = new ScheduleTable(parts.database);
    this.#zones.set(null, parts.timeZone);
  }

  start(): void {
    if (this.schedules.length > 0) this.#next(0);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Looks at the clock once: one statement where nothing has begun. */
  async look(): Promise<void> {
    const byTenant = new Map<number, DueSlot[]>();
    for (const due of await this.#due()) byTenant.set(due.tenantId, [...(byTenant.get(due.tenantId) ?? []), due]);
    for (const [tenantId, due] of byTenant) {
      if (this.#stopping.signal.aborted) return;
      await this.#request(tenantId, due);
    }
  }

  async #due(): Promise<DueSlot[]> {
    const now = this.parts.clock.now();
    const rows = await this.#table.due(this.#grid(now));
    const unknown = new Set(rows.filter(({ name }) => name === null).map(({ zone }) => zone));
    if (unknown.size > 0) {
      for (const zone of unknown) this.#zones.set(zone, zone !== null && timeZoneExists(zone) ? zone : this.parts.timeZone);
      return this.#due();
    }
    return rows.map(({ tenant_id: tenantId, name, slot }) => ({ tenantId, name: name ?? '', slot: slot ?? '' }));
  }

  #grid(now: Date): SlotGrid {
    const cells = [...this.#zones].flatMap(([zone, counting]) =>
      this.schedules.map(({ name, every }) => ({ name, zone, slot: slotOf(every, now, counting) })),
    );
    return { names: cells.map(({ name }) => name), zones: cells.map(({ zone }) => zone), slots: cells.map(({ slot }) => slot) };
  }

  /** Everything that has begun for a tenant; together, because a stop in between leaves the rest for the next look. */
  async #request(tenantId: number, due: readonly DueSlot[]): Promise<void> {
    await this.parts.database.transaction(tenantId, async (tx) => {
      for (const slot of due) {
        const schedule = this.schedules.find(({ name }) => name === slot.name);
        if (schedule === undefined || !(await advance(tx, slot))) continue;
        await this.parts.intents.request(tx, tenantId, { kind: schedule.kind, key: schedule.name, payload: { slot: slot.slot } });
      }
    });
  }

  #next(delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.look()
        .catch((error: unknown) => {
          this.parts.logger.warn(`Looking for schedules that are due failed: ${(error as Error).message}`, 'Scheduler');
        })
        .finally(() => {
          if (!this.#stopping.signal.aborted) this.#next(POLL_MS);
        });
    }, delayMs);
  }
}
