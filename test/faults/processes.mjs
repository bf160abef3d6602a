// Real processes of a book: api, worker, PostgreSQL, Redis.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const require = createRequire(import.meta.url);
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const DIST = join(ROOT, 'dist');
const HOOK = join(ROOT, 'test/faults/fault-hook.cjs');
const ADMIN_KEY = `faults_${randomBytes(24).toString('hex')}`;
const MASTER_KEY = randomBytes(32).toString('hex');

export const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};

/** Numbers between 0 and 1 that a seed always gives in the same order (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** The server of ARREARS_TEST_POSTGRES_URL, or one of our own from the npm binaries. */
export async function startPostgresql() {
  const given = process.env.ARREARS_TEST_POSTGRES_URL;
  if (given !== undefined) return { url: given, stop: async () => undefined };
  const { EmbeddedPostgresql } = require(join(DIST, 'libs/platform/src'));
  const folder = mkdtempSync(join(tmpdir(), 'arrears-faults-'));
  // The server runs as a user of its own when this is root.
  chmodSync(folder, 0o755);
  const server = await EmbeddedPostgresql.start({ dataFolder: folder, password: 'faults', durable: true, notice: () => undefined });
  return {
    url: server.connectionString,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A Redis of our own on a free port: FLUSHALL empties nobody else's. Null where there is no binary. */
export async function startRedis() {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
  } catch {
    return null;
  }
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  const { Redis } = require('ioredis');
  const client = new Redis(port, '127.0.0.1');
  client.on('error', () => undefined);
  await client.ping();
  return {
    url: `redis://127.0.0.1:${port}`,
    flushAll: () => client.flushall(),
    stop: async () => {
      client.disconnect();
      child.kill('SIGTERM');
    },
  };
}

/** A database of its own with an api in front and workers that can be killed. */
export class Book {
  #children = new Set();
  #api = null;

  constructor(serverUrl, name, redisUrl) {
    this.name = name;
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    this.serverUrl = serverUrl;
    this.url = url.href;
    this.redisUrl = redisUrl;
  }

  static async create(serverUrl, redisUrl) {
    const book = new Book(serverUrl, `faults_${randomUUID().slice(0, 8)}`, redisUrl);
    await book.onServer(`CREATE DATABASE ${book.name}`);
    book.db = new pg.Pool({ connectionString: book.url, max: 3 });
    book.db.on('error', () => undefined);
    book.port = await freePort();
    await book.startApi();
    return book;
  }

  async onServer(sql) {
    const client = new pg.Client({ connectionString: this.serverUrl });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  }

  async rows(sql, params) {
    return (await this.db.query(sql, params)).rows;
  }

  #spawn(app, fault, environment = {}) {
    const env = {
      ...process.env,
      DATABASE_URL: this.url,
      PORT: String(this.port),
      REDIS_URL: this.redisUrl ?? '',
      ARREARS_ADMIN_KEY: ADMIN_KEY,
      ARREARS_MASTER_KEY: MASTER_KEY,
      ARREARS_ALLOW_PRIVATE_WEBHOOKS: 'loopback',
      ARREARS_QUEUE_PREFIX: this.name,
      LOG_LEVEL: 'fatal',
      FAULT_DIST: DIST,
      ...environment,
      ...(fault?.point !== undefined && { FAULT_POINT: fault.point }),
      ...(fault?.except !== undefined && { FAULT_EXCEPT: fault.except.join(',') }),
    };
    const child = spawn(process.execPath, ['--require', HOOK, join(DIST, `apps/${app}/src/main.js`)], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    const note = (data) => (log = (log + String(data)).slice(-4_000));
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    this.#children.add(child);
    const exited = new Promise((resolve) => child.once('exit', (code, signal) => (this.#children.delete(child), resolve(signal ?? code))));
    return { child, exited, log: () => log };
  }

  async startApi(fault) {
    this.#api = this.#spawn('api', fault);
    for (let i = 0; ; i++) {
      const ready = await fetch(`http://127.0.0.1:${this.port}/health/live`).then(
        (answer) => answer.ok,
        () => false,
      );
      if (ready) return this.#api;
      if (i > 600 || this.#api.child.exitCode !== null) throw new Error(`The api did not start:\n${this.#api.log()}`);
      await sleep(50);
    }
  }

  async stopApi() {
    this.#api.child.kill('SIGTERM');
    await this.#api.exited;
  }

  /** A worker that dies at the point of the fault, if it has one. `leaseSeconds` shortens what a dead worker's jobs wait for. */
  startWorker(fault, leaseSeconds = 3) {
    return this.#spawn('worker', fault, { FAULT_LEASE_SECONDS: String(leaseSeconds) });
  }

  async call(method, path, body, headers = {}) {
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  async drop() {
    for (const child of [...this.#children]) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    await this.db.end();
    await this.onServer(`DROP DATABASE ${this.name} WITH (FORCE)`);
  }
}
