import type { Position } from '../types';

/** Remembers what the writers were told, against which the log and its readers are judged. */
export class Witness {
  /** Ids of events whose writer knows that they are recorded, with the position if it learnt it. */
  readonly committed = new Map<string, Position | null>();
  /** Ids whose writer knows that they are not. */
  readonly refused = new Set<string>();
  readonly versions = new Map<string, number>();
  readonly counts = { conflicts: 0, rollbacks: 0, cuts: 0, kills: 0, ownSuccess: 0, deadlocks: 0 };
  #unsettled: { position: Position; at: number }[] = [];
  #lagMsMax = 0;

  record(tenantId: number, key: string, version: number, ids: readonly string[], lastPosition: Position | null): void {
    for (const id of ids) this.committed.set(id, lastPosition);
    this.sawVersion(tenantId, key, version);
    if (lastPosition !== null) this.#unsettled.push({ position: lastPosition, at: performance.now() });
  }

  refuse(ids: readonly string[]): void {
    for (const id of ids) this.refused.add(id);
  }

  sawVersion(tenantId: number, key: string, version: number): void {
    const name = `${tenantId}/${key}`;
    this.versions.set(name, Math.max(version, this.versions.get(name) ?? 0));
  }

  versionOf(tenantId: number, key: string): number {
    return this.versions.get(`${tenantId}/${key}`) ?? 0;
  }

  /** Told of each new mark; keeps the longest time a committed event waited for it. */
  settled(mark: Position): void {
    const now = performance.now();
    const left = [];
    for (const one of this.#unsettled) {
      if (one.position > mark) left.push(one);
      else this.#lagMsMax = Math.max(this.#lagMsMax, now - one.at);
    }
    this.#unsettled = left;
  }

  get settleLagMsMax(): number {
    return this.#lagMsMax;
  }
}
