import type { AlertMessage, AlertSeverity, AttemptOutcome, NotifyReason } from '@app/credit-domain';

/** A message on its way to one channel, with the ids that let a receiver recognise it when it comes twice. */
export interface OutgoingMessage extends AlertMessage {
  readonly deliveryId: string;
  /** The episode it belongs to; null for a test. */
  readonly alertId: string | null;
  readonly inReplyTo: string | null;
  readonly reason: NotifyReason;
  readonly severity: AlertSeverity;
}

/** Hands one message over, once. Never throws: whatever happens is one of the four outcomes, with a reason that holds no secret. */
export type Send = (message: OutgoingMessage, stop: AbortSignal) => Promise<AttemptOutcome>;

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
