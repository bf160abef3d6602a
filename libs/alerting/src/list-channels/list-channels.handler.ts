import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { Tx } from '@app/event-store';
import { PersonalDataVault } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import type { Channel } from '../channel';
import { addressesOf } from '../deliver/addresses';
import { ListChannelsQuery, type ShownChannel } from './list-channels.query';

@QueryHandler(ListChannelsQuery)
export class ListChannelsHandler implements IQueryHandler<ListChannelsQuery> {
  constructor(
    private readonly log: AlertingLog,
    private readonly vault: PersonalDataVault,
  ) {}

  async execute({ tenantId }: ListChannelsQuery): Promise<readonly ShownChannel[]> {
    return this.log.database.read(tenantId, async (tx) => {
      const channels = await this.log.channels(tx, await this.log.settledPosition(tx));
      const shown: ShownChannel[] = [];
      for (const channel of channels) {
        if (channel.status === 'active') shown.push(await this.#shown(tx, tenantId, channel));
      }
      return shown;
    });
  }

  async #shown(tx: Tx, tenantId: number, { id, name, registeredAt, target }: Channel): Promise<ShownChannel> {
    if (target.type === 'slack') return { id, name, registeredAt, target: { type: 'slack', host: target.slack.host } };
    const { host, port, secure, user } = target.email.smtp;
    const { to, from } = await addressesOf(this.vault, tx, tenantId, id, target.email.personal);
    return { id, name, registeredAt, target: { type: 'email', to, from, smtp: { host, port, secure, user } } };
  }
}
