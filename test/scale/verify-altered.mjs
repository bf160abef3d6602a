// node test/scale/verify-altered.mjs [--size 1000000] [--server postgres://superuser@host:port/postgres]
// Seals a run over a generated book, verifies it, alters one event in the database as somebody with its password could, and shows that the
// verification fails and names the place. Prints seconds and the peak memory of the serving process. The database is dropped at the end.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { debtorsCsv, iso, movementsCsv, receivablesCsv } from '../bench/book.mjs';

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const SIZE = Number(option('size', '1000000'));
const SERVER = option('server', process.env.ARREARS_TEST_POSTGRES_URL);
const DEBTORS = 28_000;
const AS_OF = iso(2_000);
const POLL_MS = 200;
if (SERVER === undefined) throw new Error('Name a PostgreSQL server: --server postgres://superuser@host:port/postgres');

const say = (what, startedAt) =>
  console.log(startedAt === undefined ? what : `${what}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function onServer(url, sql, params = []) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, params)).rows;
  } finally {
    await client.end();
  }
}

const database = `scale_${randomBytes(4).toString('hex')}`;
const databaseUrl = Object.assign(new URL(SERVER), { pathname: `/${database}` }).href;
const dataFolder = mkdtempSync(join(tmpdir(), 'arrears-scale-'));
const adminKey = `scale_${randomBytes(24).toString('hex')}`;
const port = await freePort();
const base = `http://127.0.0.1:${port}`;
await onServer(SERVER, `CREATE DATABASE ${database}`);
const child = spawn('npm', ['start', '--silent'], {
  detached: true,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    ...process.env,
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    ARREARS_DATA_DIR: dataFolder,
    ARREARS_ADMIN_KEY: adminKey,
    REDIS_URL: '',
  },
});

const caller =
  (key) =>
  async (method, path, body, type = 'application/json') => {
    const stream = body instanceof Readable;
    const headers = { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': type }) };
    const sent = body === undefined || stream ? body : JSON.stringify(body);
    const response = await fetch(base + path, { method, headers, body: sent, ...(stream ? { duplex: 'half' } : {}) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    return JSON.parse(text);
  };

async function ended(api, path) {
  for (;;) {
    const state = await api('GET', path);
    if (state.status === 'failed') throw new Error(`${path} failed: ${JSON.stringify(state).slice(0, 500)}`);
    if (state.status === 'completed') return state;
    await sleep(POLL_MS);
  }
}

/** The largest process of the group the instance runs in: npm, a shell and the server. */
function peakMemoryMiB() {
  const read = (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };
  const group = readdirSync('/proc').filter(
    (name) => Number(/^\d+ \(.*\) \S \d+ (\d+)/.exec(read(`/proc/${name}/stat`))?.[1]) === child.pid,
  );
  return Math.round(Math.max(...group.map((pid) => Number(/VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0))) / 1024);
}

async function importCsv(api, kind, pieces) {
  const startedAt = performance.now();
  const bytes = function* () {
    for (const piece of pieces) if (piece !== '') yield Buffer.from(piece, 'utf8');
  };
  const { id } = await api('POST', `/v1/imports/${kind}`, Readable.from(bytes()), 'text/csv');
  const { accepted } = await ended(api, `/v1/imports/${id}`);
  say(`imported ${accepted} ${kind}`, startedAt);
}

async function verify(api, runId, what) {
  const startedAt = performance.now();
  const { id } = await api('POST', `/v1/provision-runs/${runId}/verify`, {});
  const { result } = await ended(api, `/v1/verifications/${id}`);
  say(
    `${what}: verified ${result.verified} (${result.outcome}), ${result.eventsChecked} events and ${result.sealsChecked} seals`,
    startedAt,
  );
  console.log(`  of these in the verification itself ${(result.durationMs / 1000).toFixed(1)} s; peak memory ${peakMemoryMiB()} MiB`);
  return result;
}

async function alter(position, data) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query(`SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'es.event'::regclass`);
  const tables = ['es.event', ...rows.map(({ name }) => name)];
  for (const table of tables) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
  await client.query('UPDATE es.event SET data = $2 WHERE position = $1', [position, data]);
  for (const table of tables) await client.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER append_only`);
  await client.end();
}

try {
  for (let tries = 0; ; tries += 1) {
    const ready = await fetch(`${base}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) break;
    if (tries > 900 || child.exitCode !== null) throw new Error('The instance did not start.');
    await sleep(POLL_MS);
  }
  const admin = caller(adminKey);
  const principal = async (name, roles) => {
    const { id } = await admin('POST', '/v1/principals', { name, roles });
    return caller((await admin('POST', `/v1/principals/${id}/keys`, {})).key);
  };
  const maker = await principal('maker', ['manager', 'ingest', 'controller', 'auditor']);
  const checker = await principal('checker', ['approver']);
  await importCsv(maker, 'debtors', debtorsCsv(DEBTORS));
  await importCsv(maker, 'receivables', receivablesCsv(SIZE, DEBTORS));
  await importCsv(maker, 'movements', movementsCsv(SIZE, DEBTORS));
  const scheme = (await maker('GET', '/v1/ageing-schemes')).items.find(({ id }) => id === 'months-6-12-24-36-48');
  for (const kind of ['trade', 'contract_asset']) {
    const rates = scheme.buckets.map(({ label }, index) => ({ segment: '*', bucket: label, rate: `0.${index + 1}5` }));
    const set = await maker('POST', '/v1/loss-rate-sets', { kind, scheme: scheme.id, effectiveOn: '2019-01-01', rates });
    await checker('POST', `/v1/loss-rate-sets/${set.id}/approve`, {});
  }
  let startedAt = performance.now();
  const requested = await maker('POST', '/v1/provision-runs', { asOf: AS_OF });
  const run = await ended(maker, `/v1/provision-runs/${requested.id}`);
  say(`run as of ${AS_OF}: gross ${run.total.gross.amount}, allowance ${run.total.allowance.amount}`, startedAt);
  const intact = await verify(maker, run.id, 'intact');

  startedAt = performance.now();
  const quick = await maker('GET', `/v1/provision-runs/${run.id}/verify?source=read-models`);
  say(`from read models: ${quick.outcome}`, startedAt);

  const [event] = await onServer(
    databaseUrl,
    `SELECT e.position, s.key, e.data FROM es.event e JOIN es.stream s USING (tenant_id, stream_id) WHERE s.category = 'receivable' AND s.key = $1 AND e.version = 1`,
    [`R${Math.floor(SIZE / 2)}`],
  );
  await alter(event.position, { ...event.data, amount: String(BigInt(event.data.amount) + 1n) });
  const altered = await verify(maker, run.id, `one cent more at position ${event.position} (${event.key})`);
  console.log(`  named: ${JSON.stringify(altered.alteredAt)}`);
  await alter(event.position, event.data);
  const restored = await verify(maker, run.id, 'put back');

  const named = altered.alteredAt?.position === Number(event.position) && altered.alteredAt.stream.key === event.key;
  const shown = intact.verified && !altered.verified && named && restored.verified;
  console.log(shown ? 'Shown: the sealed run verifies, and an altered event fails it and is named.' : 'NOT shown.');
  process.exitCode = shown ? 0 : 1;
} finally {
  process.kill(-child.pid, 'SIGTERM');
  for (let waited = 0; waited < 100 && child.exitCode === null && child.signalCode === null; waited += 1) await sleep(POLL_MS);
  await onServer(SERVER, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  rmSync(dataFolder, { recursive: true, force: true });
}
