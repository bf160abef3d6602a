import { join } from 'node:path';
import type { MigrationSource } from '@app/event-store';

export { AccessModule } from './access.module';
export { AccessWorkerModule } from './access-worker.module';
export { ADMIN_KEY_LENGTH_MIN, isWellFormedApiKey } from './api-key';
export { AUTHENTICATION_CACHE_MS, Authenticator, type Caller } from './authenticate/authenticator';
export { ChangeTenantSettings, type TenantSettingsChange } from './change-tenant-settings/change-tenant-settings.command';
export {
  events,
  type ApiKeyIssued,
  type ApiKeyRevoked,
  type KeyOrigin,
  type KeyRevocationReason,
  type PrincipalRegistered,
  type TenantCreated,
  type TenantSettingsChanged,
} from './events';
export { assertFourEyes } from './four-eyes';
export { GetTenantSettingsQuery } from './get-tenant-settings/get-tenant-settings.query';
export {
  IDEMPOTENCY_EXPIRY_HOURS,
  IDEMPOTENCY_LEASE_SECONDS,
  IdempotencyStore,
  type IdempotencyClaim,
  type IdempotencyOutcome,
  type IdempotencyRequest,
  type StoredResponse,
} from './idempotency/idempotency-store';
export { IssueApiKey, type IssuedApiKey } from './issue-api-key/issue-api-key.command';
export { GetPrincipalQuery, ListPrincipalsQuery, type NamedPrincipal } from './list-principals/list-principals.query';
export { type Principal, type PrincipalKey } from './principal';
export { RegisterPrincipal } from './register-principal/register-principal.command';
export { RevokeApiKey } from './revoke-api-key/revoke-api-key.command';
export { isRole, ROLES, type Role } from './roles';
export { TenantStarter, type StartedTenant, type TenantStart } from './start-tenant/tenant-starter';
export { DEFAULT_TENANT_ID, type TenantSettings } from './tenant';

export const migrations: MigrationSource = { schema: 'ac', directory: join(__dirname, '../migrations') };
