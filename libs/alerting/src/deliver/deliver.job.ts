import { Inject, Injectable } from '@nestjs/common';
import type { AttemptOutcome, DeliveryDecision } from '@app/credit-domain';
import { decideDelivery, DELIVERY_ATTEMPTS_MAX } from '@app/credit-domain';
import type { EventContext } from '@app/event-store';
import { VersionConflict } from '@app/event-store';
import { CLOCK, type Clock, type Job, type JobHandler, type JobOutcome } from '@app/platform';
import { AlertingLog, DELIVER } from '../alerting-log';
import type { Delivery } from '../delivery';
import { newEvent } from '../event-data';
import { DELIVERY } from '../events';
import { MACHINE_PRINCIPAL } from '../ids';
import { ChannelSenders } from './channel-senders';
import type { ChannelSender, OutgoingMessage } from './outgoing-message';

const CHANNEL_REMOVED: AttemptOutcome = { outcome: 'give-up', reason: 'channel-removed' };

/**
 * Hands one message to its channel and writes down what became of it. The delivery's own stream is the memory: one that has an outcome is never
 * sent again, whatever the queue believes. A crash after the channel took the message and before the outcome was written sends it once more,
 * under the same ids; that is the only window for a duplicate.
 */
@Injectable()
export class DeliverJob implements JobHandler {
  readonly kind = DELIVER;
  readonly queue = 'deliver' as const;
  readonly attemptsMax = DELIVERY_ATTEMPTS_MAX;
  readonly leaseSeconds = 60;

  constructor(
    private readonly log: AlertingLog,
    private readonly senders: ChannelSenders,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: Job): Promise<JobOutcome> {
    const { delivery, earlier, sender } = await this.#load(job);
    if (delivery.outcome.state !== 'pending') return { outcome: 'done' };
    const outcome = sender === null ? CHANNEL_REMOVED : await sender.send(outgoing(delivery, earlier), job.signal);
    const decision = decideDelivery({ deliveryId: delivery.id, attempt: job.attempt, attemptsMax: this.attemptsMax }, outcome);
    if (decision.decision === 'retry') {
      return { outcome: 'retry', notBefore: new Date(this.clock.now().getTime() + decision.delayMs), reason: decision.reason };
    }
    await this.#record(job, delivery, decision);
    return decision.decision === 'succeeded' ? { outcome: 'done' } : { outcome: 'dead', reason: decision.reason };
  }

  /** Too many runs broke down before they came to a decision: that is an outcome too, and it is written down. */
  async abandon(job: Job, reason: string): Promise<void> {
    const delivery = await this.log.database.read(job.tenantId, (tx) => this.log.delivery(tx, job.key));
    if (delivery === null || delivery.outcome.state !== 'pending') return;
    await this.#record(job, delivery, { decision: 'failed', cause: 'attempts-exhausted', reason });
  }

  /** The delivery, and how to send it; null when its channel is gone. */
  async #load({ tenantId, key }: Job): Promise<{ delivery: Delivery; earlier: string | null; sender: ChannelSender | null }> {
    return this.log.database.read(tenantId, async (tx) => {
      const delivery = await this.log.delivery(tx, key);
      if (delivery === null) throw new Error(`Delivery ${key} has no stream.`);
      const channel = await this.log.channel(tx, delivery.request.channelId);
      const isOver = delivery.outcome.state !== 'pending' || channel === null || channel.status === 'removed';
      const { inReplyTo } = delivery.request;
      const opening = inReplyTo === null ? null : await this.log.delivery(tx, inReplyTo);
      const earlier = opening?.outcome.state === 'succeeded' ? opening.outcome.data.providerId : null;
      return { delivery, earlier, sender: isOver ? null : await this.senders.senderOf(tx, tenantId, channel) };
    });
  }

  async #record(job: Job, delivery: Delivery, decision: Exclude<DeliveryDecision, { decision: 'retry' }>): Promise<void> {
    const context: EventContext = {
      tenantId: job.tenantId,
      principalId: MACHINE_PRINCIPAL,
      correlationId: delivery.id,
      causationPosition: delivery.position,
    };
    const told = { deliveryId: delivery.id, attempts: job.attempt };
    const event =
      decision.decision === 'succeeded'
        ? newEvent('DeliverySucceeded', this.log.today(), { ...told, providerId: decision.providerId })
        : newEvent('DeliveryFailed', this.log.today(), { ...told, cause: decision.cause, reason: decision.reason });
    try {
      const append = { category: DELIVERY, key: delivery.id, expectedVersion: delivery.streamVersion, events: [event] };
      await this.log.store.appendSingle(context, append);
    } catch (error) {
      // Another attempt has written its outcome; the first one counts.
      if (!(error instanceof VersionConflict)) throw error;
    }
  }
}

function outgoing({ id, request, requestedAt }: Delivery, earlier: string | null): OutgoingMessage {
  const { message, alertId, groupId, inReplyTo, groupState, reason, severity } = request;
  const thread = { alertId, groupId: groupId ?? alertId, inReplyTo, earlier, groupState };
  return { ...message, ...thread, deliveryId: id, requestedAt, reason, severity };
}
