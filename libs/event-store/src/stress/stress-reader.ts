import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database';
import type { Position } from '../types';

const PAGE = 2_000;

export interface DeliveredEvent {
  position: Position;
  stream_id: bigint;
  version: number;
  id: string;
}

/** Follows the log as a processor would and remembers in which order it saw what. `bound` is where it may read to. */
export class StressReader {
  readonly delivered: DeliveredEvent[] = [];
  #cursor: Position = 0n;

  constructor(
    private readonly database: Database,
    private readonly bound: () => Position | null,
    private readonly pauseMs: number,
  ) {}

  async run(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      await this.drain().catch(() => undefined);
      await sleep(this.pauseMs);
    }
  }

  /** Reads to the bound. */
  async drain(): Promise<void> {
    const upTo = this.bound();
    for (;;) {
      const rows = await this.database.statement<DeliveredEvent>(
        `SELECT position, stream_id, version, data->>'id' AS id FROM es.event WHERE tenant_id IN (1, 2) AND position > $1 AND ($2::bigint IS NULL OR position <= $2)
          ORDER BY position LIMIT ${PAGE}`,
        [this.#cursor, upTo],
      );
      for (const row of rows) this.delivered.push(row);
      this.#cursor = rows.at(-1)?.position ?? this.#cursor;
      if (rows.length < PAGE) {
        if (upTo !== null && upTo > this.#cursor) this.#cursor = upTo;
        return;
      }
    }
  }
}

/** What is wrong with a delivery, measured against everything the log holds. */
export function judgeDelivery(
  delivered: readonly DeliveredEvent[],
  log: readonly DeliveredEvent[],
): { lost: number; doubled: number; inversions: number } {
  const seen = new Set<string>();
  const versions = new Map<bigint, number>();
  let doubled = 0;
  let inversions = 0;
  for (const event of delivered) {
    if (seen.has(event.id)) doubled += 1;
    seen.add(event.id);
    if (event.version !== (versions.get(event.stream_id) ?? 0) + 1) inversions += 1;
    versions.set(event.stream_id, event.version);
  }
  return { lost: log.filter((event) => !seen.has(event.id)).length, doubled, inversions };
}
