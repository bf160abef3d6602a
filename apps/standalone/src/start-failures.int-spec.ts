import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
/** What npm start runs once it has seen that nothing is stale. */
const START = join(ROOT, 'dist/apps/standalone/src/main.js');
const START_FAILURE_MS_MAX = 15_000;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** Starts as a user would; kills it when it does not end by itself. */
function start(environment: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    const from = Date.now();
    const child = spawn(process.execPath, [START], {
      env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (data: Buffer) => (output[name] += data.toString()));
    const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ ...output, code, ms: Date.now() - from });
    });
  });
}

describe('a start that cannot succeed', () => {
  let folder: string;
  let busy: Server;
  let busyPort: number;

  beforeAll(async () => {
    execFileSync(process.execPath, [join(ROOT, '.ci/build.mjs'), '--if-stale']);
    folder = mkdtempSync(join(tmpdir(), 'arrears-failures-'));
    chmodSync(folder, 0o755);
    busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    busyPort = (busy.address() as { port: number }).port;
    mkdirSync(join(folder, 'older', 'postgresql'), { recursive: true });
    writeFileSync(join(folder, 'older', 'postgresql', 'PG_VERSION'), '12\n');
    writeFileSync(join(folder, 'file'), '');
  }, 300_000);
  afterAll(() => {
    busy.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each<[string, () => Record<string, string>, RegExp]>([
    ['PostgreSQL does not answer', () => ({ DATABASE_URL: 'postgres://user:hunter2@127.0.0.1:1/book' }), /PostgreSQL at 127\.0\.0\.1:1/],
    ['Redis does not answer', () => ({ REDIS_URL: 'redis://:hunter2@127.0.0.1:1' }), /Redis at 127\.0\.0\.1:1/],
    ['the port is taken', () => ({ PORT: String(busyPort) }), /Port \d+ on 127\.0\.0\.1/],
    ['the data folder is of another PostgreSQL', () => ({ ARREARS_DATA_DIR: join(folder, 'older') }), /made by PostgreSQL 12/],
    ['the data folder cannot be made', () => ({ ARREARS_DATA_DIR: join(folder, 'file', 'data') }), /cannot be made/],
    ['the administrator key is too short', () => ({ ARREARS_ADMIN_KEY: 'hunter2' }), /ARREARS_ADMIN_KEY/],
  ])(
    'says in one line that %s, and ends with code 1 before anybody gives up waiting',
    async (_, environment, expected) => {
      const ended = await start({ PORT: '0', ARREARS_DATA_DIR: join(folder, 'data'), ...environment() });
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toMatch(expected);
      expect(ended.stderr.trim().split('\n')).toHaveLength(1);
      expect(ended.stderr).not.toContain('hunter2');
      expect(ended.ms).toBeLessThan(START_FAILURE_MS_MAX);
    },
    70_000,
  );
});
