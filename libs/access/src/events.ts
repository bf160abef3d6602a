import type { EventDefinition, JsonObject } from '@app/event-store';
import type { Role } from './roles';

export const TENANT = 'tenant';
export const PRINCIPAL = 'principal';

/** Where a key came from: chosen by the operator in the environment, made at the first start, or issued over the API. */
export type KeyOrigin = 'environment' | 'generated' | 'issued';
/** `rotated`: the environment names another administrator key now. */
export type KeyRevocationReason = 'revoked' | 'rotated';

export type TenantCreated = { tenantId: number; name: string };
export type TenantSettingsChanged = { presentationCurrency: string | null };
/** `personal` is the encrypted envelope with the name. */
export type PrincipalRegistered = { principalId: string; roles: Role[]; personal: JsonObject };
export type ApiKeyIssued = { keyId: string; principalId: string; hashPrefix: string; origin: KeyOrigin; expiresAt: string | null };
export type ApiKeyRevoked = { keyId: string; principalId: string; reason: KeyRevocationReason };

export const events: EventDefinition[] = [
  { code: 1, type: 'TenantCreated', schemaVersion: 1 },
  { code: 2, type: 'TenantSettingsChanged', schemaVersion: 1 },
  { code: 3, type: 'PrincipalRegistered', schemaVersion: 1 },
  { code: 4, type: 'ApiKeyIssued', schemaVersion: 1 },
  { code: 5, type: 'ApiKeyRevoked', schemaVersion: 1 },
];
