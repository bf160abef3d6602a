import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { VersionConflict } from '@app/event-store';
import { eventContext } from '@app/platform';
import { AccessLog } from '../access-log';
import { TENANT, type TenantSettingsChanged } from '../events';
import type { TenantSettings } from '../tenant';
import { ChangeTenantSettings } from './change-tenant-settings.command';

@CommandHandler(ChangeTenantSettings)
export class ChangeTenantSettingsHandler implements ICommandHandler<ChangeTenantSettings> {
  constructor(private readonly log: AccessLog) {}

  async execute({ context, change, expectedVersion }: ChangeTenantSettings): Promise<TenantSettings> {
    const { tenantId } = context;
    const key = String(tenantId);
    return this.log.decide(tenantId, async (tx) => {
      const before = await this.log.tenant(tx, tenantId);
      if (before === null) throw new Error(`Tenant ${key} has no stream.`);
      if (expectedVersion !== undefined && expectedVersion !== before.version)
        throw new VersionConflict(TENANT, key, expectedVersion, before.version);
      if (change.presentationCurrency === before.presentationCurrency) return { result: before, appended: null };
      const data: TenantSettingsChanged = { presentationCurrency: change.presentationCurrency };
      const stream = { category: TENANT, key, expectedVersion: before.version };
      const appended = await this.log.append(tx, eventContext(context), stream, 'TenantSettingsChanged', data);
      return { result: { ...before, ...data, version: appended.version }, appended };
    });
  }
}
