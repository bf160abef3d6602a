import { Command } from '@nestjs/cqrs';
import type { SignedSlackRequest } from './slack-signature';

/**
 * Somebody pressed a button of a message in Slack. What it does is done by the commands of the API, as the principal the Slack user is mapped to,
 * else as the machine with the Slack user's id beside it. A request acts once. Refused `slack-signature-expired`, `slack-signature-invalid`,
 * `slack-signature-replayed`, `slack-payload-invalid`, `slack-user-not-mapped`, and as the commands do.
 */
export class PressSlackButton extends Command<void> {
  constructor(
    readonly tenantId: number,
    readonly channelId: string,
    readonly request: SignedSlackRequest,
  ) {
    super();
  }
}
