import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/**
 * Says which channel tells what this one does not take, and after how many minutes of failing; null goes back to the rule's escalation channel.
 * Refused `channel-not-found`, and `channel-unknown` for a fallback that does not exist or is the channel itself.
 */
export class SetChannelFallback extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly channelId: string,
    readonly fallbackChannelId: string | null,
    readonly afterMinutes: number | null,
  ) {
    super();
  }
}
