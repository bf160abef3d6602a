import { randomUUID } from 'node:crypto';
import { ADMIN_KEY, startTestApi, type TestApi } from '../test-api.fixture';

interface News {
  readonly id: string;
  readonly data: { readonly position: number; readonly news: readonly { type: string; category: string; count: number; keys: string[] }[] };
}

/** A client of the stream: what it heard, and how to leave. */
class Listener {
  readonly heard: News[] = [];
  readonly #leaving = new AbortController();

  private constructor(readonly status: number) {}

  static async on(api: TestApi, path: string, headers: Record<string, string> = {}): Promise<Listener> {
    const leaving = new AbortController();
    const response = await fetch(`${api.baseUrl}${path}`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}`, ...headers },
      signal: leaving.signal,
    });
    const listener = new Listener(response.status);
    listener.#leaving.signal.addEventListener('abort', () => {
      leaving.abort();
    });
    if (response.ok) void listener.#read(response).catch(() => undefined);
    return listener;
  }

  leave(): void {
    this.#leaving.abort();
  }

  types(): string[] {
    return this.heard.flatMap(({ data }) => data.news.map(({ type }) => type));
  }

  async #read(response: Response): Promise<void> {
    let text = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString('utf8');
      const messages = text.split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) {
        const [, id] = /^id: (.*)$/m.exec(message) ?? [];
        const [, data] = /^data: (.*)$/m.exec(message) ?? [];
        if (id !== undefined && data !== undefined) this.heard.push({ id, data: JSON.parse(data) as News['data'] });
      }
    }
  }
}

describe('the stream of news', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.stop());

  const definePrincipal = async (): Promise<void> => {
    const { status } = await api.call('POST', '/v1/principals', { body: { name: randomUUID(), roles: ['viewer'] } });
    expect(status).toBe(201);
  };
  const until = async (what: () => boolean): Promise<void> => {
    for (let waited = 0; !what(); waited += 20) {
      if (waited > 10_000) throw new Error('It did not happen.');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('tells what has happened since, or a page left open would show yesterday’s alerts', async () => {
    const listener = await Listener.on(api, '/v1/stream');
    await definePrincipal();
    await until(() => listener.types().includes('PrincipalRegistered'));
    const [first] = listener.heard;
    expect(first?.data.news[0]).toEqual({ category: 'principal', type: 'PrincipalRegistered', count: 1, keys: [expect.any(String)] });
    expect(first?.id).toBe(String(first?.data.position));
    listener.leave();
  });

  it('goes on where a client was cut off, or what happened meanwhile would never be shown', async () => {
    const listener = await Listener.on(api, '/v1/stream');
    await definePrincipal();
    await until(() => listener.heard.length > 0);
    listener.leave();
    await definePrincipal();
    await definePrincipal();
    const again = await Listener.on(api, '/v1/stream', { 'last-event-id': listener.heard.at(-1)?.id ?? '' });
    const count = (): number => again.heard.flatMap(({ data }) => data.news).reduce((sum, news) => sum + news.count, 0);
    await until(() => count() >= 2);
    expect(count()).toBe(2);
    again.leave();
  });

  it('keeps who has which keys from those who may not see it', async () => {
    const { body } = await api.call('POST', '/v1/principals', { body: { name: 'Viewer', roles: ['viewer'] } });
    const issued = await api.call('POST', `/v1/principals/${String(body['id'])}/keys`);
    const asViewer = { authorization: `Bearer ${String(issued.body['key'])}` };
    const viewer = await Listener.on(api, '/v1/stream?after=0', asViewer);
    const admin = await Listener.on(api, '/v1/stream?after=0');
    await until(() => admin.types().includes('PrincipalRegistered'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(viewer.types()).toEqual([]);
    const refused = await Listener.on(api, '/v1/stream?types=PrincipalRegistered', asViewer);
    expect(refused.status).toBe(422);
    viewer.leave();
    admin.leave();
  });

  it.each([
    ['/v1/stream?types=NoSuchThing', {}, 'event-type-unknown'],
    ['/v1/stream', { 'last-event-id': 'yesterday' }, 'position-invalid'],
    ['/v1/stream?since=1', {}, 'validation-failed'],
  ])('refuses %s %j as %s before the stream begins', async (path, headers, code) => {
    const { status, body } = await api.call('GET', path, { headers });
    expect([status, body['code']]).toEqual([422, code]);
  });
});
