import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/** Sends to a channel again whose receiver had said that it is gone. Of an active channel nothing changes. Refused `channel-not-found`. */
export class EnableChannel extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly channelId: string,
  ) {
    super();
  }
}
