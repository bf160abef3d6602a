import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database';
import type { Position } from '../types';
import type { PendingCandidate, SettlingStrategy } from './settling-strategy';

/** Pause between two looks at a candidate that still waits for a transaction. */
const LOOK_PAUSE_MS_MIN = 0.5;
const LOOK_PAUSE_MS_MAX = 8;
/** A step gives its candidate up after this long, so that callers notice a transaction that never ends. */
const STEP_MS_MAX = 10_000;

/** Moves the settled mark. All calls of a process share the step that runs and the one that comes next. */
export class Settler {
  #mark: Position = 0n;
  #running: Promise<Position> | undefined;
  #next: Promise<Position> | undefined;
  readonly #listeners = new Set<(mark: Position) => void>();

  constructor(
    private readonly database: Database,
    private readonly strategy: SettlingStrategy,
  ) {}

  /** The mark as far as this process knows. */
  get mark(): Position {
    return this.#mark;
  }

  /** Resolves once the mark has reached the position, which the caller must have committed. */
  async settle(atLeast: Position): Promise<void> {
    while (this.#mark < atLeast) await this.step();
  }

  /** One settling step that begins after this call: everything committed by now is settled when it resolves. */
  step(): Promise<Position> {
    if (this.#running === undefined) return this.#start();
    // The running step may have read its candidate before the caller committed; the next one is shared by all who come meanwhile.
    this.#next ??= this.#running.then(
      () => this.#start(),
      () => this.#start(),
    );
    return this.#next;
  }

  /** Calls back in this process for every new mark until the returned function is called. */
  onAdvance(listener: (mark: Position) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes over a mark that another process announced. */
  observe(mark: Position): void {
    if (mark <= this.#mark) return;
    this.#mark = mark;
    for (const listener of this.#listeners) listener(mark);
  }

  #start(): Promise<Position> {
    this.#next = undefined;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<Position> {
    const deadline = performance.now() + STEP_MS_MAX;
    let pause = LOOK_PAUSE_MS_MIN;
    let pending: PendingCandidate | undefined;
    for (;;) {
      const look = await this.strategy.look(this.database, pending);
      this.observe(look.mark);
      pending = look.pending;
      if (pending === undefined) return this.#mark;
      if (performance.now() > deadline) throw new SettlingStalled(pending, STEP_MS_MAX);
      await sleep(pause);
      pause = Math.min(pause * 2, LOOK_PAUSE_MS_MAX);
    }
  }
}

/** The named alarm of the settled mark: a transaction has been holding it back for long. */
export class SettlingStalled extends Error {
  constructor(
    readonly pending: PendingCandidate,
    waitedMs: number,
  ) {
    const who = typeof pending.waitingFor === 'string' ? `transaction ${pending.waitingFor}` : pending.waitingFor.join(', ');
    super(`position ${pending.candidate} could not be settled in ${waitedMs} ms; it waits for ${who}`);
    this.name = 'SettlingStalled';
  }
}
