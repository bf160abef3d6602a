import { Inject, Injectable } from '@nestjs/common';
import type { DeliveryDecision, DeliveryFailure } from '@app/credit-domain';
import type { AppendedStream, EventContext, NewEvent, StreamAppend, Tx } from '@app/event-store';
import { VersionConflict } from '@app/event-store';
import { CLOCK, Intents, type Clock } from '@app/platform';
import { AlertingLog, CHANNEL_HEALTH, DELIVER } from '../alerting-log';
import type { Channel } from '../channel';
import { type AttemptEnd, type Delivery, openAttempt } from '../delivery';
import { newEvent } from '../event-data';
import { DELIVERY, type DeliveryRequestedData } from '../events';
import { MACHINE_PRINCIPAL } from '../ids';
import { failsTooLong, isGone, noteFailure, noteSuccess } from './channel-health';
import { releaseSlot, takeSlot } from './channel-slots';
import { deliveryEventsOf, pendingReplies, saveDeliveryEvents } from './delivery-table';
import type { RateLimit } from './outgoing-message';

/** A delivery that is being worked on, and the channel it goes to. */
export interface InWork {
  readonly tenantId: number;
  readonly delivery: Delivery;
  /** null once it is removed. */
  readonly channel: Channel | null;
  readonly rate: RateLimit;
}

/** The same message, told through another channel. */
export interface Fallback {
  readonly deliveryId: string;
  readonly request: DeliveryRequestedData;
}

export type Begun =
  | { readonly begun: true; readonly inWork: InWork }
  /** Not our turn on the channel. */
  | { readonly begun: false; readonly waitMs: number }
  /** Somebody else has taken the delivery meanwhile. */
  | { readonly begun: false; readonly waitMs: null };

/** How an attempt ends: for now, or for good. `fromChannel`: the channel had its say, which tells how it fares. */
export type Ending =
  | { readonly state: 'open'; readonly end: AttemptEnd; readonly fromChannel: boolean }
  | { readonly state: 'succeeded'; readonly providerId: string | null; readonly reconciled: boolean; readonly copy: Fallback | null }
  | {
      readonly state: 'failed';
      readonly cause: DeliveryFailure;
      readonly reason: string;
      readonly fallback: Fallback | null;
      readonly fromChannel: boolean;
      /** Default: whether an attempt is open. */
      readonly perhapsArrived?: boolean;
    };

/**
 * Writes the steps of a delivery, each in one transaction with everything that follows from it: the turn of the channel, the row of the list, how
 * the channel fares, who is next. Each names the version of the stream it believes in, so a run that lost its job can write nothing any more.
 */
@Injectable()
export class DeliveryAttempts {
  constructor(
    private readonly log: AlertingLog,
    private readonly intents: Intents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Takes the channel's turn and records that a message is about to leave. */
  async begin(inWork: InWork): Promise<Begun> {
    const { tenantId, delivery, rate } = inWork;
    const attempt = delivery.attempts.length + 1;
    const event = newEvent('DeliveryAttempted', this.log.today(), { deliveryId: delivery.id, attempt });
    return this.#fenced<Begun>(
      tenantId,
      async (tx) => {
        const waitMs = await takeSlot(tx, slotOf(inWork), rate);
        if (waitMs !== null) return { begun: false, waitMs };
        await this.#append(tx, inWork, [event]);
        const started = { attempt, series: delivery.series, startedAt: new Date(), ended: null };
        const next = { ...delivery, streamVersion: delivery.streamVersion + 1, attempts: [...delivery.attempts, started] };
        return { begun: true, inWork: { ...inWork, delivery: next } };
      },
      { begun: false, waitMs: null },
    );
  }

  /** Records what became of the attempt. False when somebody else has taken the delivery meanwhile: what they write counts. */
  async end(inWork: InWork, ending: Ending): Promise<boolean> {
    return this.#fenced(
      inWork.tenantId,
      async (tx) => {
        const { tenantId } = inWork;
        const next = await releaseSlot(tx, slotOf(inWork), inWork.rate, ending.state === 'open' ? ending.end.retryAfterSeconds : null);
        const checkHealth = await this.#noteHealth(tx, inWork, ending);
        await this.#append(tx, inWork, [this.#eventOf(inWork, ending)], otherOf(ending));
        // Whoever stands first in the line of the channel is called for the moment it is free.
        if (next !== null) await this.#request(tx, tenantId, next.deliveryId, next.at);
        if (ending.state !== 'open') await this.#callReplies(tx, inWork);
        if (checkHealth) await this.#requestHealthCheck(tx, tenantId, inWork.delivery.request.channelId);
        return true;
      },
      false,
    );
  }

  #eventOf({ delivery }: InWork, ending: Ending): NewEvent {
    const deliveryId = delivery.id;
    const attempts = Math.max(1, delivery.attempts.length);
    switch (ending.state) {
      case 'open':
        return newEvent('DeliveryAttemptEnded', this.log.today(), { deliveryId, attempt: attempts, ...ending.end });
      case 'succeeded': {
        const { providerId, reconciled } = ending;
        return newEvent('DeliverySucceeded', this.log.today(), { deliveryId, attempts, providerId, reconciled });
      }
      case 'failed': {
        const { cause, reason, fallback } = ending;
        const fallbackDeliveryId = fallback?.deliveryId ?? null;
        const perhapsArrived = ending.perhapsArrived ?? openAttempt(delivery) !== null;
        return newEvent('DeliveryFailed', this.log.today(), { deliveryId, attempts, cause, reason, fallbackDeliveryId, perhapsArrived });
      }
    }
  }

  async #append(tx: Tx, { tenantId, delivery }: InWork, events: readonly NewEvent[], other: Fallback | null = null): Promise<void> {
    const context: EventContext = {
      tenantId,
      principalId: MACHINE_PRINCIPAL,
      correlationId: delivery.id,
      causationPosition: delivery.position,
    };
    const appends: StreamAppend[] = [{ category: DELIVERY, key: delivery.id, expectedVersion: delivery.streamVersion, events }];
    if (other !== null) {
      const requested = newEvent('DeliveryRequested', this.log.today(), other.request);
      appends.push({ category: DELIVERY, key: other.deliveryId, expectedVersion: 0, events: [requested] });
    }
    const appended: AppendedStream[] = await this.log.store.append(tx, context, appends);
    await saveDeliveryEvents(tx, tenantId, deliveryEventsOf(appends, appended));
    if (other !== null) await this.#request(tx, tenantId, other.deliveryId);
  }

  /** True when it is time to look at the channel: it fails for too long, gave up a message, or works again. */
  async #noteHealth(tx: Tx, { tenantId, channel, delivery }: InWork, ending: Ending): Promise<boolean> {
    if (channel === null) return false;
    const { id: channelId, fallback } = channel;
    if (ending.state === 'succeeded') return noteSuccess(tx, tenantId, channelId);
    if (!ending.fromChannel) return false;
    const at = this.clock.now();
    const deadLetter = ending.state === 'failed' && delivery.request.reason !== 'test';
    const reason = ending.state === 'open' ? ending.end.reason : ending.reason;
    const health = await noteFailure(tx, tenantId, { channelId, at, reason, deadLetter });
    const isTooLong = failsTooLong(health, at, fallback.afterMinutes);
    return isGone(reason) || (!health.told && (health.deadLetter || isTooLong)) || (!health.called && isTooLong);
  }

  /** Messages in the same thread wait for the one that opens it. */
  async #callReplies(tx: Tx, { tenantId, delivery }: InWork): Promise<void> {
    for (const reply of await pendingReplies(tx, tenantId, delivery.id)) await this.#request(tx, tenantId, reply);
  }

  async #request(tx: Tx, tenantId: number, deliveryId: string, notBefore?: Date): Promise<void> {
    await this.intents.request(tx, tenantId, { kind: DELIVER, key: deliveryId, payload: { deliveryId }, ...(notBefore && { notBefore }) });
  }

  async #requestHealthCheck(tx: Tx, tenantId: number, channelId: string): Promise<void> {
    await this.intents.request(tx, tenantId, { kind: CHANNEL_HEALTH, key: channelId, payload: { channelId } });
  }

  async #fenced<Result>(tenantId: number, work: (tx: Tx) => Promise<Result>, lost: Result): Promise<Result> {
    try {
      return await this.log.database.transaction(tenantId, work);
    } catch (error) {
      if (error instanceof VersionConflict) return lost;
      throw error;
    }
  }
}

function slotOf({ tenantId, delivery }: InWork): { tenantId: number; channelId: string; deliveryId: string } {
  return { tenantId, channelId: delivery.request.channelId, deliveryId: delivery.id };
}

function otherOf(ending: Ending): Fallback | null {
  if (ending.state === 'open') return null;
  return ending.state === 'failed' ? ending.fallback : ending.copy;
}

/** The ending of an attempt that the channel answered. */
export function endingOf(
  decision: DeliveryDecision,
  outcome: { readonly outcome: string; readonly retryAfterSeconds?: number | null },
  others: { readonly fallback: Fallback | null; readonly copy: Fallback | null },
): Ending {
  switch (decision.decision) {
    case 'succeeded':
      return { state: 'succeeded', providerId: decision.providerId, reconciled: false, copy: others.copy };
    case 'failed':
      return {
        state: 'failed',
        cause: decision.cause,
        reason: decision.reason,
        fallback: others.fallback,
        fromChannel: true,
        perhapsArrived: outcome.outcome === 'unknown',
      };
    case 'retry': {
      const { delayMs, reason } = decision;
      const retryAfterSeconds = outcome.retryAfterSeconds ?? null;
      return {
        state: 'open',
        end: { outcome: outcome.outcome === 'unknown' ? 'unknown' : 'retry', reason, retryAfterSeconds, delayMs },
        fromChannel: true,
      };
    }
  }
}
