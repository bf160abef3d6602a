import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '@app/event-store';
import { CLOCK, PersonalDataVault, SecretBox, type Clock } from '@app/platform';
import type { Channel } from '../channel';
import { secretOf } from '../channel';
import { addressesOf } from './addresses';
import { emailSender } from './channels/email.channel';
import { slackSender } from './channels/slack.channel';
import type { ChannelSender } from './outgoing-message';

/** Slack takes about a message a second for a channel. */
const SLACK_RATE = { perSecond: 1, burst: 1 } as const;
const EMAIL_RATE = { perSecond: 10, burst: 10 } as const;

/** Makes the sender of a channel. The only place where its secrets are opened. */
@Injectable()
export class ChannelSenders {
  constructor(
    private readonly secrets: SecretBox,
    private readonly vault: PersonalDataVault,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async senderOf(tx: Tx, tenantId: number, { id, target }: Channel): Promise<ChannelSender> {
    const secret = secretOf(tenantId, id);
    switch (target.type) {
      case 'slack':
        return {
          send: slackSender(this.secrets.open(target.slack.sealedWebhookUrl, secret), () => this.clock.now()),
          rateLimit: SLACK_RATE,
        };
      case 'email': {
        const { host, port, secure, user, sealedPassword } = target.email.smtp;
        const { to, from } = await addressesOf(this.vault, tx, tenantId, id, target.email.personal);
        const password = sealedPassword === null ? null : this.secrets.open(sealedPassword, secret);
        return { send: emailSender({ to, from, smtp: { host, port, secure, user, password } }), rateLimit: EMAIL_RATE };
      }
    }
  }
}
