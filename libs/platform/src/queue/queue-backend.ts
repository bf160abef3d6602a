import type { QueueName } from '../intents/job';

/** What the queue carries: which intent, and the generation it was rung for. */
export interface Trigger {
  readonly tenantId: number;
  readonly intentId: string;
  readonly kind: string;
  readonly generation: number;
}

/** A running consumer of one queue. */
export interface Consumer {
  /** Takes no more triggers and waits for those in work. */
  stop(): Promise<void>;
}

/**
 * The trigger. It may lose, repeat or delay anything: what is to be done stands in `pf.intent`, and the sweeper rings again.
 */
export interface QueueBackend {
  readonly kind: 'redis' | 'postgresql';
  /** @throws when the queue cannot be reached; the sweeper rings later. */
  add(queue: QueueName, trigger: Trigger): Promise<void>;
  consume(queue: QueueName, concurrency: number, onTrigger: (trigger: Trigger) => Promise<void>): Promise<Consumer>;
  /** True while the queue answers. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

/** A job id holds no colon, never only digits, and is new for every generation: an id that once failed is dead for ever. */
export function jobId(trigger: Trigger): string {
  return `${trigger.kind}-${trigger.intentId}-${String(trigger.generation)}`;
}
