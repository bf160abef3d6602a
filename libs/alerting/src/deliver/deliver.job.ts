import { Inject, Injectable } from '@nestjs/common';
import { decideDelivery, decideReconciliation, DELIVERY_ATTEMPTS_MAX } from '@app/credit-domain';
import { CLOCK, type Clock, type Job, type JobHandler, type JobOutcome, retryIn } from '@app/platform';
import { DELIVER } from '../alerting-log';
import { attemptsInSeries, type Delivery, type DeliveryAttempt, openAttempt } from '../delivery';
import { failsTooLong } from './channel-health';
import { DeliveryAttempts, endingOf, type Ending, type InWork } from './delivery-attempts';
import { DeliveryLoader, type LoadedDelivery } from './delivery-loader';
import type { ChannelSender, OutgoingMessage } from './outgoing-message';

/** A message whose thread has not begun yet comes again so late, unless the end of that wait calls it. */
const THREAD_WAIT_MS = 10_000;
/** What somebody else has taken is looked at again so late: by then it has an outcome or lost its process. */
const TAKEN_WAIT_MS = 1_000;
const PROCESS_LOST = 'worker-lost';
const CHANNEL_REMOVED = { state: 'failed', cause: 'permanent', reason: 'channel-removed', fallback: null, fromChannel: false } as const;

/**
 * Hands one message to its channel: intent, attempt, outcome. The attempt is on record before the message leaves. One that never ended, or that
 * nobody answered, may have arrived: its channel is asked for it first, and only where it cannot say is the message sent again, under the same
 * ids. That is the one window for a duplicate, and it closes with the next attempt.
 */
@Injectable()
export class DeliverJob implements JobHandler {
  readonly kind = DELIVER;
  readonly queue = 'deliver' as const;
  readonly attemptsMax = DELIVERY_ATTEMPTS_MAX;
  readonly leaseSeconds = 60;

  constructor(
    private readonly loader: DeliveryLoader,
    private readonly attempts: DeliveryAttempts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: Job): Promise<JobOutcome> {
    const loaded = await this.loader.load(job.tenantId, job.key);
    if (loaded.delivery.outcome.state !== 'pending') return { outcome: 'done' };
    const { sender } = loaded;
    if (sender === null) return this.#close(loaded, unsendable(loaded));
    if (loaded.opening?.outcome.state === 'pending') return retryIn(THREAD_WAIT_MS, 'its thread has not begun');
    const open = openAttempt(loaded.delivery);
    const inWork = open === null ? loaded : await this.#reconcile(job, loaded, sender, open);
    return 'outcome' in inWork ? inWork : this.#attempt(job, { ...loaded, ...inWork }, sender);
  }

  /** Too many runs broke down before they came to a decision: that is an outcome too, and it is written down. */
  async abandon(job: Job, reason: string): Promise<void> {
    const loaded = await this.loader.load(job.tenantId, job.key);
    if (loaded.delivery.outcome.state !== 'pending') return;
    const { fallback } = loaded;
    await this.attempts.end(loaded, { state: 'failed', cause: 'attempts-exhausted', reason, fallback, fromChannel: false });
  }

  /** One attempt, fenced on both sides. */
  async #attempt(job: Job, loaded: LoadedDelivery, sender: ChannelSender): Promise<JobOutcome> {
    const begun = await this.attempts.begin(loaded);
    if (!begun.begun)
      return begun.waitMs === null ? retryIn(TAKEN_WAIT_MS, 'taken by another') : this.#waitOrFallBack(loaded, begun.waitMs);
    const { delivery } = begun.inWork;
    await job.extendLease();
    const outcome = await sender.send(outgoing(loaded), job.signal);
    const { fallback, copy } = loaded;
    const fallsBack = fallback !== null && this.#hasFailedTooLong(loaded);
    const attempt = { deliveryId: delivery.id, attempt: attemptsInSeries(delivery), attemptsMax: this.attemptsMax };
    const decision = decideDelivery({ ...attempt, fallsBack }, outcome);
    return this.#close(begun.inWork, endingOf(decision, outcome, { fallback, copy }));
  }

  /** A channel that has failed for too long and asks to be left alone for longer still is not waited for where another one can tell. */
  async #waitOrFallBack(loaded: LoadedDelivery, waitMs: number): Promise<JobOutcome> {
    const { fallback, health } = loaded;
    if (fallback === null || health === null || !this.#hasFailedTooLong(loaded)) return retryIn(waitMs, 'rate-limited');
    return this.#close(loaded, { state: 'failed', cause: 'channel-failing', reason: health.reason, fallback, fromChannel: false });
  }

  /** Asks the channel for what may have arrived. Gives the delivery to be sent again, or what the job comes to. */
  async #reconcile(job: Job, loaded: LoadedDelivery, sender: ChannelSender, open: DeliveryAttempt): Promise<InWork | JobOutcome> {
    const found = await (sender.reconcile?.(outgoing(loaded), job.signal) ?? Promise.resolve({ found: 'not-asked' } as const));
    if (found.found === 'not-asked') return open.ended === null ? this.#closeLost(loaded, 'unknown', PROCESS_LOST) : loaded;
    const decision = decideReconciliation(found, Date.now() - open.startedAt.getTime());
    switch (decision.decision) {
      case 'arrived':
        return this.#close(loaded, { state: 'succeeded', providerId: decision.providerId, reconciled: true, copy: loaded.copy });
      case 'send':
        return this.#closeLost(loaded, 'not-arrived', open.ended?.reason ?? PROCESS_LOST);
      case 'ask-again':
        return retryIn(decision.delayMs, decision.reason);
    }
  }

  /** Ends an attempt nobody else will end, so that the next one can begin. */
  async #closeLost(loaded: LoadedDelivery, outcome: 'unknown' | 'not-arrived', reason: string): Promise<JobOutcome | InWork> {
    const end = { outcome, reason, retryAfterSeconds: null, delayMs: 0 };
    if (!(await this.attempts.end(loaded, { state: 'open', end, fromChannel: false }))) return retryIn(TAKEN_WAIT_MS, 'taken by another');
    return this.loader.load(loaded.tenantId, loaded.delivery.id);
  }

  async #close(inWork: InWork, ending: Ending): Promise<JobOutcome> {
    if (!(await this.attempts.end(inWork, ending))) return retryIn(TAKEN_WAIT_MS, 'taken by another');
    switch (ending.state) {
      case 'succeeded':
        return { outcome: 'done' };
      case 'failed':
        return { outcome: 'dead', reason: ending.reason };
      case 'open':
        return retryIn(ending.end.delayMs, ending.end.reason);
    }
  }

  #hasFailedTooLong({ health, channel }: LoadedDelivery): boolean {
    return channel !== null && failsTooLong(health, this.clock.now(), channel.fallback.afterMinutes);
  }
}

/** A channel somebody removed takes nothing and nobody else is told; one that said it is gone has others that tell it. */
function unsendable({ channel, fallback, refused }: LoadedDelivery): Ending {
  if (refused !== undefined) return { ...CHANNEL_REMOVED, reason: refused };
  if (channel?.status !== 'disabled') return CHANNEL_REMOVED;
  return { state: 'failed', cause: 'permanent', reason: 'channel-disabled', fallback, fromChannel: false };
}

function outgoing({ delivery, opening }: { readonly delivery: Delivery; readonly opening: Delivery | null }): OutgoingMessage {
  const { message, alertId, groupId, inReplyTo, groupState, reason, severity } = delivery.request;
  const earlier = opening?.outcome.state === 'succeeded' ? opening.outcome.data.providerId : null;
  const thread = { alertId, groupId: groupId ?? alertId, inReplyTo, earlier, groupState };
  return { ...message, ...thread, deliveryId: delivery.id, requestedAt: delivery.requestedAt, reason, severity };
}
