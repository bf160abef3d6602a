import { isDeepStrictEqual } from 'node:util';
import { CommandHandler, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { VersionConflict } from '@app/event-store';
import { eventContext } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { requireChannels } from '../define-alert-rule/rule-check';
import { storedPolicy } from '../define-alert-rule/rule-settings';
import { Episodes } from '../episodes/episodes';
import { newEvent } from '../event-data';
import { NOTIFICATION_POLICY } from '../events';
import { NotificationSettings, POLICY_KEY, type RecordedPolicy } from '../notify/notification-settings';
import { GetNotificationPolicyQuery, SetNotificationPolicy } from './notification-policy.messages';

@CommandHandler(SetNotificationPolicy)
export class SetNotificationPolicyHandler implements ICommandHandler<SetNotificationPolicy> {
  constructor(
    private readonly log: AlertingLog,
    private readonly settings: NotificationSettings,
    private readonly episodes: Episodes,
  ) {}

  async execute({ context, policy, expectedVersion }: SetNotificationPolicy): Promise<{ streamVersion: number }> {
    return this.log.decide(eventContext(context), async (tx, plan) => {
      const before = await this.settings.policy(tx);
      if (expectedVersion !== undefined && expectedVersion !== before.streamVersion) {
        throw new VersionConflict(NOTIFICATION_POLICY, POLICY_KEY, expectedVersion, before.streamVersion);
      }
      if (before.streamVersion > 0 && isDeepStrictEqual(before.policy, policy)) return { streamVersion: before.streamVersion };
      await requireChannels(this.log, tx, policy.escalation?.channels ?? [], 'escalation.channels');
      const event = newEvent('NotificationPolicySet', this.log.today(), { policy: storedPolicy(policy) });
      plan.add(NOTIFICATION_POLICY, POLICY_KEY, before.streamVersion, event);
      const session = await this.episodes.session(tx, plan, eventContext(context));
      session.newPolicy = policy;
      await session.touchOpen(tx);
      return { streamVersion: before.streamVersion + 1 };
    });
  }
}

@QueryHandler(GetNotificationPolicyQuery)
export class GetNotificationPolicyHandler implements IQueryHandler<GetNotificationPolicyQuery> {
  constructor(
    private readonly log: AlertingLog,
    private readonly settings: NotificationSettings,
  ) {}

  async execute({ tenantId }: GetNotificationPolicyQuery): Promise<RecordedPolicy> {
    return this.log.database.read(tenantId, async (tx) => this.settings.policy(tx, await this.log.settledPosition(tx)));
  }
}
