import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/** The key in use from now on; `secret` is shown this once when it was made here, null when it was given. */
export interface RotatedSecret {
  readonly secret: string | null;
  /** Until then messages are signed with the key before as well. */
  readonly previousUntil: Date;
}

/**
 * Changes the key a webhook's messages are signed with; the one before signs beside it for a day, so that the receiver can change over in its own
 * time. Refused `channel-not-found`, `channel-type-unsupported` (only webhooks are signed), `webhook-secret-invalid`.
 */
export class RotateChannelSecret extends Command<RotatedSecret> {
  constructor(
    readonly context: RequestContext,
    readonly channelId: string,
    /** `whsec_` and base64; null makes one. */
    readonly secret: string | null,
  ) {
    super();
  }
}
