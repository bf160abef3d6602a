import { Client } from 'pg';
import { createTestDatabase } from '@app/testing';

describe('the database of a test file', () => {
  it('is migrated and lets both application roles in, or every other test would prove nothing about row security', async () => {
    const database = await createTestDatabase({ schemas: [] });
    for (const url of [database.apiUrl, database.workerUrl]) {
      const client = new Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query<{ role: string; events: string | null }>(
        `SELECT current_user AS role, to_regclass('es.event')::text AS events`,
      );
      expect(rows[0]?.role).toMatch(/^arrears_(api|worker)$/);
      expect(rows[0]?.events).toBe('es.event');
      await client.end();
    }
    await database.drop();
  });
});
