import { createHash, randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { EventContext, Tx } from '@app/event-store';
import { PersonalDataVault } from '@app/platform';
import { AccessLog } from '../access-log';
import { ADMIN_KEY_LENGTH_MIN, generateApiKey, hashApiKey, hashPrefixOf } from '../api-key';
import { findApiKey, insertApiKey, reinstateApiKeyRow, revokeApiKeyRow } from '../api-key-table';
import {
  PRINCIPAL,
  TENANT,
  type ApiKeyIssued,
  type ApiKeyRevoked,
  type KeyOrigin,
  type PrincipalRegistered,
  type TenantCreated,
} from '../events';
import { personOf, type Principal } from '../principal';
import { ROLES } from '../roles';

export interface TenantStart {
  readonly tenantId: number;
  readonly name: string;
  /** The administrator's key as the operator chose it; null = one is generated when the tenant is created. */
  readonly adminKey: string | null;
}

export interface StartedTenant {
  readonly administratorId: string;
  /** Only when a key was generated just now: show it once, it cannot be had again. */
  readonly generatedKey: string | null;
}

/**
 * Makes sure a tenant and its administrator (every role) exist: the first start creates them, every later one finds them. A changed key of
 * the operator takes the place of the one before. Safe to run in several processes at once.
 */
@Injectable()
export class TenantStarter {
  private readonly logger = new Logger(TenantStarter.name);

  constructor(
    private readonly log: AccessLog,
    private readonly vault: PersonalDataVault,
  ) {}

  async start(start: TenantStart): Promise<StartedTenant> {
    const { tenantId, adminKey } = start;
    if (adminKey !== null && adminKey.length < ADMIN_KEY_LENGTH_MIN) {
      throw new Error(`ARREARS_ADMIN_KEY must have at least ${String(ADMIN_KEY_LENGTH_MIN)} characters.`);
    }
    const administratorId = administratorIdOf(tenantId);
    const context: EventContext = { tenantId, principalId: administratorId, correlationId: randomUUID() };
    await this.createTenant(start, context);
    const generatedKey = await this.registerAdministrator(administratorId, adminKey, context);
    if (adminKey !== null) await this.adoptKey(adminKey, administratorId, context);
    return { administratorId, generatedKey };
  }

  private async createTenant({ tenantId, name }: TenantStart, context: EventContext): Promise<void> {
    await this.log.decide(tenantId, async (tx) => {
      if ((await this.log.tenant(tx, tenantId)) !== null) return { result: undefined, appended: null };
      const data: TenantCreated = { tenantId, name };
      const stream = { category: TENANT, key: String(tenantId), expectedVersion: 0 };
      return { result: undefined, appended: await this.log.append(tx, context, stream, 'TenantCreated', data) };
    });
  }

  /** Registers the administrator where there is none, with its first key in the same transaction. Gives back the key when it was generated. */
  private async registerAdministrator(principalId: string, adminKey: string | null, context: EventContext): Promise<string | null> {
    const { tenantId } = context;
    return this.log.decide<string | null>(tenantId, async (tx) => {
      if ((await this.log.principal(tx, principalId)) !== null) return { result: null, appended: null };
      const personal = await this.vault.encrypt(tx, tenantId, personOf(principalId), { name: 'Administrator' });
      const data: PrincipalRegistered = { principalId, roles: [...ROLES], personal };
      const stream = { category: PRINCIPAL, key: principalId, expectedVersion: 0 };
      const registered = await this.log.append(tx, context, stream, 'PrincipalRegistered', data);
      const key = adminKey ?? generateApiKey();
      const hash = hashApiKey(key);
      const keyId = randomUUID();
      await insertApiKey(tx, { hash, keyId, tenantId, principalId, expiresAt: null });
      const origin = adminKey === null ? 'generated' : 'environment';
      const appended = await this.issued(tx, context, { hash, keyId, principalId, origin, version: registered.version });
      return { result: adminKey === null ? key : null, appended };
    });
  }

  /** Makes the operator's key valid and withdraws the operator's earlier ones. */
  private async adoptKey(key: string, principalId: string, context: EventContext): Promise<void> {
    const { tenantId } = context;
    const hash = hashApiKey(key);
    await this.log.decide(tenantId, async (tx) => {
      const principal = await this.log.principal(tx, principalId);
      if (principal === null) throw new Error(`The administrator of tenant ${String(tenantId)} is missing.`);
      const row = await findApiKey(tx, hash);
      if (row !== undefined && row.tenantId !== tenantId) throw new Error('ARREARS_ADMIN_KEY is a key of another tenant.');
      if (row?.revoked === false) return { result: undefined, appended: null };
      if (row !== undefined && principal.keys.find((known) => known.keyId === row.keyId)?.revoked?.reason !== 'rotated') {
        this.logger.warn('ARREARS_ADMIN_KEY names a key that was revoked; it stays revoked. Choose another one.');
        return { result: undefined, appended: null };
      }
      const version = await this.withdrawOperatorKeys(tx, context, principal);
      const keyId = randomUUID();
      // The log decides who comes first: the loser of a race meets a version conflict here and finds the key when it looks again.
      const appended = await this.issued(tx, context, { hash, keyId, principalId, origin: 'environment', version });
      if (row === undefined) await insertApiKey(tx, { hash, keyId, tenantId, principalId, expiresAt: null });
      else await reinstateApiKeyRow(tx, hash, keyId);
      return { result: undefined, appended };
    });
  }

  private async withdrawOperatorKeys(tx: Tx, context: EventContext, principal: Principal): Promise<number> {
    let { version } = principal;
    for (const { keyId, origin, revoked } of principal.keys) {
      if (revoked !== null || origin !== 'environment') continue;
      const data: ApiKeyRevoked = { keyId, principalId: principal.id, reason: 'rotated' };
      const stream = { category: PRINCIPAL, key: principal.id, expectedVersion: version };
      version = (await this.log.append(tx, context, stream, 'ApiKeyRevoked', data)).version;
      await revokeApiKeyRow(tx, context.tenantId, keyId);
    }
    return version;
  }

  private async issued(
    tx: Tx,
    context: EventContext,
    key: { hash: Buffer; keyId: string; principalId: string; origin: KeyOrigin; version: number },
  ): ReturnType<AccessLog['append']> {
    const { hash, keyId, principalId, origin, version } = key;
    const data: ApiKeyIssued = { keyId, principalId, hashPrefix: hashPrefixOf(hash), origin, expiresAt: null };
    return this.log.append(tx, context, { category: PRINCIPAL, key: principalId, expectedVersion: version }, 'ApiKeyIssued', data);
  }
}

/** The same for every process that starts the tenant. */
function administratorIdOf(tenantId: number): string {
  const hex = createHash('sha256')
    .update(`arrears administrator of tenant ${String(tenantId)}`)
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
