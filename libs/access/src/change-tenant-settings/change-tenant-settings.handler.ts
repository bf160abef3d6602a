import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { VersionConflict } from '@app/event-store';
import { eventContext, Refusal, timeZoneExists } from '@app/platform';
import { AccessLog } from '../access-log';
import { TENANT, type TenantSettingsChanged } from '../events';
import type { TenantSettings } from '../tenant';
import { ChangeTenantSettings } from './change-tenant-settings.command';

@CommandHandler(ChangeTenantSettings)
export class ChangeTenantSettingsHandler implements ICommandHandler<ChangeTenantSettings> {
  constructor(private readonly log: AccessLog) {}

  async execute({ context, change, expectedVersion }: ChangeTenantSettings): Promise<TenantSettings> {
    assertTimeZone(change.timeZone);
    const { tenantId } = context;
    const key = String(tenantId);
    return this.log.decide(tenantId, async (tx) => {
      const before = await this.log.tenant(tx, tenantId);
      if (before === null) throw new Error(`Tenant ${key} has no stream.`);
      if (expectedVersion !== undefined && expectedVersion !== before.version)
        throw new VersionConflict(TENANT, key, expectedVersion, before.version);
      const timeZone = change.timeZone === undefined ? before.timeZone : change.timeZone;
      if (change.presentationCurrency === before.presentationCurrency && timeZone === before.timeZone)
        return { result: this.log.settings(before), appended: null };
      const data: TenantSettingsChanged = { presentationCurrency: change.presentationCurrency, timeZone };
      const stream = { category: TENANT, key, expectedVersion: before.version };
      const appended = await this.log.append(tx, eventContext(context), stream, 'TenantSettingsChanged', data);
      return { result: this.log.settings({ ...before, ...data, version: appended.version }), appended };
    });
  }
}

/** A zone by name: an offset has no daylight saving, and who writes one means a place. */
function assertTimeZone(timeZone: string | null | undefined): void {
  if (typeof timeZone !== 'string' || (/^[A-Z]/i.test(timeZone) && timeZoneExists(timeZone))) return;
  throw new Refusal('time-zone-unknown', 'The time zone is not known; name one like Europe/Berlin.', [
    { field: 'timeZone', pointer: '/timeZone' },
  ]);
}
