import { Module } from '@nestjs/common';
import { AccessLog } from './access-log';
import { Authenticator } from './authenticate/authenticator';
import { ChangeTenantSettingsHandler } from './change-tenant-settings/change-tenant-settings.handler';
import { GetTenantSettingsHandler } from './get-tenant-settings/get-tenant-settings.handler';
import { IdempotencyStore } from './idempotency/idempotency-store';
import { IssueApiKeyHandler } from './issue-api-key/issue-api-key.handler';
import { GetPrincipalHandler, ListPrincipalsHandler, PrincipalNames } from './list-principals/list-principals.handler';
import { RegisterPrincipalHandler } from './register-principal/register-principal.handler';
import { RevokeApiKeyHandler } from './revoke-api-key/revoke-api-key.handler';
import { TenantStarter } from './start-tenant/tenant-starter';

/** Tenants, principals, keys and roles; commands and queries, for both applications. */
@Module({
  providers: [
    AccessLog,
    Authenticator,
    IdempotencyStore,
    PrincipalNames,
    TenantStarter,
    ChangeTenantSettingsHandler,
    GetPrincipalHandler,
    GetTenantSettingsHandler,
    IssueApiKeyHandler,
    ListPrincipalsHandler,
    RegisterPrincipalHandler,
    RevokeApiKeyHandler,
  ],
  exports: [Authenticator, IdempotencyStore, TenantStarter],
})
export class AccessModule {}
