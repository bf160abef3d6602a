import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { EventStore, Position } from '@app/event-store';
import { EVENT_STORE, Logger } from '@app/platform';

const WATCH_EVERY_MS = 200;

type Follower = (settled: Position) => Promise<void>;

/**
 * Watches the settled mark while anybody follows it: one small statement for all followers of this process together. A follower is told of the
 * mark when it has moved, never twice at a time.
 */
@Injectable()
export class NewsWatch implements OnModuleDestroy {
  readonly #followers = new Map<Follower, { busy: boolean; told: Position }>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly logger: Logger,
  ) {}

  /** Calls `follower` whenever the settled mark is beyond what it was told last; until `signal` is aborted. */
  follow(from: Position, follower: Follower, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#followers.set(follower, { busy: false, told: from });
    signal.addEventListener('abort', () => this.#followers.delete(follower), { once: true });
    this.#schedule();
  }

  onModuleDestroy(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#stopped || this.#followers.size === 0) return;
    this.#timer = setTimeout(() => {
      void this.#look().finally(() => {
        this.#timer = undefined;
        this.#schedule();
      });
    }, WATCH_EVERY_MS);
  }

  async #look(): Promise<void> {
    try {
      const settled = await this.store.settledMark();
      for (const [follower, state] of this.#followers) {
        if (state.busy || state.told >= settled) continue;
        state.busy = true;
        void follower(settled)
          .then(() => {
            state.told = settled;
          })
          .catch((error: unknown) => {
            // The stretch is told again at the next look.
            this.logger.warn(`News could not be told: ${(error as Error).message}`, 'NewsWatch');
          })
          .finally(() => {
            state.busy = false;
          });
      }
    } catch (error) {
      this.logger.debug(`The settled mark could not be read: ${(error as Error).message}`, 'NewsWatch');
    }
  }
}
