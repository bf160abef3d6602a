import { randomBytes } from 'node:crypto';
import type { JsonObject, Tx } from '@app/event-store';
import { openBytes, sealBytes, type SecretBox } from '../security/secret-box';

const KEY_BYTES = 32;

interface KeyRow {
  person: string;
  key_no: number;
  wrapped_key: Buffer;
}

/** One person and the details to be kept under that person's key. */
export interface PersonalDetails {
  readonly person: string;
  readonly fields: JsonObject;
}

const place = (tenantId: number, person: string, keyNo: number): string => `${String(tenantId)}/${person}/${String(keyNo)}`;

/**
 * Keeps personal details encrypted from the first event, each person under a key of their own. Events and their hashes hold the
 * envelope; erasing a person destroys the key, so the details become unreadable everywhere while every hash still verifies.
 */
export class PersonalDataVault {
  constructor(private readonly secretBox: SecretBox) {}

  /** The envelope to put into an event. Encrypting twice gives two different envelopes. */
  async encrypt(tx: Tx, tenantId: number, person: string, fields: JsonObject): Promise<JsonObject> {
    const [envelope] = await this.encryptMany(tx, tenantId, [{ person, fields }]);
    if (envelope === undefined) throw new Error('One envelope was expected.');
    return envelope;
  }

  /** Envelopes in the order given, with two statements whatever their number. */
  async encryptMany(tx: Tx, tenantId: number, details: readonly PersonalDetails[]): Promise<JsonObject[]> {
    const keys = await this.keysForWriting(tx, tenantId, [...new Set(details.map((detail) => detail.person))]);
    return details.map(({ person, fields }) => {
      const row = keys.get(person);
      if (row === undefined) throw new Error('A key that was just made is missing.');
      const aad = place(tenantId, person, row.key_no);
      const key = this.secretBox.openKey(row.wrapped_key, aad);
      return { v: 1, k: row.key_no, c: sealBytes(key, Buffer.from(JSON.stringify(fields), 'utf8'), aad).toString('base64') };
    });
  }

  /** The details, or null when the person was erased. @throws SealBroken when the envelope belongs to somebody else. */
  async decrypt(tx: Tx, tenantId: number, person: string, envelope: JsonObject): Promise<JsonObject | null> {
    const [details] = await this.decryptMany(tx, tenantId, [{ person, envelope }]);
    return details ?? null;
  }

  /** Details in the order given, null for erased people, with one statement whatever their number. */
  async decryptMany(
    tx: Tx,
    tenantId: number,
    items: readonly { readonly person: string; readonly envelope: JsonObject }[],
  ): Promise<(JsonObject | null)[]> {
    const rows = await tx.query<KeyRow>(
      `SELECT person, key_no, wrapped_key FROM pf.person_key WHERE tenant_id = $1 AND person = ANY($2) AND wrapped_key IS NOT NULL`,
      [tenantId, [...new Set(items.map((item) => item.person))]],
    );
    const keys = new Map(rows.map((row) => [place(tenantId, row.person, row.key_no), row]));
    return items.map(({ person, envelope }) => {
      const keyNo = envelope['k'];
      const text = envelope['c'];
      if (typeof keyNo !== 'number' || typeof text !== 'string') return null;
      const aad = place(tenantId, person, keyNo);
      const row = keys.get(aad);
      if (row === undefined) return null;
      return JSON.parse(
        openBytes(this.secretBox.openKey(row.wrapped_key, aad), Buffer.from(text, 'base64'), aad).toString('utf8'),
      ) as JsonObject;
    });
  }

  /** Destroys every key of a person. Details recorded later get a new key. */
  async erase(tx: Tx, tenantId: number, person: string): Promise<void> {
    await tx.execute(
      `UPDATE pf.person_key SET wrapped_key = NULL, erased_at = clock_timestamp() WHERE tenant_id = $1 AND person = $2 AND wrapped_key IS NOT NULL`,
      [tenantId, person],
    );
  }

  private async keysForWriting(tx: Tx, tenantId: number, people: readonly string[]): Promise<Map<string, KeyRow>> {
    const found = await this.liveKeys(tx, tenantId, people);
    const missing = people.filter((person) => !found.has(person));
    if (missing.length === 0) return found;
    const used = await tx.query<{ person: string; key_no: number }>(
      `SELECT person, max(key_no) AS key_no FROM pf.person_key WHERE tenant_id = $1 AND person = ANY($2) GROUP BY person`,
      [tenantId, missing],
    );
    const lastNo = new Map(used.map((row) => [row.person, row.key_no]));
    const numbers = missing.map((person) => (lastNo.get(person) ?? 0) + 1);
    const wrapped = missing.map((person, index) =>
      this.secretBox.sealKey(randomBytes(KEY_BYTES), place(tenantId, person, numbers[index] ?? 1)),
    );
    // Somebody else may make the same key at this moment: the first one counts, and both read it back.
    await tx.execute(
      `INSERT INTO pf.person_key (tenant_id, person, key_no, wrapped_key)
       SELECT $1, t.person, t.key_no, t.wrapped_key FROM unnest($2::text[], $3::int[], $4::bytea[]) AS t (person, key_no, wrapped_key)
       ORDER BY t.person ON CONFLICT DO NOTHING`,
      [tenantId, missing, numbers, wrapped],
    );
    for (const [person, row] of await this.liveKeys(tx, tenantId, missing)) found.set(person, row);
    return found;
  }

  private async liveKeys(tx: Tx, tenantId: number, people: readonly string[]): Promise<Map<string, KeyRow>> {
    const rows = await tx.query<KeyRow>(
      `SELECT DISTINCT ON (person) person, key_no, wrapped_key FROM pf.person_key
       WHERE tenant_id = $1 AND person = ANY($2) AND wrapped_key IS NOT NULL ORDER BY person, key_no DESC`,
      [tenantId, people],
    );
    return new Map(rows.map((row) => [row.person, row]));
  }
}
