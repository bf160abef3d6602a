import { randomBytes } from 'node:crypto';
import { canonicalJson, Database, type JsonObject } from '@app/event-store';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { SealBroken, SecretBox } from '../security/secret-box';
import { PersonalDataVault } from './personal-data-vault';

describe('personal details', () => {
  let test: TestDatabase;
  let database: Database;
  const vault = new PersonalDataVault(new SecretBox(randomBytes(32)));
  const ada = { name: 'Ada Berg', city: '北京' };

  beforeAll(async () => {
    test = await createTestDatabase({ schemas: ['pf'] });
    database = new Database({ connectionString: test.apiUrl, applicationName: 'test' });
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await test.drop();
  });
  const encrypt = (tenantId: number, person: string, fields: JsonObject): Promise<JsonObject> =>
    database.transaction(tenantId, (tx) => vault.encrypt(tx, tenantId, person, fields));
  const decrypt = (tenantId: number, person: string, envelope: JsonObject): Promise<JsonObject | null> =>
    database.read(tenantId, (tx) => vault.decrypt(tx, tenantId, person, envelope));

  it('are readable to the system and to nobody who only reads the log', async () => {
    const envelope = await encrypt(1, 'debtor/d1', ada);
    expect(JSON.stringify(envelope)).not.toContain('Ada');
    expect(await decrypt(1, 'debtor/d1', envelope)).toEqual(ada);
  });

  it('become unreadable once the person is erased, while what was hashed stays the same', async () => {
    const envelope = await encrypt(1, 'debtor/d2', ada);
    const hashedBefore = canonicalJson(envelope);
    await database.transaction(1, (tx) => vault.erase(tx, 1, 'debtor/d2'));
    expect(await decrypt(1, 'debtor/d2', envelope)).toBeNull();
    expect(canonicalJson(envelope)).toBe(hashedBefore);
    const later = await encrypt(1, 'debtor/d2', { name: 'New' });
    expect(await decrypt(1, 'debtor/d2', later)).toEqual({ name: 'New' });
    expect(await decrypt(1, 'debtor/d2', envelope)).toBeNull();
  });

  it('of one person do not open as those of another, or in another tenant', async () => {
    const envelope = await encrypt(1, 'debtor/d3', ada);
    await encrypt(1, 'debtor/d4', ada);
    await encrypt(2, 'debtor/d3', ada);
    await expect(decrypt(1, 'debtor/d4', envelope)).rejects.toThrow(SealBroken);
    await expect(decrypt(2, 'debtor/d3', envelope)).rejects.toThrow(SealBroken);
  });

  it('get one key a person even when two imports write the same person at once', async () => {
    const envelopes = await Promise.all(Array.from({ length: 8 }, () => encrypt(1, 'debtor/d5', ada)));
    for (const envelope of envelopes) expect(await decrypt(1, 'debtor/d5', envelope)).toEqual(ada);
  });

  it('of a whole file are encrypted with a handful of statements, in the order given', async () => {
    const details = Array.from({ length: 500 }, (_, index) => ({
      person: `debtor/m${String(index % 400)}`,
      fields: { name: String(index) },
    }));
    const envelopes = await database.transaction(1, (tx) => vault.encryptMany(tx, 1, details));
    const items = details.map(({ person }, index) => ({ person, envelope: envelopes[index] ?? {} }));
    const opened = await database.read(1, (tx) => vault.decryptMany(tx, 1, items));
    expect(opened).toEqual(details.map(({ fields }) => fields));
  });
});
