import type { NewEvent, StreamAppend } from '@app/event-store';

/** What one decision writes: events by stream, and the messages that follow from them. Collected first, then written in one go. */
export class AppendPlan {
  readonly #streams = new Map<string, { category: string; key: string; expectedVersion: number; events: NewEvent[] }>();
  readonly #deliveryIds: string[] = [];
  readonly #completions: (() => Promise<void>)[] = [];

  /** `expectedVersion` counts before the plan; a second event for the same stream follows the first. */
  add(category: string, key: string, expectedVersion: number, event: NewEvent): void {
    const name = `${category}/${key}`;
    const known = this.#streams.get(name);
    if (known === undefined) this.#streams.set(name, { category, key, expectedVersion, events: [event] });
    else known.events.push(event);
  }

  addDelivery(deliveryId: string): void {
    this.#deliveryIds.push(deliveryId);
  }

  /** What has to be decided over the whole plan, once everything else is in it. */
  onComplete(work: () => Promise<void>): void {
    this.#completions.push(work);
  }

  /** Runs what was left for the end; that may add more. */
  async complete(): Promise<void> {
    for (let work = this.#completions.shift(); work !== undefined; work = this.#completions.shift()) await work();
  }

  get appends(): readonly StreamAppend[] {
    return [...this.#streams.values()];
  }

  get deliveryIds(): readonly string[] {
    return this.#deliveryIds;
  }
}
