import type { Json, StoredEvent } from '@app/event-store';

/** Tenant that exists from the first start. */
export const DEFAULT_TENANT_ID = 1;

/** What is recorded of a tenant. */
export interface RecordedTenant {
  readonly tenantId: number;
  readonly name: string;
  /** Version of the tenant's stream, its entity tag. */
  readonly version: number;
  /** Currency of figures when neither the reader nor the book names one. */
  readonly presentationCurrency: string | null;
  /** IANA name of the zone in which its days begin; null = the installation's. */
  readonly timeZone: string | null;
}

/** The settings that count: what the tenant leaves open is the installation's. */
export interface TenantSettings extends RecordedTenant {
  readonly timeZone: string;
}

/** Settings after the events of the tenant's stream; null when the tenant does not exist (yet). */
export function foldTenant(events: readonly StoredEvent[]): RecordedTenant | null {
  return events.reduce<RecordedTenant | null>((state, event) => {
    const { data, version } = event;
    if (event.type === 'TenantCreated') {
      const name = textOf(data['name']) ?? '';
      return { tenantId: event.tenantId, name, version, presentationCurrency: null, timeZone: null };
    }
    if (state === null) throw new Error(`The stream of tenant ${event.key} begins with ${event.type}.`);
    if (event.type !== 'TenantSettingsChanged') return { ...state, version };
    return { ...state, version, presentationCurrency: textOf(data['presentationCurrency']), timeZone: textOf(data['timeZone']) };
  }, null);
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
