import { Query } from '@nestjs/cqrs';
import type { Position } from '@app/event-store';
import type { TenantSettings } from '../tenant';

/** The tenant's settings as recorded up to a position of the log (default: the latest settled). */
export class GetTenantSettingsQuery extends Query<TenantSettings> {
  constructor(
    readonly tenantId: number,
    readonly position?: Position,
  ) {
    super();
  }
}
