import { Injectable } from '@nestjs/common';
import type { EventPage, Processor, Tx } from '@app/event-store';
import { recordTenantZone } from '@app/platform';

/** Copies a tenant's time zone to where the schedules read it; on a log that was imported as well. */
@Injectable()
export class TenantZoneProcessor implements Processor {
  readonly name = 'access-tenant-zone';
  readonly lanes = 1;
  readonly eventTypes = ['TenantSettingsChanged'];
  readonly onError = 'park' as const;

  async apply(tx: Tx, { tenantId, events }: EventPage): Promise<void> {
    const zone = (await events()).at(-1)?.data['timeZone'];
    if (zone !== undefined) await recordTenantZone(tx, tenantId, typeof zone === 'string' ? zone : null);
  }
}
