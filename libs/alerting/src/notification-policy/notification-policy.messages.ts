import { Command, Query } from '@nestjs/cqrs';
import type { NotificationPolicy } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import type { RecordedPolicy } from '../notify/notification-settings';

/**
 * Sets how the tenant is told where a rule does not say otherwise; what waits is decided anew by it. The same policy changes nothing. Refused
 * `channel-unknown`, `time-zone-unknown`; throws VersionConflict when `expectedVersion` is not the version of the stream.
 */
export class SetNotificationPolicy extends Command<{ readonly streamVersion: number }> {
  constructor(
    readonly context: RequestContext,
    readonly policy: NotificationPolicy,
    readonly expectedVersion: number | undefined,
  ) {
    super();
  }
}

export class GetNotificationPolicyQuery extends Query<RecordedPolicy> {
  constructor(readonly tenantId: number) {
    super();
  }
}
