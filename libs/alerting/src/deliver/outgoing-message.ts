import type { AlertMessage, AlertSeverity, AttemptOutcome, NotifyReason } from '@app/credit-domain';

/** A message on its way to one channel, with the ids that let a receiver recognise it when it comes twice. */
export interface OutgoingMessage extends AlertMessage {
  readonly deliveryId: string;
  /** The episode it belongs to; null for a test. */
  readonly alertId: string | null;
  /** What its thread is called on every channel: the group it belongs to, else the episode; null for a test. */
  readonly groupId: string | null;
  /** The delivery that opened the thread on this channel; null for the one that opens it. */
  readonly inReplyTo: string | null;
  /** What the channel calls the message that opened the thread; null while it has none, or where the channel gives no names. */
  readonly earlier: string | null;
  /** Whether anything of the group still fires; null for tests and digests. */
  readonly groupState: 'firing' | 'resolved' | null;
  /** When it was asked for: it cannot have arrived earlier. */
  readonly requestedAt: Date;
  readonly reason: NotifyReason;
  readonly severity: AlertSeverity;
}

/** Hands one message over, once. Never throws: whatever happens is one of the four outcomes, with a reason that holds no secret. */
export type Send = (message: OutgoingMessage, stop: AbortSignal) => Promise<AttemptOutcome>;

/** What a channel knows of a message whose attempt came out as `unknown`. */
export type Reconciliation =
  | { readonly found: 'arrived'; readonly providerId: string | null }
  /** It is not there: sending it again makes no duplicate. */
  | { readonly found: 'not-arrived' }
  /** The channel could not be asked; `retryAfterSeconds` is what it asked for. */
  | { readonly found: 'unknown'; readonly reason: string; readonly retryAfterSeconds: number | null };

/** How fast a channel may be told things in the long run, whichever process tells it. */
export interface RateLimit {
  readonly perSecond: number;
  /** So many at once after a quiet time; 1 spaces them evenly. */
  readonly burst: number;
}

/** One channel, ready to be told. Kept between messages, so that connections are; `close` ends them. */
export interface ChannelSender {
  readonly send: Send;
  /** Looks for a message by its delivery id. Absent where a channel cannot be asked. Never throws. */
  readonly reconcile?: (message: OutgoingMessage, stop: AbortSignal) => Promise<Reconciliation>;
  readonly rateLimit: RateLimit;
  readonly close?: () => void;
}

/** An attempt is given up after so long: within the lease of the job, so that nobody else starts meanwhile. */
export const ATTEMPT_MS_MAX = 20_000;
/** How long an attempt may go on once the process is asked to stop: breaking it off at once would leave open whether the message arrived. */
const STOP_GRACE_MS = 3_000;

/** Runs one attempt under a signal that ends it: after its own time, or a while after the process is asked to stop. */
export async function withinAttempt<T>(
  { stop, attemptMs }: { readonly stop: AbortSignal; readonly attemptMs: number },
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timeUp = (): void => {
    controller.abort(new DOMException('The attempt took too long.', 'TimeoutError'));
  };
  const timers = [setTimeout(timeUp, attemptMs)];
  const onStop = (): void => void timers.push(setTimeout(timeUp, STOP_GRACE_MS));
  stop.addEventListener('abort', onStop, { once: true });
  try {
    return await attempt(controller.signal);
  } finally {
    stop.removeEventListener('abort', onStop);
    timers.forEach((timer) => {
      clearTimeout(timer);
    });
  }
}
