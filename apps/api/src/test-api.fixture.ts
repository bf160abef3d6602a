import { tmpdir } from 'node:os';
import { type INestApplication, Module, type Type } from '@nestjs/common';
import { bookEvents } from '@app/book';
import { registerEventTypes } from '@app/event-store';
import { type Clock, Logger, migrateQueue, openResources, readConfiguration, type PlatformResources } from '@app/platform';
import { createTestDatabase } from '@app/testing';
import { createApi } from './create-api';

export const ADMIN_KEY = 'the-administrator-key-of-the-tests-0001';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed JSON body; empty for anything else. */
  readonly body: Record<string, unknown>;
}

export interface CallOptions {
  /** Default: the administrator's key; null = none. */
  readonly key?: string | null;
  /** Sent as JSON; a string or bytes are sent as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestApi {
  readonly app: INestApplication;
  readonly resources: PlatformResources;
  readonly generatedAdminKey: string | null;
  readonly ownerUrl: string;
  readonly baseUrl: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Closes the application and leaves the database: `startTestApi({ on: api })` starts it again. */
  close(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestApiOptions {
  readonly controllers?: readonly Type[];
  readonly adminKey?: string | null;
  /** Start on the database of an earlier one. */
  readonly on?: Pick<TestApi, 'ownerUrl'>;
  readonly clock?: Clock;
}

/** The HTTP application alone (no worker) on a fresh database and a free port. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const { controllers = [], adminKey = ADMIN_KEY } = options;
  const fresh = options.on === undefined ? await createTestDatabase() : undefined;
  const ownerUrl = options.on?.ownerUrl ?? fresh?.ownerUrl ?? '';
  if (fresh !== undefined) {
    await registerEventTypes(ownerUrl, bookEvents);
    await migrateQueue(ownerUrl);
  }
  const configuration = readConfiguration({
    LOG_LEVEL: 'silent',
    ARREARS_DATA_DIR: tmpdir(),
    ...(adminKey !== null && { ARREARS_ADMIN_KEY: adminKey }),
  });
  const resources = await openResources('api', {
    configuration,
    databaseUrl: ownerUrl,
    masterKey: Buffer.alloc(32, 7),
    catalogue: bookEvents,
    logger: new Logger('silent'),
    ...(options.clock !== undefined && { clock: options.clock }),
  });
  @Module({ controllers: [...controllers] })
  class TestControllersModule {}
  const { app, generatedAdminKey } = await createApi(resources, { modules: [TestControllersModule] }).catch(async (error: unknown) => {
    await resources.close();
    throw error;
  });
  await app.listen(0, '127.0.0.1');
  const baseUrl = await app.getUrl();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= app.close().then(() => resources.close()));
  return {
    app,
    resources,
    generatedAdminKey,
    ownerUrl,
    baseUrl,
    call: (method, path, call = {}) => callApi(baseUrl, method, path, { key: adminKey, ...call }),
    close,
    stop: async () => {
      await close();
      await fresh?.drop();
    },
  };
}

async function callApi(baseUrl: string, method: string, path: string, { key, body, headers }: CallOptions): Promise<Answer> {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: {
      ...(typeof key === 'string' && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && !raw && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: raw ? Buffer.from(body) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : {};
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: typeof parsed === 'object' && parsed !== null ? { ...parsed } : {},
  };
}
