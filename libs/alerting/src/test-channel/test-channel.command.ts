import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/** Sends a test message the way alerts go. Answers with the delivery to watch. Refused `channel-not-found`. */
export class TestChannel extends Command<{ readonly id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly channelId: string,
  ) {
    super();
  }
}
