import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/**
 * Tries a message that was given up anew, under the same ids and with all its attempts before it. Where the last attempt had no answer the channel
 * is asked first. Refused `delivery-not-found`, `delivery-not-failed`, and `channel-not-found` when its channel is gone.
 */
export class ReplayDelivery extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly deliveryId: string,
  ) {
    super();
  }
}

/** Tries everything a channel was given up on anew, oldest first. Answers with how many messages. Refused `channel-not-found`. */
export class ReplayChannel extends Command<{ readonly replayed: number }> {
  constructor(
    readonly context: RequestContext,
    readonly channelId: string,
  ) {
    super();
  }
}
