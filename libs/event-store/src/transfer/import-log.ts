import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Client } from 'pg';
import { LOG_FILE_VERSION, type LogTransfer } from './export-log';

const LINES_AT_ONCE = 5_000;
const PARTITION_POSITIONS = 10_000_000;

const KINDS = ['type', 'stream', 'event', 'settled', 'seal'] as const;
type Kind = (typeof KINDS)[number];

/** The file is no log, was cut off, or the database it should go to is not empty. Nothing was imported. */
export class LogImportRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LogImportRefused';
  }
}

/**
 * Reads a file of `exportLog` into a migrated database whose log is empty, keeping positions and stream ids, in one transaction.
 * Throws LogImportRefused. Run `verifyLog` afterwards to prove the copy.
 */
export async function importLog(ownerConnectionString: string, readable: Readable): Promise<LogTransfer> {
  const client = new Client({ connectionString: ownerConnectionString, application_name: 'arrears-log-import' });
  await client.connect();
  try {
    await client.query('BEGIN');
    const result = await importLines(client, createInterface({ input: readable, crlfDelay: Infinity }));
    await client.query('COMMIT');
    return result;
  } finally {
    await client.end();
  }
}

async function importLines(client: Client, lines: AsyncIterable<string>): Promise<LogTransfer> {
  const counts: Record<Kind, number> = { type: 0, stream: 0, event: 0, settled: 0, seal: 0 };
  let header: LogHeader | undefined;
  let batch: string[] = [];
  let batchKind: Kind = 'type';
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await insertBatch(client, batchKind, batch);
    counts[batchKind] += batch.length;
    batch = [];
  };
  let ended = false;
  for await (const line of lines) {
    if (line === '') continue;
    if (header === undefined) {
      header = readHeader(line);
      await prepareTarget(client, header);
      continue;
    }
    if (line.startsWith('{"end"')) {
      await flush();
      checkEnd(line, counts);
      ended = true;
      break;
    }
    const kind = KINDS.find((one) => line.startsWith(`{"${one}"`));
    if (kind === undefined) throw new LogImportRefused(`a line of an unknown kind: ${line.slice(0, 40)}`);
    if (kind !== batchKind || batch.length >= LINES_AT_ONCE) await flush();
    batchKind = kind;
    batch.push(line);
  }
  if (header === undefined || !ended) throw new LogImportRefused('the file has no end line: it was cut off');
  await client.query('RESET ROLE');
  await client.query(`SELECT setval('es.position', greatest($1::bigint, 1), $1::bigint > 0), setval('es.stream_id', $2::bigint)`, [
    header.lastPosition,
    header.lastStreamId,
  ]);
  return {
    streams: counts.stream,
    events: counts.event,
    settled: counts.settled,
    seals: counts.seal,
    lastPosition: BigInt(header.lastPosition),
  };
}

interface LogHeader {
  version: number;
  lastPosition: number;
  lastStreamId: number;
}

function readHeader(line: string): LogHeader {
  let header: LogHeader | undefined;
  try {
    header = (JSON.parse(line) as { arrearsLog?: LogHeader }).arrearsLog;
  } catch {
    header = undefined;
  }
  if (header === undefined) throw new LogImportRefused('the file is no exported log');
  if (header.version !== LOG_FILE_VERSION) throw new LogImportRefused(`file version ${header.version} is unknown`);
  return header;
}

/** Partitions and event types are the owner's; everything after is written by the worker role, which row security lets in. */
async function prepareTarget(client: Client, header: LogHeader): Promise<void> {
  await client.query('LOCK TABLE es.event_type, es.stream, es.settled IN SHARE ROW EXCLUSIVE MODE');
  await client.query(
    `SELECT es.create_event_partition(n * ${PARTITION_POSITIONS}::bigint, ${PARTITION_POSITIONS}) FROM generate_series(0, $1::int) AS u(n)`,
    [Math.floor(header.lastPosition / PARTITION_POSITIONS) + 2],
  );
  await client.query('CREATE TEMPORARY TABLE imported_type (code smallint, name text, schema_version smallint) ON COMMIT DROP');
  await client.query('SET LOCAL ROLE arrears_worker');
  const { rows } = await client.query<{ empty: boolean }>(
    'SELECT NOT EXISTS (SELECT FROM es.stream) AND NOT EXISTS (SELECT FROM es.settled) AND NOT EXISTS (SELECT FROM es.seal) AS empty',
  );
  if (rows[0]?.empty !== true) throw new LogImportRefused('the log of this database is not empty');
}

async function insertBatch(client: Client, kind: Kind, batch: readonly string[]): Promise<void> {
  const json = `[${batch.join(',')}]`;
  if (kind === 'type') {
    await insertTypes(client, json);
    return;
  }
  await client.query(
    `INSERT INTO es.${kind} SELECT r.* FROM json_array_elements($1::json) AS l(line), json_populate_record(NULL::es.${kind}, l.line->'${kind}') AS r`,
    [json],
  );
}

/** Types known here must mean the same there. */
async function insertTypes(client: Client, json: string): Promise<void> {
  await client.query('RESET ROLE');
  await client.query(
    `INSERT INTO imported_type SELECT r.* FROM json_array_elements($1::json) AS l(line),
       json_to_record(l.line->'type') AS r(code smallint, name text, schema_version smallint)`,
    [json],
  );
  const { rows } = await client.query<{ name: string }>(
    'SELECT i.name FROM imported_type i JOIN es.event_type t ON (t.code = i.code) <> (t.name = i.name) LIMIT 1',
  );
  if (rows[0] !== undefined) throw new LogImportRefused(`event type ${rows[0].name} has another code here`);
  await client.query('INSERT INTO es.event_type (code, name, schema_version) SELECT * FROM imported_type ON CONFLICT DO NOTHING');
  await client.query('SET LOCAL ROLE arrears_worker');
}

function checkEnd(line: string, counts: Record<Kind, number>): void {
  const { end } = JSON.parse(line) as { end: { streams: number; events: number; settled: number; seals: number } };
  if (end.streams !== counts.stream || end.events !== counts.event || end.settled !== counts.settled || end.seals !== counts.seal) {
    throw new LogImportRefused(
      `the file promises ${end.events} events in ${end.streams} streams and holds ${counts.event} in ${counts.stream}`,
    );
  }
}
