import type { StoredEvent } from '@app/event-store';

/** Tenant that exists from the first start. */
export const DEFAULT_TENANT_ID = 1;

export interface TenantSettings {
  readonly tenantId: number;
  readonly name: string;
  /** Version of the tenant's stream, its entity tag. */
  readonly version: number;
  /** Currency of figures when neither the reader nor the book names one. */
  readonly presentationCurrency: string | null;
}

/** Settings after the events of the tenant's stream; null when the tenant does not exist (yet). */
export function foldTenant(events: readonly StoredEvent[]): TenantSettings | null {
  return events.reduce<TenantSettings | null>((state, event) => {
    const { data, version } = event;
    if (event.type === 'TenantCreated') {
      return { tenantId: event.tenantId, name: typeof data['name'] === 'string' ? data['name'] : '', version, presentationCurrency: null };
    }
    if (state === null) throw new Error(`The stream of tenant ${event.key} begins with ${event.type}.`);
    if (event.type !== 'TenantSettingsChanged') return { ...state, version };
    return {
      ...state,
      version,
      presentationCurrency: typeof data['presentationCurrency'] === 'string' ? data['presentationCurrency'] : null,
    };
  }, null);
}
