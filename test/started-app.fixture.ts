import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '@app/platform';
import { createTestDatabase } from '@app/testing';
import { startStandalone } from '../apps/standalone/src/standalone';

export const ADMIN_KEY = 'the-administrator-key-of-the-provisioning-journey';
const POLL_MS = 25;

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** undefined when the answer is no JSON. */
  readonly json: unknown;
}
export type Caller = (method: string, path: string, body?: string | object) => Promise<Answer>;

export interface StartedApp {
  readonly baseUrl: string;
  readonly admin: Caller;
  /** Registers a principal with these roles and calls with a key of its own. */
  principal(name: string, roles: readonly string[]): Promise<Caller>;
  /** Sends a file and waits until it is in the book; a refused row fails. */
  importCsv(api: Caller, kind: string, csv: string): Promise<void>;
  /** Stops it and starts it again on the same database and port; what is given is done while nothing runs. */
  restart(meanwhile?: (ownerUrl: string) => Promise<unknown>): Promise<void>;
  stop(): Promise<void>;
}

/** Everything in one process on a database of its own, as `npm start` runs it. */
export async function startApp(options: { readonly clock?: Clock } = {}): Promise<StartedApp> {
  const testDatabase = await createTestDatabase({ migrated: false });
  const dataFolder = mkdtempSync(join(tmpdir(), 'arrears-journey-'));
  const port = await freePort();
  Object.assign(process.env, {
    DATABASE_URL: testDatabase.ownerUrl,
    PORT: String(port),
    ARREARS_ADMIN_KEY: ADMIN_KEY,
    ARREARS_DATA_DIR: dataFolder,
    ARREARS_LOG_LEVEL: 'fatal',
  });
  let running = await startStandalone(options);
  const baseUrl = `http://127.0.0.1:${String(port)}`;
  const as = (key: string): Caller => callWith(baseUrl, key);
  const admin = as(ADMIN_KEY);
  return {
    baseUrl,
    admin,
    principal: async (name, roles) => {
      const { id } = await ok<{ id: string }>(admin('POST', '/v1/principals', { name, roles }));
      const { key } = await ok<{ key: string }>(admin('POST', `/v1/principals/${id}/keys`, {}));
      return as(key);
    },
    importCsv: async (api, kind, csv) => {
      const { id } = await ok<{ id: string }>(api('POST', `/v1/imports/${kind}`, csv));
      const done = await finished<{ status: string; rejected: number }>(api, `/v1/imports/${id}`);
      if (done.status !== 'completed' || done.rejected > 0) throw new Error(`the ${kind} were not taken: ${JSON.stringify(done)}`);
    },
    restart: async (meanwhile) => {
      await running.stop();
      await meanwhile?.(testDatabase.ownerUrl);
      running = await startStandalone(options);
    },
    stop: async () => {
      await running.stop();
      await testDatabase.drop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** The body of an answer that has to be a success. */
export async function ok<Body>(answer: Promise<Answer>): Promise<Body> {
  const { status, json, text } = await answer;
  if (status >= 300) throw new Error(`${String(status)} ${text}`);
  return json as Body;
}

/** Polls until the work behind a 202 has come to an end. */
export async function finished<Body extends { readonly status: string }>(api: Caller, path: string): Promise<Body> {
  for (;;) {
    const body = await ok<Body>(api('GET', path));
    if (body.status !== 'queued' && body.status !== 'running') return body;
    await pause(POLL_MS);
  }
}

function callWith(baseUrl: string, key: string): Caller {
  return async (method, path, body) => {
    const isCsv = typeof body === 'string';
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': isCsv ? 'text/csv' : 'application/json' }),
      },
      ...(body !== undefined && { body: isCsv ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, text, json: isJson ? (JSON.parse(text) as unknown) : undefined };
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
