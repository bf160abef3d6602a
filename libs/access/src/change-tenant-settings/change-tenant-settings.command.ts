import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import type { TenantSettings } from '../tenant';

export interface TenantSettingsChange {
  readonly presentationCurrency: string | null;
  /** IANA name; null = the installation's; undefined = as it was. */
  readonly timeZone?: string | null | undefined;
}

/**
 * Replaces the tenant's settings. `expectedVersion` is what the caller saw (If-Match); undefined = whatever there is.
 * @throws VersionConflict; Refusal `time-zone-unknown`
 */
export class ChangeTenantSettings extends Command<TenantSettings> {
  constructor(
    readonly context: RequestContext,
    readonly change: TenantSettingsChange,
    readonly expectedVersion: number | undefined,
  ) {
    super();
  }
}
