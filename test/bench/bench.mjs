// npm run bench [-- --sizes 100000,1000000] [--skip-import-peer]
// Everything runs against one PostgreSQL with durable settings (fsync and synchronous_commit on), started from the npm binaries, and
// every figure has something beside it in the same run. Prints one table; compare ratios, not machines.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { debtorsCsv, iso, lastDay, movementsCsv, random, receivablesCsv } from './book.mjs';
import { Report, ms, now, percentile } from './measure.mjs';
import { PlainBook, bareInserts } from './peer.mjs';

const require = createRequire(import.meta.url);
const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const SIZES = option('sizes', '100000,1000000').split(',').map(Number);
const DEBTORS = 28_000;
const READINGS = 200;
const LATE_FACTS = 5_000;
const FAST_READING_MS = 50;
const APPEND_SECONDS = 4;
const APPEND_CLIENTS = 8;
const ALERT_ROUNDS = 20;
const report = new Report();

const freePort = () =>
  new Promise((resolve) => {
    const probe = createTcp();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function startArrears(databaseUrl, dataFolder) {
  const port = await freePort();
  const adminKey = `bench_${randomBytes(24).toString('hex')}`;
  const child = spawn('npm', ['start', '--silent'], {
    detached: true,
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      ARREARS_DATA_DIR: dataFolder,
      ARREARS_ADMIN_KEY: adminKey,
      REDIS_URL: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stdout.on('data', (data) => (log += data));
  child.stderr.on('data', (data) => (log += data));
  const base = `http://127.0.0.1:${port}`;
  for (let i = 0; ; i++) {
    const ready = await fetch(`${base}/health/ready`).then(
      (r) => r.ok,
      () => false,
    );
    if (ready) break;
    if (i > 600 || child.exitCode !== null) throw new Error(`Arrears did not start:\n${log.slice(-2000)}`);
    await sleep(200);
  }
  const call =
    (key) =>
    async (method, path, body, type = 'application/json') => {
      const response = await fetch(base + path, {
        method,
        headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': type }) },
        body: body === undefined ? undefined : typeof body === 'object' && !(body instanceof Readable) ? JSON.stringify(body) : body,
        ...(body instanceof Readable ? { duplex: 'half' } : {}),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
      return text === '' ? undefined : JSON.parse(text);
    };
  const rssMiB = () => {
    // npm starts a shell that starts node: the serving process is the largest of the group.
    const pids = processesOfGroup(child.pid);
    return Math.max(...pids.map((pid) => Number(/VmHWM:\s+(\d+)/.exec(safeRead(`/proc/${pid}/status`))?.[1] ?? 0))) / 1024;
  };
  const stop = async () => {
    process.kill(-child.pid, 'SIGTERM');
    for (let i = 0; i < 150 && child.exitCode === null && child.signalCode === null; i++) await sleep(100);
  };
  return { call, admin: call(adminKey), rssMiB, stop };
}

const safeRead = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
function processesOfGroup(group) {
  return require('node:fs')
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(/^\d+ \(.*\) \S \d+ (\d+)/.exec(safeRead(`/proc/${name}/stat`))?.[1]) === group);
}

async function principal(admin, name, roles) {
  const { id } = await admin('POST', '/v1/principals', { name, roles });
  return (await admin('POST', `/v1/principals/${id}/keys`, {})).key;
}

function* bytesOf(pieces) {
  for (const piece of pieces) if (piece !== '') yield Buffer.from(piece, 'utf8');
}

async function importCsv(api, kind, pieces) {
  const { id } = await api('POST', `/v1/imports/${kind}`, Readable.from(bytesOf(pieces)), 'text/csv');
  for (;;) {
    const state = await api('GET', `/v1/imports/${id}`);
    if (state.status === 'completed') return state;
    if (state.status === 'failed') throw new Error(`import failed: ${JSON.stringify(state)}`);
    await sleep(50);
  }
}

async function runProvision(api, body) {
  const { id } = await api('POST', '/v1/provision-runs', body);
  for (;;) {
    const run = await api('GET', `/v1/provision-runs/${id}`);
    if (run.status === 'completed') return run;
    if (run.status === 'failed') throw new Error(`run failed: ${JSON.stringify(run).slice(0, 300)}`);
    await sleep(5);
  }
}

async function benchBook(server, size) {
  const name = `${size.toLocaleString('en')} receivables`;
  const databaseUrl = await server.createDatabase(`bench_${size}`);
  const folder = mkdtempSync(join(tmpdir(), 'arrears-bench-'));
  chmodSync(folder, 0o755);
  const arrears = await startArrears(databaseUrl, folder);
  const plain = await PlainBook.create(await server.createDatabase(`plain_${size}`));
  try {
    const maker = arrears.call(await principal(arrears.admin, 'maker', ['manager', 'ingest', 'controller', 'viewer']));
    const checker = arrears.call(await principal(arrears.admin, 'checker', ['approver']));
    await importCsv(maker, 'debtors', debtorsCsv(DEBTORS));

    let started = now();
    await importCsv(maker, 'receivables', receivablesCsv(size, DEBTORS));
    const receivablesMs = now() - started;
    started = now();
    const movements = (await importCsv(maker, 'movements', movementsCsv(size, DEBTORS))).accepted;
    const movementsMs = now() - started;
    const plainMs = await plain.load(size, DEBTORS);
    const totalMs = receivablesMs + movementsMs;
    report.add(
      `import, ${name} + ${movements.toLocaleString('en')} movements`,
      `${ms(totalMs)} (${Math.round((size + movements) / (totalMs / 1000)).toLocaleString('en')} rows/s), ${(totalMs / plainMs).toFixed(1)} x`,
      `plain COPY + indexes ${ms(plainMs)}`,
      '<= 8 x, stretch 5 x',
    );

    const afterImport = (await maker('GET', `/v1/ageing?asOf=${lastDay}`)).knownAt;
    await importCsv(maker, 'receivables', [lateReceivables()]);
    report.add(`readings at full speed after the import, ${name}`, `${ms(await untilFast(maker))} later`);
    const next = random(7);
    const timesOf = async (path) => {
      const times = [];
      for (let i = 0; i < READINGS; i++) {
        const asOf = iso(200 + next(2_300));
        const knownAt = i % 2 === 0 ? '' : `&knownAt=${encodeURIComponent(afterImport)}`;
        const begun = now();
        await maker('GET', path.replace('{asOf}', asOf) + knownAt);
        times.push(now() - begun);
      }
      return times;
    };
    await timesOf('/v1/ageing?asOf={asOf}&scheme=months-6-12-24-36-48');
    const ageing = await timesOf('/v1/ageing?asOf={asOf}&scheme=months-6-12-24-36-48');
    const plainAgeing = await plain.ageing(5, next);
    report.add(
      `ageing in total, any two dates, ${name}`,
      `p50 ${ms(percentile(ageing, 50))}, p95 ${ms(percentile(ageing, 95))}, ${(plainAgeing / percentile(ageing, 50)).toFixed(0)} x faster`,
      `plain SQL, as-of only ${ms(plainAgeing)}`,
      'p95 <= 20 ms, >= 80 x at 1 M',
    );

    const scheme = (await maker('GET', '/v1/ageing-schemes')).items.find((s) => s.id === 'months-6-12-24-36-48');
    for (const kind of ['trade', 'contract_asset']) {
      const rates = scheme.buckets.map((bucket, i) => ({ segment: '*', bucket: bucket.label, rate: `0.${i + 1}5` }));
      const set = await maker('POST', '/v1/loss-rate-sets', { kind, scheme: scheme.id, effectiveOn: '2019-01-01', rates });
      await checker('POST', `/v1/loss-rate-sets/${set.id}/approve`, {});
    }
    const runs = [];
    for (let i = 0; i < 20; i++) {
      const begun = now();
      await runProvision(maker, { asOf: iso(1_000 + next(1_400)) });
      runs.push(now() - begun);
    }
    report.add(
      `provision run asked for to completed, ${name}`,
      `p50 ${ms(percentile(runs, 50))}, p95 ${ms(percentile(runs, 95))}`,
      '',
      'ageing + ECL p95 <= 20 ms',
    );

    const begun = now();
    const debtors = await maker('GET', `/v1/ageing?asOf=${lastDay}&groupBy=debtor`);
    const byDebtorMs = now() - begun;
    report.add(
      `ageing of every debtor (${debtors.groups.length}), ${name}`,
      ms(byDebtorMs),
      `plain SQL ${ms(await plain.ageingByDebtor())}`,
      '<= DuckDB (issue 5)',
    );
    report.add(`peak memory of the process, ${name}`, `${arrears.rssMiB().toFixed(0)} MiB`, '', '<= 512 MiB at 5 M');
    if (size === SIZES[0]) await benchAlerts(arrears, maker);
  } finally {
    await arrears.stop();
    await plain.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Checkpoints are taken in the background after an import; until then a reading sums every entry. */
async function untilFast(maker) {
  const begun = now();
  for (let fastInARow = 0; fastInARow < 5;) {
    const started = now();
    await maker('GET', `/v1/ageing?asOf=${iso(1_700)}&scheme=months-6-12-24-36-48`);
    fastInARow = now() - started < FAST_READING_MS ? fastInARow + 1 : 0;
    if (now() - begun > 180_000) break;
    await sleep(500);
  }
  return now() - begun;
}

function lateReceivables() {
  const rows = Array.from({ length: LATE_FACTS }, (_, i) => {
    const day = iso((i * 7) % 2_000);
    return `L${i},D${i % DEBTORS},trade,CNY,1.00,${day},${day},${day},L${i}`;
  });
  return `receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n${rows.join('\n')}\n`;
}

const swingDay = (i) => 900 + i * 60;
const SWING_AMOUNT = '50000000000.00';

function swingReceivables() {
  const rows = Array.from({ length: ALERT_ROUNDS }, (_, i) => `S${i},D1,trade,CNY,${SWING_AMOUNT},${iso(swingDay(i))},,,S${i}`);
  return `receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n${rows.join('\n')}\n`;
}

function swingPayments() {
  const rows = Array.from({ length: ALERT_ROUNDS }, (_, i) => `SP${i},S${i},payment,${SWING_AMOUNT},${iso(swingDay(i) + 1)},bank`);
  return `movement_id,receivable_id,type,amount,effective_on,reference\n${rows.join('\n')}\n`;
}

/** From an accepted close to the message at a Slack-like receiver. */
async function benchAlerts(arrears, maker) {
  const waiting = new Map();
  const slack = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', () => {
      const at = now();
      for (const [asOf, resolve] of waiting) {
        if (!body.includes(asOf)) continue;
        waiting.delete(asOf);
        resolve(at);
      }
      response.end('ok');
    });
  });
  await new Promise((resolve) => slack.listen(0, '127.0.0.1', resolve));
  try {
    const channel = await arrears.admin('POST', '/v1/channels', {
      type: 'slack',
      name: 'bench',
      webhookUrl: `http://127.0.0.1:${slack.address().port}/hook`,
    });
    await maker('POST', '/v1/alert-rules', benchRule(channel.id));
    await importCsv(maker, 'receivables', [swingReceivables()]);
    await importCsv(maker, 'movements', [swingPayments()]);
    const closeOn = (asOf) => maker('POST', '/v1/closes', { asOf });
    const completed = async (asOf) => {
      while ((await maker('GET', `/v1/closes/${asOf}`)).status !== 'completed') await sleep(10);
    };
    const times = [];
    const timed = async (asOf) => {
      const message = new Promise((resolve) => waiting.set(asOf, resolve));
      const begun = now();
      await closeOn(asOf);
      const at = await Promise.race([message, sleep(5_000).then(() => undefined)]);
      if (at !== undefined) times.push(at - begun);
      await completed(asOf);
    };
    await closeOn(iso(swingDay(0) - 5));
    await completed(iso(swingDay(0) - 5));
    for (let i = 0; i < ALERT_ROUNDS; i++) {
      await timed(iso(swingDay(i))); // a huge young receivable pulls coverage down: fires
      await closeOn(iso(swingDay(i) + 2)); // it is paid: coverage moves back
      await completed(iso(swingDay(i) + 2));
      await timed(iso(swingDay(i) + 3)); // nothing moves: resolves
    }
    if (times.length === 0) report.add('close accepted to alert at the channel', 'no alert fired', '', 'p99 <= 500 ms');
    else
      report.add(
        `close accepted to alert at the channel, ${times.length} alerts`,
        `p50 ${ms(percentile(times, 50))}, p99 ${ms(percentile(times, 99))}`,
        '',
        'p99 <= 500 ms on PostgreSQL queues',
      );
  } finally {
    slack.close();
  }
}

const benchRule = (channelId) => ({
  name: 'coverage moved',
  severity: 'warning',
  channels: [channelId],
  definition: { type: 'coverage-shift', base: 'previous-close', enter: '0.02' },
});

async function benchAppends(server) {
  const databaseUrl = await server.createDatabase('bench_append');
  const { Database, EventStore, migrate, migrations, registerEventTypes } = require('../../dist/libs/event-store/src/index.js');
  await migrate(databaseUrl, [migrations]);
  const catalogue = [{ code: 1, type: 'BenchHappened', schemaVersion: 1 }];
  await registerEventTypes(databaseUrl, catalogue);
  const database = new Database({ connectionString: databaseUrl, role: 'arrears_api', applicationName: 'bench', poolSize: 10 });
  const store = new EventStore(database, catalogue);
  const context = { tenantId: 1, principalId: randomUUID(), correlationId: randomUUID() };
  const data = { reference: 'bank 4711', amount: '123450', currency: 'CNY' };
  const deadline = now() + APPEND_SECONDS * 1_000;
  let appended = 0;
  await Promise.all(
    Array.from({ length: APPEND_CLIENTS }, async (_, client) => {
      for (let i = 0; now() < deadline; i++) {
        await store.appendSingle(context, {
          category: 'bench',
          key: `${client}-${i}`,
          expectedVersion: 0,
          events: [{ type: 'BenchHappened', effectiveOn: '2026-01-31', data }],
        });
        appended += 1;
      }
    }),
  );
  await database.close();
  const bare = await bareInserts(databaseUrl, APPEND_CLIENTS, APPEND_SECONDS, data);
  const rate = appended / APPEND_SECONDS;
  report.add(
    `log append, one event, ${APPEND_CLIENTS} clients`,
    `${Math.round(rate).toLocaleString('en')}/s, ${(rate / bare).toFixed(2)} x`,
    `bare one-row INSERT ${Math.round(bare).toLocaleString('en')}/s`,
    '>= 1.0 x',
  );
}

/** A durable PostgreSQL of its own, gone afterwards. */
async function startServer() {
  const { EmbeddedPostgresql, prepareDataFolder } = require('../../dist/libs/platform/src/index.js');
  const { Client } = require('pg');
  const folder = mkdtempSync(join(tmpdir(), 'arrears-bench-pg-'));
  chmodSync(folder, 0o755);
  const quiet = () => undefined;
  const server = await EmbeddedPostgresql.start({
    dataFolder: prepareDataFolder({ folder: join(folder, 'data'), isDefault: false, forServer: true }, quiet),
    password: null,
    durable: true,
    notice: quiet,
  });
  return {
    async createDatabase(name) {
      const client = new Client({ connectionString: server.connectionString });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      const url = new URL(server.connectionString);
      url.pathname = `/${name}`;
      return url.toString();
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const server = await startServer();
try {
  await benchAppends(server);
  for (const size of SIZES) await benchBook(server, size);
  report.print();
} finally {
  await server.stop();
}
