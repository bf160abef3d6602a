import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, DatabaseError } from 'pg';

/** Passwords for the two application roles; without them they can log in only where the server trusts the connection. */
export interface RolePasswords {
  api: string;
  worker: string;
}

const ROLE_ATTEMPTS_MAX = 20;
const PG_VERSION_WITH_SET_OPTION = 160_000;

/**
 * Makes the cluster's two application roles and lets the migrating role act as them. Roles belong to the cluster while the migration lock
 * belongs to the database, so a neighbour may do the same at this moment: whoever comes second tries again.
 */
export async function createRoles(client: Client, passwords: RolePasswords | undefined): Promise<void> {
  const { rows } = await client.query<{ version: number }>(`SELECT current_setting('server_version_num')::int AS version`);
  const withSet = (rows[0]?.version ?? 0) >= PG_VERSION_WITH_SET_OPTION;
  for (const [role, password] of [
    ['arrears_api', passwords?.api],
    ['arrears_worker', passwords?.worker],
  ] as const) {
    await repeatOnRace(() => createRole(client, role));
    if (password !== undefined) await repeatOnRace(() => client.query(`ALTER ROLE ${role} PASSWORD ${client.escapeLiteral(password)}`));
    await repeatOnRace(() => allowActingAs(client, role, withSet));
    await client.query(`DO $$ BEGIN EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO ${role}', current_database()); END $$`);
  }
}

async function createRole(client: Client, role: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT`);
}

async function allowActingAs(client: Client, role: string, withSet: boolean): Promise<void> {
  // A superuser may act as anybody, and a membership that exists needs no second grant.
  const { rows } = await client.query<{ allowed: boolean }>(
    `SELECT u.rolsuper OR pg_has_role(current_user, $1, '${withSet ? 'SET' : 'MEMBER'}') AS allowed FROM pg_roles u WHERE u.rolname = current_user`,
    [role],
  );
  if (rows[0]?.allowed !== true) await client.query(`GRANT ${role} TO CURRENT_USER${withSet ? ' WITH SET TRUE, INHERIT FALSE' : ''}`);
}

async function repeatOnRace(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      const lost = error instanceof DatabaseError && ['42710', '23505', 'XX000', '40001'].includes(error.code ?? '');
      if (!lost || attempt >= ROLE_ATTEMPTS_MAX) throw error;
      await sleep(Math.random() * 25 * attempt);
    }
  }
}
