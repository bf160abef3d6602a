import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { Tx } from '@app/event-store';
import { CLOCK, PersonalDataVault, type Clock } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import type { Channel } from '../channel';
import { addressesOf, pausedDigestsOf } from '../deliver/addresses';
import { ListChannelsQuery, type ShownChannel } from './list-channels.query';

@QueryHandler(ListChannelsQuery)
export class ListChannelsHandler implements IQueryHandler<ListChannelsQuery> {
  constructor(
    private readonly log: AlertingLog,
    private readonly vault: PersonalDataVault,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ tenantId }: ListChannelsQuery): Promise<readonly ShownChannel[]> {
    return this.log.database.read(tenantId, async (tx) => {
      const channels = await this.log.channels(tx, await this.log.settledPosition(tx));
      const shown: ShownChannel[] = [];
      for (const channel of channels) {
        const { id, name, status, disabled, registeredAt } = channel;
        if (status === 'removed') continue;
        shown.push({ id, name, status, disabled, registeredAt, target: await this.#target(tx, tenantId, channel) });
      }
      return shown;
    });
  }

  async #target(tx: Tx, tenantId: number, { id, target, previousSecret, digestsPaused }: Channel): Promise<ShownChannel['target']> {
    switch (target.type) {
      case 'slack':
        return { type: 'slack', host: target.slack.host };
      case 'slack-bot': {
        const { channel, sealedSigningSecret } = target.slackBot;
        return { type: 'slack-bot', channel, buttons: sealedSigningSecret !== null };
      }
      case 'email': {
        const { host, port, secure, user } = target.email.smtp;
        const { to, from } = await addressesOf(this.vault, tx, tenantId, id, target.email.personal);
        const { dkim } = target.email;
        const paused = await pausedDigestsOf(this.vault, tx, tenantId, id, digestsPaused);
        const signing = dkim === null ? null : { domain: dkim.domain, selector: dkim.selector };
        return { type: 'email', to, from, smtp: { host, port, secure, user }, dkim: signing, digestsPaused: paused };
      }
      case 'webhook': {
        const until = previousSecret?.until ?? null;
        const isPast = until === null || this.clock.now() >= until;
        return { type: 'webhook', host: target.webhook.host, previousSecretUntil: isPast ? null : until };
      }
    }
  }
}
