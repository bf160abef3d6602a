import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  ftruncateSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { StartFailure } from '../start/start-failure';
import { type PostgresqlBinaries, prepareBinaries } from './binaries';
import { assertServerVersion, claimDataFolder, releaseDataFolder } from './data-folder';
import { commandLine, isRunning, processesIn, waitUntilGone } from './processes';
import { chooseServerUser, type ServerUser } from './server-user';

export interface EmbeddedPostgresqlOptions {
  /** A folder returned by `prepareDataFolder`. */
  readonly dataFolder: string;
  /** Password of the owner; null trusts every local connection and is for tests. */
  readonly password: string | null;
  /** False switches fsync off, for tests. */
  readonly durable: boolean;
  readonly notice: (line: string) => void;
}

const OWNER = 'arrears';
const DATABASE = 'arrears';
const START_TIMEOUT_MS = 60_000;
const RETRY_DELAY_MS = 250;
const FAST_STOP_MS = 7_000;
const LOG_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Holds the server's life to ours: ends when the server ends, and asks the server for a fast shutdown when its standard input
 * closes, which also happens when this process is killed.
 */
const GUARDIAN = `exec 3<&0
"$@" </dev/null 3<&- & server=$!
( read -r _ <&3; kill -INT $server 2>/dev/null ) & watcher=$!
exec 3<&-
wait $server; code=$?
kill $watcher 2>/dev/null
exit $code`;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '32MB',
  maintenance_work_mem: '256MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  random_page_cost: '1.1',
  // Readings take milliseconds; compiling their plans would take longer than running them.
  jit: 'off',
  // A backend left by a killed server notices within half a second, instead of blocking the next start for half a minute.
  client_connection_check_interval: '500',
  log_min_messages: 'warning',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('No port was given'));
        else resolve(address.port);
      });
    });
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A PostgreSQL server of our own on the loopback interface, whose files live in the data folder. */
export class EmbeddedPostgresql {
  private stopping = false;

  private constructor(
    private readonly guardian: ChildProcess,
    private readonly dataFolder: string,
    private readonly serverFolder: string,
    /** Connection of the owner to the database of the book. */
    readonly connectionString: string,
  ) {}

  /** Calls `listener` when the server ends although nobody asked it to. */
  onUnexpectedExit(listener: (code: number | null) => void): void {
    this.guardian.once('exit', (code) => {
      if (!this.stopping) listener(code);
    });
  }

  /**
   * Starts the server, making its files at the first start.
   * @throws StartFailure when the folder is in use, of another version, or the server does not start within 60 s.
   */
  static async start(options: EmbeddedPostgresqlOptions): Promise<EmbeddedPostgresql> {
    const user = chooseServerUser();
    const binaries = prepareBinaries(user, options.notice);
    const serverFolder = join(options.dataFolder, 'postgresql');
    claimDataFolder(options.dataFolder);
    try {
      if (!assertServerVersion(serverFolder, binaries.majorVersion)) await initialise(binaries, serverFolder, user, options.password);
      await stopOrphans(serverFolder);
      return await launch(binaries, serverFolder, user, options);
    } catch (error) {
      releaseDataFolder(options.dataFolder);
      throw error;
    }
  }

  static launched(guardian: ChildProcess, dataFolder: string, serverFolder: string, connectionString: string): EmbeddedPostgresql {
    return new EmbeddedPostgresql(guardian, dataFolder, serverFolder, connectionString);
  }

  /** Fast shutdown; after 7 s an immediate one, which loses nothing and only costs a recovery at the next start. */
  async stop(): Promise<void> {
    this.stopping = true;
    const ended = new Promise<void>((resolve) => {
      if (this.guardian.exitCode !== null || this.guardian.signalCode !== null) resolve();
      else
        this.guardian.once('exit', () => {
          resolve();
        });
    });
    this.guardian.stdin?.end();
    const pid = postmasterPid(this.serverFolder);
    if (platform() === 'win32') this.guardian.kill();
    const timer = setTimeout(() => {
      if (pid !== null && isRunning(pid)) process.kill(pid, 'SIGQUIT');
    }, FAST_STOP_MS);
    await ended;
    clearTimeout(timer);
    releaseDataFolder(this.dataFolder);
  }
}

async function initialise(
  binaries: PostgresqlBinaries,
  serverFolder: string,
  user: ServerUser | null,
  password: string | null,
): Promise<void> {
  // Made aside and renamed: a server folder that exists is a whole one.
  const fresh = `${serverFolder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const passwordFile = join(tmpdir(), `arrears-${String(process.pid)}.pw`);
  const authentication = password === null ? ['--auth=trust'] : ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    await promisify(execFile)('mkdir', ['-m', '700', fresh]);
    if (user !== null) chownSync(fresh, user.uid, user.gid);
    if (password !== null) {
      writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
      if (user !== null) chownSync(passwordFile, user.uid, user.gid);
    }
    await promisify(execFile)(
      binaries.initdb,
      [
        '-D',
        fresh,
        '-U',
        OWNER,
        '--encoding=UTF8',
        '--locale=C',
        '--data-checksums',
        '--no-instructions',
        ...(password === null ? ['--no-sync'] : []),
        ...authentication,
      ],
      { cwd: fresh, env: serverEnvironment(), ...(user === null ? {} : { uid: user.uid, gid: user.gid }) },
    );
    renameSync(fresh, serverFolder);
  } catch (error) {
    const detail = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? (error as Error).message;
    throw new StartFailure(`PostgreSQL could not make its files in ${serverFolder}: ${detail}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };
}

function postmasterPid(serverFolder: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(serverFolder, 'postmaster.pid'), 'utf8'), 10);
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

/**
 * Our claim on the folder proves that the former owner is dead, so a server that still runs on it has lost its parent. When the
 * server was killed too, single backends may live on in the middle of a statement and would keep its shared memory.
 */
async function stopOrphans(serverFolder: string): Promise<void> {
  const pid = postmasterPid(serverFolder);
  if (pid !== null && isRunning(pid)) {
    if (commandLine(pid).includes(serverFolder)) await end(pid, ['SIGINT', 'SIGQUIT', 'SIGKILL'], 8_000);
    // The number has been given to another process since; PostgreSQL would take that one for itself.
    else rmSync(join(serverFolder, 'postmaster.pid'), { force: true });
  }
  for (const backend of processesIn(serverFolder)) {
    if (commandLine(backend).startsWith('postgres:')) await end(backend, ['SIGQUIT', 'SIGKILL'], 1_000);
  }
}

async function end(pid: number, signals: readonly NodeJS.Signals[], patienceMs: number): Promise<void> {
  for (const signal of signals) {
    if (!isRunning(pid)) return;
    process.kill(pid, signal);
    if (await waitUntilGone(pid, patienceMs)) return;
  }
}

async function launch(
  binaries: PostgresqlBinaries,
  serverFolder: string,
  user: ServerUser | null,
  options: EmbeddedPostgresqlOptions,
): Promise<EmbeddedPostgresql> {
  const logFile = join(options.dataFolder, 'postgresql.log');
  const until = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const port = await freePort();
    const log = openSync(logFile, 'a+', 0o600);
    if (fstatSync(log).size > LOG_BYTES_MAX) ftruncateSync(log);
    const logStart = fstatSync(log).size;
    const durability = options.durable
      ? { fsync: 'on', synchronous_commit: 'on' }
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
    const settings = Object.entries({ ...SETTINGS, ...durability, port: String(port) }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const command = [binaries.postgres, '-D', serverFolder, ...settings];
    const [program, ...programArguments] = platform() === 'win32' ? command : ['/bin/sh', '-c', GUARDIAN, 'arrears-postgresql', ...command];
    const guardian = spawn(program ?? '', programArguments, {
      cwd: serverFolder,
      env: serverEnvironment(),
      stdio: ['pipe', log, log],
      // A session of its own: Ctrl-C and signals to our group reach us alone, and we stop the server last.
      detached: true,
      ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
    });
    closeSync(log);
    guardian.stdin?.on('error', () => undefined);
    const outcome = await waitForServer(guardian, port, options.password, until);
    if (outcome === 'ready') {
      claimDataFolder(options.dataFolder, port);
      const credentials = options.password === null ? OWNER : `${OWNER}:${encodeURIComponent(options.password)}`;
      return EmbeddedPostgresql.launched(
        guardian,
        options.dataFolder,
        serverFolder,
        `postgres://${credentials}@127.0.0.1:${String(port)}/${DATABASE}`,
      );
    }
    const reason = tail(logFile, logStart);
    if (outcome === 'ended' && Date.now() < until && /shared memory block|lock file|Address already in use|could not bind/i.test(reason)) {
      // The remains of a killed server go away by themselves.
      await pause(RETRY_DELAY_MS);
      continue;
    }
    guardian.stdin?.end();
    throw new StartFailure(`PostgreSQL did not start (${reason === '' ? outcome : reason}); its log is ${logFile}.`);
  }
}

function tail(file: string, from: number): string {
  const bytes = Math.min(statSync(file).size - from, 8_192);
  if (bytes <= 0) return '';
  const buffer = Buffer.alloc(bytes);
  const handle = openSync(file, 'r');
  readSync(handle, buffer, 0, bytes, from);
  closeSync(handle);
  const lines = buffer.toString('utf8').trim().split('\n');
  return (lines.find((line) => line.includes('FATAL')) ?? lines.at(-1) ?? '').trim();
}

async function waitForServer(
  guardian: ChildProcess,
  port: number,
  password: string | null,
  until: number,
): Promise<'ready' | 'ended' | 'timeout'> {
  while (Date.now() < until) {
    if (guardian.exitCode !== null || guardian.signalCode !== null || guardian.pid === undefined) return 'ended';
    const client = new Client({
      host: '127.0.0.1',
      port,
      user: OWNER,
      database: 'postgres',
      connectionTimeoutMillis: 2_000,
      ...(password === null ? {} : { password }),
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
      if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
      await client.end();
      return 'ready';
    } catch (error) {
      await client.end().catch(() => undefined);
      if ((error as { code?: string }).code === '28P01')
        throw new StartFailure('The embedded PostgreSQL refuses our password: secrets.json does not belong to this data folder.');
      await pause(50);
    }
  }
  return 'timeout';
}
