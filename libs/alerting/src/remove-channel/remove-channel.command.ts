import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/**
 * Ends a channel: nothing more is sent to it, messages still waiting are given up, and the addresses of an email channel are erased. Rules that
 * name it keep telling their other channels. Removing it again changes nothing. Refused `channel-not-found`.
 */
export class RemoveChannel extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly channelId: string,
  ) {
    super();
  }
}
