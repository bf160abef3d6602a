import { createReadStream, existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Client } from 'pg';

/**
 * The log holds personal details under a key per person, and those keys under the master key. They travel in a file of their own beside
 * the log, still wrapped, so that a person erased later is gone from every copy whose keys are renewed.
 */
export const personalKeysFile = (logFile: string): string => `${logFile}.personal-keys`;

const COLUMNS = 'tenant_id, person, key_no, wrapped_key, made_at, erased_at';

/** Writes every wrapped key, and the proof of the master key they were wrapped under. */
export async function exportPersonalKeys(ownerUrl: string, logFile: string): Promise<number> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  const target = await open(personalKeysFile(logFile), 'w', 0o600);
  try {
    const { rows } = await client.query<{ line: string }>(
      `SELECT jsonb_build_object('installation', to_jsonb(i))::text AS line FROM pf.installation i
       UNION ALL SELECT jsonb_build_object('key', to_jsonb(k))::text FROM (SELECT ${COLUMNS} FROM pf.person_key) k`,
    );
    for (const { line } of rows) await target.write(`${line}\n`);
    return rows.length;
  } finally {
    await target.close();
    await client.end();
  }
}

/** Reads them into an empty database; a log without the file keeps its personal details unreadable. */
export async function importPersonalKeys(ownerUrl: string, logFile: string): Promise<boolean> {
  const file = personalKeysFile(logFile);
  if (!existsSync(file)) return false;
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const row = JSON.parse(line) as { key?: object; installation?: object };
      if (row.installation !== undefined) {
        await client.query(
          'INSERT INTO pf.installation SELECT * FROM jsonb_populate_record(NULL::pf.installation, $1) ON CONFLICT DO NOTHING',
          [row.installation],
        );
      } else {
        await client.query(`INSERT INTO pf.person_key (${COLUMNS}) SELECT ${COLUMNS} FROM jsonb_populate_record(NULL::pf.person_key, $1)`, [
          row.key,
        ]);
      }
    }
    await client.query('COMMIT');
    return true;
  } finally {
    await client.end();
  }
}
