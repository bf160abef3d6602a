import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const ROOT = join(__dirname, '../../..');
/** What npm start runs once it has seen that nothing is stale. */
const START = join(ROOT, 'dist/apps/standalone/src/main.js');
const ADMIN_KEY = 'the-administrator-key-of-this-test-0001';
const RESTART_MS_MAX = 60_000;
const STOP_MS_MAX = 10_000;

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly stdout: string;
}

describe('a start after a crash', () => {
  const folder = mkdtempSync(join(tmpdir(), 'arrears-kill-'));
  chmodSync(folder, 0o755);
  const alive = new Set<ChildProcess>();

  beforeAll(() => {
    execFileSync(process.execPath, [join(ROOT, '.ci/build.mjs'), '--if-stale']);
  }, 300_000);
  afterAll(() => {
    for (const child of alive) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  function start(timeoutMs: number, [command, ...args]: readonly [string, ...string[]] = [process.execPath, START]): Promise<Started> {
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: ROOT,
        env: { PATH: process.env['PATH'] ?? '', PORT: '0', ARREARS_DATA_DIR: folder, ARREARS_ADMIN_KEY: ADMIN_KEY },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      alive.add(child);
      let stdout = '';
      let stderr = '';
      const timer = setTimeout(() => {
        reject(new Error(`not ready in time: ${stderr}`));
      }, timeoutMs);
      child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
      child.stdout.on('data', (data: Buffer) => {
        stdout += data.toString();
        const url = /^arrears ready on (http:\/\/127\.0\.0\.1:\d+)$/m.exec(stdout)?.[1];
        if (url === undefined) return;
        clearTimeout(timer);
        resolve({ child, url, stdout });
      });
      child.on('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`ended with ${String(code)}: ${stderr}`));
      });
    });
  }
  const ended = (child: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => {
      child.once('exit', (code) => {
        alive.delete(child);
        resolve(code);
      });
    });
  const callWithKey = async (url: string, method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };

  it('keeps every command it had answered, and stops cleanly when asked', async () => {
    const first = await start(180_000);
    expect(first.stdout).not.toContain(ADMIN_KEY);
    const made = await callWithKey(first.url, 'POST', '/v1/principals', { name: 'Ada', roles: ['viewer'] });
    expect(made.status).toBe(201);
    const killed = ended(first.child);
    process.kill(-(first.child.pid ?? 0), 'SIGKILL');
    await killed;

    const second = await start(RESTART_MS_MAX);
    expect((await fetch(`${second.url}/health/ready`)).status).toBe(200);
    const list = await callWithKey(second.url, 'GET', '/v1/principals');
    expect(JSON.stringify(list.body)).toContain((made.body as { id: string }).id);

    const from = Date.now();
    const stopped = ended(second.child);
    second.child.kill('SIGTERM');
    expect(await stopped).toBe(0);
    expect(Date.now() - from).toBeLessThan(STOP_MS_MAX);
  }, 300_000);

  it('stops when npm alone is told to, or it keeps port and data folder from the next start', async () => {
    const { child, url } = await start(RESTART_MS_MAX, ['npm', 'start', '--silent']);
    const from = Date.now();
    child.kill('SIGTERM');
    const answers = (): Promise<boolean> =>
      fetch(`${url}/health/live`).then(
        () => true,
        () => false,
      );
    while ((await answers()) && Date.now() - from < STOP_MS_MAX) await pause(200);
    expect(await answers()).toBe(false);
  }, 120_000);
});
