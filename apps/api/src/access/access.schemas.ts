import { ROLES } from '@app/access';
import { z } from 'zod';
import { currencyCodeSchema, instantSchema } from '../http';

const NAME_LENGTH_MAX = 200;
const TIME_ZONE_LENGTH_MAX = 64;
/** Whatever is no identifier of ours is simply not there: 404, like an identifier of another tenant. */
const identifier = z.string().transform((text) => text.toLowerCase());

export const role = z.enum(ROLES);
export const principalParams = z.strictObject({ id: identifier });
export const keyParams = z.strictObject({ id: identifier, keyId: identifier });

export const registerPrincipalBody = z.strictObject({
  name: z.string().trim().min(1).max(NAME_LENGTH_MAX).meta({ example: 'Li Wei' }),
  roles: z.array(role).min(1).max(ROLES.length),
});

export const principalKey = z.object({
  id: z.string(),
  hashPrefix: z.string().describe('first hexadecimal digits of the SHA-256 of the key, to tell keys apart'),
  origin: z.enum(['environment', 'generated', 'issued']),
  issuedAt: z.string().meta({ format: 'date-time' }),
  expiresAt: z.string().nullable().meta({ format: 'date-time' }),
  revokedAt: z.string().nullable().meta({ format: 'date-time' }),
});

export const principal = z
  .object({
    id: z.string(),
    name: z.string().nullable().describe('null once erased'),
    roles: z.array(role),
    registeredAt: z.string().meta({ format: 'date-time' }),
    keys: z.array(principalKey),
  })
  .meta({ id: 'Principal' });

export const registeredPrincipal = z.object({ id: z.string(), name: z.string(), roles: z.array(role) });

export const issueKeyBody = z.strictObject({ expiresAt: instantSchema.optional().describe('default: never') }).optional();
export const issuedKey = z.object({
  id: z.string(),
  key: z.string().nullable().describe('shown once: a replay under the same Idempotency-Key has null here'),
});

export const me = z.object({ tenantId: z.int(), principalId: z.string(), name: z.string().nullable(), roles: z.array(role) });

export const tenantSettings = z
  .object({
    id: z.int(),
    name: z.string(),
    presentationCurrency: z.string().nullable(),
    timeZone: z.string().describe('IANA name of the zone in which its days begin').meta({ example: 'Europe/Berlin' }),
  })
  .meta({ id: 'Tenant' });

export const changeTenantBody = z.strictObject({
  presentationCurrency: currencyCodeSchema.nullable(),
  timeZone: z
    .string()
    .min(1)
    .max(TIME_ZONE_LENGTH_MAX)
    .nullable()
    .optional()
    .describe("IANA name, null for the installation's; left out: as it was"),
});
