import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 15_000;

export interface RunningArrears {
  readonly baseUrl: string;
  readonly adminKey: string;
  stop(): Promise<void>;
}

/** Starts the standalone process on a free port with a data folder of its own, which goes when it stops. */
export async function startArrears(main: string): Promise<RunningArrears> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'arrears-demo-'));
  const adminKey = randomBytes(24).toString('hex');
  // Whatever server this shell points to, the demo must not fill it.
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name !== 'REDIS_URL' && !name.endsWith('DATABASE_URL')),
  );
  const port = String(await freePort());
  const child = spawn(process.execPath, [main], {
    env: { ...inherited, PORT: port, ARREARS_DATA_DIR: dataDirectory, ARREARS_ADMIN_KEY: adminKey },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await exited;
      clearTimeout(timer);
    }
    rmSync(dataDirectory, { recursive: true, force: true });
  };
  const ready = new Promise<string>((resolve, reject) => {
    const remember = (line: string): void => {
      lines.push(line);
      const announced = /arrears ready on (http:\S+)/.exec(line);
      if (announced?.[1] !== undefined) resolve(announced[1]);
    };
    createInterface({ input: child.stdout }).on('line', remember);
    createInterface({ input: child.stderr }).on('line', remember);
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`Arrears stopped with code ${String(code)}:\n${lines.slice(-20).join('\n')}`));
    });
    setTimeout(() => {
      reject(new Error(`Arrears was not ready in time:\n${lines.slice(-20).join('\n')}`));
    }, START_LIMIT_MS).unref();
  });
  try {
    return { baseUrl: await ready, adminKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no free port'));
        else resolve(address.port);
      });
    });
  });
}
