/** What became of one attempt to hand a message to a channel. The channel says what happened; whether to try again is decided here. */
export type AttemptOutcome =
  /** The channel took the message. `providerId` is its own name for it, where it gives one. */
  | { readonly outcome: 'sent'; readonly providerId: string | null }
  /** Not taken, and it may be later. `retryAfterSeconds` is what the channel asked for. */
  | { readonly outcome: 'retry'; readonly reason: string; readonly retryAfterSeconds: number | null }
  /** Not taken, and never will be. */
  | { readonly outcome: 'give-up'; readonly reason: string }
  /** The message was sent but no answer came: it may have arrived. Tried again under the same ids, so that a receiver can fold the two. */
  | { readonly outcome: 'unknown'; readonly reason: string };

/** Why a delivery ended without its message being taken. `channel-failing`: its channel has failed for too long, and another one tells it. */
export const DELIVERY_FAILURES = ['permanent', 'attempts-exhausted', 'channel-failing'] as const;
export type DeliveryFailure = (typeof DELIVERY_FAILURES)[number];

export type DeliveryDecision =
  | { readonly decision: 'succeeded'; readonly providerId: string | null }
  | { readonly decision: 'failed'; readonly cause: DeliveryFailure; readonly reason: string }
  | { readonly decision: 'retry'; readonly delayMs: number; readonly reason: string };

/** What a channel says when it is asked whether it has a message. */
export type FoundAtChannel =
  | { readonly found: 'arrived'; readonly providerId: string | null }
  | { readonly found: 'not-arrived' }
  | { readonly found: 'unknown'; readonly reason: string; readonly retryAfterSeconds: number | null };

/** `send`: again, under the same ids. */
export type ReconciliationDecision =
  | { readonly decision: 'arrived'; readonly providerId: string | null }
  | { readonly decision: 'send' }
  | { readonly decision: 'ask-again'; readonly delayMs: number; readonly reason: string };

/** With the delays below a channel may be down for about nine hours before a message is given up. */
export const DELIVERY_ATTEMPTS_MAX = 20;
const DELIVERY_DELAY_MS_BASE = 1_000;
export const DELIVERY_DELAY_MS_MAX = 60 * 60 * 1_000;
/** A channel that asks for more is asked again after a day. */
const RETRY_AFTER_SECONDS_MAX = 24 * 60 * 60;
/** A channel that cannot be asked for so long is told again: a message twice is better than none. */
export const RECONCILE_MS_MAX = 5 * 60 * 1_000;
const RECONCILE_DELAY_MS = 5_000;

/**
 * Decides one attempt. `attempt` counts from 1 within its series; `deliveryId` seeds the jitter. `fallsBack`: the channel has failed for too long
 * and another one can tell the message.
 */
export function decideDelivery(
  attempt: { readonly deliveryId: string; readonly attempt: number; readonly attemptsMax: number; readonly fallsBack?: boolean },
  outcome: AttemptOutcome,
): DeliveryDecision {
  switch (outcome.outcome) {
    case 'sent':
      return { decision: 'succeeded', providerId: outcome.providerId };
    case 'give-up':
      return { decision: 'failed', cause: 'permanent', reason: outcome.reason };
    case 'retry':
    case 'unknown': {
      if (attempt.fallsBack === true) return { decision: 'failed', cause: 'channel-failing', reason: outcome.reason };
      if (attempt.attempt >= attempt.attemptsMax) return { decision: 'failed', cause: 'attempts-exhausted', reason: outcome.reason };
      const asked = outcome.outcome === 'retry' ? outcome.retryAfterSeconds : null;
      const delayMs = asked === null ? backoffMs(attempt.deliveryId, attempt.attempt) : askedMs(asked);
      return { decision: 'retry', delayMs, reason: outcome.reason };
    }
  }
}

/** Decides what an attempt of unknown outcome comes to, `openMs` after it began, once its channel was asked for the message. */
export function decideReconciliation(found: FoundAtChannel, openMs: number): ReconciliationDecision {
  switch (found.found) {
    case 'arrived':
      return { decision: 'arrived', providerId: found.providerId };
    case 'not-arrived':
      return { decision: 'send' };
    case 'unknown': {
      if (openMs >= RECONCILE_MS_MAX) return { decision: 'send' };
      const delayMs = found.retryAfterSeconds === null ? RECONCILE_DELAY_MS : askedMs(found.retryAfterSeconds);
      return { decision: 'ask-again', delayMs, reason: found.reason };
    }
  }
}

function askedMs(seconds: number): number {
  return Math.min(seconds, RETRY_AFTER_SECONDS_MAX) * 1_000;
}

/**
 * The wait after the given attempt: doubling, between half and all of the full step. The jitter comes from the delivery's id, so that deliveries
 * which failed together do not come back together, and a replayed decision waits just as long.
 */
export function backoffMs(deliveryId: string, attempt: number): number {
  const step = Math.min(DELIVERY_DELAY_MS_MAX, DELIVERY_DELAY_MS_BASE * 2 ** (attempt - 1));
  return Math.round(step / 2 + (step / 2) * unitHash(`${deliveryId}:${String(attempt)}`));
}

/** FNV-1a of the text as a fraction of one. */
function unitHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) / 2 ** 32;
}
