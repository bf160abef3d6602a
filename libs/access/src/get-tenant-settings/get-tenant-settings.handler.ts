import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { AccessLog } from '../access-log';
import type { TenantSettings } from '../tenant';
import { GetTenantSettingsQuery } from './get-tenant-settings.query';

@QueryHandler(GetTenantSettingsQuery)
export class GetTenantSettingsHandler implements IQueryHandler<GetTenantSettingsQuery> {
  constructor(private readonly log: AccessLog) {}

  async execute({ tenantId, position }: GetTenantSettingsQuery): Promise<TenantSettings> {
    return this.log.database.read(tenantId, async (tx) => {
      const settings = await this.log.tenant(tx, tenantId, position ?? (await this.log.settledPosition(tx)));
      // A position before the tenant's first event: nothing had been decided yet.
      return this.log.settings(settings ?? { tenantId, name: '', version: 0, presentationCurrency: null, timeZone: null });
    });
  }
}
