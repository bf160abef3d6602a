import type { Tx } from '@app/event-store';

export interface ApiKeyRow {
  readonly tenantId: number;
  readonly keyId: string;
  readonly principalId: string;
  readonly revoked: boolean;
  readonly expired: boolean;
}

/** The look-up from the hash of a presented key to its tenant and principal. */
export async function findApiKey(tx: Tx, hash: Buffer): Promise<ApiKeyRow | undefined> {
  const [row] = await tx.query<{ tenant_id: number; key_id: string; principal_id: string; revoked: boolean; expired: boolean }>(
    `SELECT tenant_id, key_id, principal_id, revoked_at IS NOT NULL AS revoked, coalesce(expires_at <= clock_timestamp(), false) AS expired
     FROM ac.api_key WHERE key_hash = $1`,
    [hash],
  );
  if (row === undefined) return undefined;
  return { tenantId: row.tenant_id, keyId: row.key_id, principalId: row.principal_id, revoked: row.revoked, expired: row.expired };
}

export async function insertApiKey(
  tx: Tx,
  key: { hash: Buffer; keyId: string; tenantId: number; principalId: string; expiresAt: string | null },
): Promise<void> {
  await tx.execute('INSERT INTO ac.api_key (key_hash, key_id, tenant_id, principal_id, expires_at) VALUES ($1, $2, $3, $4, $5)', [
    key.hash,
    key.keyId,
    key.tenantId,
    key.principalId,
    key.expiresAt,
  ]);
}

/** Channel on which every process hears that a key was revoked and forgets what it remembers of keys. */
export const KEYS_CHANNEL = 'ac_keys_changed';

export async function revokeApiKeyRow(tx: Tx, tenantId: number, keyId: string): Promise<void> {
  await tx.execute('UPDATE ac.api_key SET revoked_at = clock_timestamp() WHERE tenant_id = $1 AND key_id = $2 AND revoked_at IS NULL', [
    tenantId,
    keyId,
  ]);
  await tx.execute('SELECT pg_notify($1, $2)', [KEYS_CHANNEL, String(tenantId)]);
}

/** Gives a key that was only rotated away its place again, under a new identifier. */
export async function reinstateApiKeyRow(tx: Tx, hash: Buffer, keyId: string): Promise<void> {
  await tx.execute('UPDATE ac.api_key SET key_id = $2, revoked_at = NULL WHERE key_hash = $1', [hash, keyId]);
}
