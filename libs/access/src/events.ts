import type { EventDefinition, JsonObject } from '@app/event-store';
import { z } from 'zod';
import { ROLES } from './roles';

export const TENANT = 'tenant';
export const PRINCIPAL = 'principal';

const keyOrigin = z.enum(['environment', 'generated', 'issued']);
/** Where a key came from: chosen by the operator in the environment, made at the first start, or issued over the API. */
export type KeyOrigin = z.infer<typeof keyOrigin>;
const keyRevocationReason = z.enum(['revoked', 'rotated']);
/** `rotated`: the environment names another administrator key now. */
export type KeyRevocationReason = z.infer<typeof keyRevocationReason>;

/** Schemas of the events by type: generates `docs/events/access.json`. */
export const accessEventSchemas = {
  TenantCreated: z.strictObject({ tenantId: z.int(), name: z.string() }),
  TenantSettingsChanged: z.strictObject({
    presentationCurrency: z.string().nullable(),
    /** IANA name; null = the installation's, as before tenants could have one of their own. */
    timeZone: z.string().nullable().default(null),
  }),
  /** `personal` is the encrypted envelope with the name. */
  PrincipalRegistered: z.strictObject({
    principalId: z.string(),
    roles: z.array(z.enum(ROLES)),
    personal: z.record(z.string(), z.json()),
  }),
  ApiKeyIssued: z.strictObject({
    keyId: z.string(),
    principalId: z.string(),
    hashPrefix: z.string(),
    origin: keyOrigin,
    expiresAt: z.string().nullable(),
  }),
  ApiKeyRevoked: z.strictObject({ keyId: z.string(), principalId: z.string(), reason: keyRevocationReason }),
} as const;

type DataOf<Type extends keyof typeof accessEventSchemas> = z.infer<(typeof accessEventSchemas)[Type]>;
export type TenantCreated = DataOf<'TenantCreated'>;
export type TenantSettingsChanged = DataOf<'TenantSettingsChanged'>;
export type PrincipalRegistered = Omit<DataOf<'PrincipalRegistered'>, 'personal'> & { personal: JsonObject };
export type ApiKeyIssued = DataOf<'ApiKeyIssued'>;
export type ApiKeyRevoked = DataOf<'ApiKeyRevoked'>;

export const events: EventDefinition[] = [
  { code: 1, type: 'TenantCreated', schemaVersion: 1 },
  { code: 2, type: 'TenantSettingsChanged', schemaVersion: 1 },
  { code: 3, type: 'PrincipalRegistered', schemaVersion: 1 },
  { code: 4, type: 'ApiKeyIssued', schemaVersion: 1 },
  { code: 5, type: 'ApiKeyRevoked', schemaVersion: 1 },
];
