import { Client } from 'pg';
import { EventCatalogue } from '../catalogue';
import type { EventDefinition } from '../types';

/** Records the catalogue in the database. Throws when a code or a name that is in use would come to mean something else. */
export async function registerEventTypes(ownerConnectionString: string, catalogue: readonly EventDefinition[]): Promise<void> {
  new EventCatalogue(catalogue);
  const client = new Client({ connectionString: ownerConnectionString, application_name: 'arrears-migrate' });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE es.event_type IN SHARE ROW EXCLUSIVE MODE');
    const { rows } = await client.query<{ code: number; name: string; schema_version: number }>(
      'SELECT code, name, schema_version FROM es.event_type',
    );
    for (const definition of catalogue) {
      const known = rows.find((row) => row.code === definition.code || row.name === definition.type);
      if (known === undefined) {
        await client.query('INSERT INTO es.event_type (code, name, schema_version) VALUES ($1, $2, $3)', [
          definition.code,
          definition.type,
          definition.schemaVersion,
        ]);
      } else if (known.code !== definition.code || known.name !== definition.type) {
        throw new Error(`event type ${definition.type} (${definition.code}) is recorded as ${known.name} (${known.code})`);
      } else if (known.schema_version < definition.schemaVersion) {
        await client.query('UPDATE es.event_type SET schema_version = $2 WHERE code = $1', [definition.code, definition.schemaVersion]);
      }
    }
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
