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
export type Send = (message: OutgoingMessage, signal: AbortSignal) => Promise<AttemptOutcome>;

/** An attempt is given up after so long: within the lease of the job, so that nobody else starts meanwhile. */
export const ATTEMPT_MS_MAX = 20_000;
