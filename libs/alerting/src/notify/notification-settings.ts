import { Inject, Injectable } from '@nestjs/common';
import type { NotificationPolicy } from '@app/credit-domain';
import { TOLD_AT_ONCE } from '@app/credit-domain';
import type { EventStore, Position, Tx } from '@app/event-store';
import { CONFIG, EVENT_STORE, type Configuration } from '@app/platform';
import { NOTIFICATION_POLICY } from '../events';

/** The key of the one stream a tenant's policy is in. */
export const POLICY_KEY = 'tenant';

export interface RecordedPolicy {
  readonly policy: NotificationPolicy;
  /** 0 before it was first set. */
  readonly streamVersion: number;
}

/** How a tenant is told where a rule does not say otherwise. */
@Injectable()
export class NotificationSettings {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly configuration: Configuration,
  ) {}

  /** The policy in force, and the zone of its local times where it names none. */
  async read(tx: Tx, tenantId: number): Promise<RecordedPolicy & { readonly timeZone: string }> {
    const [zone] = await tx.query<{ time_zone: string }>('SELECT time_zone FROM pf.tenant_zone WHERE tenant_id = $1', [tenantId]);
    return { ...(await this.policy(tx)), timeZone: zone?.time_zone ?? this.configuration.timeZone };
  }

  async policy(tx: Tx, upTo?: Position): Promise<RecordedPolicy> {
    const last = (await this.store.readStream(tx, NOTIFICATION_POLICY, POLICY_KEY, upTo)).at(-1);
    if (last === undefined) return { policy: TOLD_AT_ONCE, streamVersion: 0 };
    return { policy: last.data['policy'] as unknown as NotificationPolicy, streamVersion: last.version };
  }
}
