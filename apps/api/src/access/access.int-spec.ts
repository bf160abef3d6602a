import { AUTHENTICATION_CACHE_MS, ROLES, TenantStarter } from '@app/access';
import { Database } from '@app/event-store';
import { ADMIN_KEY, startTestApi, type TestApi } from '../test-api.fixture';

const OTHER_TENANT = 2;
const OTHER_KEY = 'the-administrator-key-of-the-other-one';

describe('tenants, principals and keys', () => {
  let api: TestApi;
  let owner: Database;
  beforeAll(async () => {
    api = await startTestApi();
    owner = new Database({ connectionString: api.ownerUrl, applicationName: 'test', poolSize: 1 });
    await api.app.get(TenantStarter, { strict: false }).start({ tenantId: OTHER_TENANT, name: 'other', adminKey: OTHER_KEY });
  });
  afterAll(async () => {
    await owner.close();
    await api.stop();
  });

  const register = async (name: string, roles: string[], key?: string): Promise<string> =>
    String((await api.call('POST', '/v1/principals', { body: { name, roles }, ...(key !== undefined && { key }) })).body['id']);
  const issue = async (principalId: string, body?: object): Promise<{ id: string; key: string }> => {
    const issued = await api.call('POST', `/v1/principals/${principalId}/keys`, body === undefined ? {} : { body });
    expect(issued.status).toBe(201);
    return { id: String(issued.body['id']), key: String(issued.body['key']) };
  };
  const statusWith = async (key: string): Promise<number> => (await api.call('GET', '/v1/me', { key })).status;

  it('a key is shown once and is nowhere to be found afterwards', async () => {
    const id = await register('Ann', ['viewer']);
    const { key } = await issue(id);
    expect(key).toMatch(/^ark_[\w-]{49}$/);
    expect(await statusWith(key)).toBe(200);
    const [dump] = await owner.statement<{ text: string }>(
      `SELECT coalesce((SELECT string_agg(to_jsonb(k)::text, '') FROM ac.api_key k), '') || coalesce((SELECT string_agg(to_jsonb(i)::text, '') FROM ac.idempotency i), '')
              || coalesce((SELECT string_agg(to_jsonb(e)::text, '') FROM es.event e), '') AS text`,
    );
    expect(dump?.text).not.toContain(key);
    expect(dump?.text).not.toContain(key.slice(4, 24));
    expect((await api.call('GET', `/v1/principals/${id}`)).text).not.toContain(key.slice(4, 24));
  });

  it('the name of a principal is readable over the API and sealed in the log, so that it can be erased', async () => {
    const id = await register('Grace Hopper', ['viewer']);
    expect((await api.call('GET', `/v1/principals/${id}`)).body).toMatchObject({ id, name: 'Grace Hopper', roles: ['viewer'], keys: [] });
    const { text } = await api.call('GET', '/v1/events?limit=1000');
    expect(text).toContain(id);
    expect(text).not.toContain('Grace');
  });

  it('a revoked key is refused at once, and the others of the principal go on', async () => {
    const id = await register('Bob', ['viewer']);
    const [first, second] = [await issue(id), await issue(id)];
    expect([await statusWith(first.key), await statusWith(second.key)]).toEqual([200, 200]);
    expect((await api.call('DELETE', `/v1/principals/${id}/keys/${first.id}`)).status).toBe(204);
    expect([await statusWith(first.key), await statusWith(second.key)]).toEqual([401, 200]);
    expect((await api.call('DELETE', `/v1/principals/${id}/keys/${first.id}`)).status).toBe(204);
    expect((await api.call('DELETE', `/v1/principals/${id}/keys/${id}`)).body['code']).toBe('api-key-not-found');
  });

  it('a key ends when it was said to', async () => {
    const id = await register('Temp', ['viewer']);
    const past = await issue(id, { expiresAt: '2020-01-01T00:00:00Z' });
    const future = await issue(id, { expiresAt: '2099-01-01T00:00:00Z' });
    expect([await statusWith(past.key), await statusWith(future.key)]).toEqual([401, 200]);
  });

  it('a repeated request for a key gives no second key away', async () => {
    const id = await register('Eve', ['viewer']);
    const ask = () => api.call('POST', `/v1/principals/${id}/keys`, { headers: { 'idempotency-key': 'one-key' } });
    const first = await ask();
    const second = await ask();
    expect(second.body).toEqual({ id: first.body['id'], key: null });
    const { body } = await api.call('GET', `/v1/principals/${id}`);
    expect(body['keys']).toHaveLength(1);
  });

  it('when the answer with a key was lost in a crash, the key nobody received is withdrawn', async () => {
    const id = await register('Mallory', ['viewer']);
    const ask = () => api.call('POST', `/v1/principals/${id}/keys`, { headers: { 'idempotency-key': 'crash' } });
    const lost = await ask();
    await owner.statement(`UPDATE ac.idempotency SET answer = NULL, lease_until = now() WHERE key = 'crash'`);
    const received = await ask();
    api.app.get(TenantStarter, { strict: false });
    expect([await statusWith(String(lost.body['key'])), await statusWith(String(received.body['key']))]).toEqual([401, 200]);
    expect(received.body['id']).not.toBe(lost.body['id']);
  });

  it('principals are listed in pages that neither skip nor repeat while others are registered', async () => {
    const seen: unknown[] = [];
    let path = '/v1/principals?limit=2';
    for (let round = 0; path !== ''; round += 1) {
      const answer = await api.call('GET', path);
      seen.push(...(answer.body['items'] as { id: string }[]).map(({ id }) => id));
      if (round === 0) await register('Latecomer', ['viewer']);
      path = /<(.+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1] ?? '';
    }
    expect(new Set(seen).size).toBe(seen.length);
    const [counted] = await owner.statement<{ principals: bigint }>(
      `SELECT count(*) AS principals FROM es.stream WHERE category = 'principal' AND tenant_id = 1`,
    );
    expect(BigInt(seen.length)).toBe(counted?.principals);
  });

  it('what belongs to another tenant is answered like what does not exist', async () => {
    const mine = await register('Mine', ['viewer']);
    const { id: keyId } = await issue(mine);
    const asOther = (method: string, path: string) => api.call(method, path, { key: OTHER_KEY });
    const nothing = '6f1d0c1e-8a5b-4b0e-9a3c-2f74d1b7e650';
    const withoutIds = (text: string): string =>
      text
        .replaceAll(mine, '#')
        .replaceAll(nothing, '#')
        .replaceAll(/"requestId":"[^"]+"/g, '');
    for (const [method, path] of [
      ['GET', '/v1/principals/{id}'],
      ['POST', '/v1/principals/{id}/keys'],
      ['DELETE', `/v1/principals/{id}/keys/${keyId}`],
    ] as const) {
      const [foreign, absent] = [await asOther(method, path.replace('{id}', mine)), await asOther(method, path.replace('{id}', nothing))];
      expect([foreign.status, withoutIds(foreign.text)]).toEqual([404, withoutIds(absent.text)]);
    }
    const { body } = await asOther('GET', '/v1/principals');
    expect(JSON.stringify(body)).not.toContain(mine);
    expect((await asOther('GET', '/v1/events?limit=1000')).text).not.toContain(mine);
    expect((await asOther('GET', '/v1/me')).body).toMatchObject({ tenantId: OTHER_TENANT });
  });

  it('the settings of a tenant change under If-Match, or two administrators overwrite each other', async () => {
    const before = await api.call('GET', '/v1/tenant');
    const put = (presentationCurrency: string | null, etag?: string | null) =>
      api.call('PUT', '/v1/tenant', { body: { presentationCurrency }, ...(typeof etag === 'string' && { headers: { 'if-match': etag } }) });
    const first = await put('CNY', before.headers.get('etag'));
    expect([first.status, first.body['presentationCurrency']]).toEqual([200, 'CNY']);
    const stale = await put('EUR', before.headers.get('etag'));
    expect([stale.status, stale.body['code']]).toEqual([412, 'version-conflict']);
    expect((await put('EUR')).body['presentationCurrency']).toBe('EUR');
    expect((await api.call('GET', '/v1/tenant')).body['presentationCurrency']).toBe('EUR');
    expect((await api.call('GET', '/v1/tenant', { key: OTHER_KEY })).body['presentationCurrency']).toBeNull();
  });

  it('a tenant has days of its own, and a change of something else leaves them, or an alert would come in the night', async () => {
    const put = (body: object) => api.call('PUT', '/v1/tenant', { body });
    expect((await api.call('GET', '/v1/tenant')).body['timeZone']).toBe('UTC');
    expect((await put({ presentationCurrency: 'EUR', timeZone: 'Asia/Shanghai' })).body['timeZone']).toBe('Asia/Shanghai');
    expect((await put({ presentationCurrency: 'CNY' })).body).toMatchObject({ presentationCurrency: 'CNY', timeZone: 'Asia/Shanghai' });
    expect((await api.call('GET', '/v1/tenant')).body['timeZone']).toBe('Asia/Shanghai');
    for (const timeZone of ['Europe/Atlantis', '+08:00', 'Asia/Shanghai; DROP TABLE']) {
      const refused = await put({ presentationCurrency: 'CNY', timeZone });
      expect([refused.status, refused.body['code'], refused.body['errors']]).toEqual([
        422,
        'time-zone-unknown',
        [expect.objectContaining({ field: 'timeZone', pointer: '/timeZone' })],
      ]);
    }
    expect((await put({ presentationCurrency: 'CNY', timeZone: null })).body['timeZone']).toBe('UTC');
    expect((await api.call('GET', '/v1/tenant', { key: OTHER_KEY })).body['timeZone']).toBe('UTC');
  });

  it('the log can be followed from any position without a gap', async () => {
    const whole = (await api.call('GET', '/v1/events?limit=1000')).body;
    const events = whole['events'] as unknown[];
    const pieces: unknown[] = [];
    for (let after = 0; ;) {
      const { body } = await api.call('GET', `/v1/events?limit=3&after=${String(after)}`);
      const piece = body['events'] as unknown[];
      pieces.push(...piece);
      if (piece.length === 0) break;
      after = Number(body['next']);
    }
    expect(pieces).toEqual(events);
    expect(events.at(-1)).toMatchObject({ position: whole['next'] });
  });

  it('an event that was changed behind the back of the log is found by the auditor', async () => {
    const clean = (await api.call('GET', '/v1/integrity')).body;
    expect(clean).toMatchObject({ ok: true, checked: { altered: [] } });
    await register('Victim', ['viewer']);
    // Only the owner can, and only by switching off what protects the log.
    await owner.statement('ALTER TABLE es.event DISABLE TRIGGER append_only');
    const [altered] = await owner.statement<{ position: bigint }>(
      `WITH victim AS (SELECT max(position) AS position FROM es.event WHERE tenant_id = 1)
       UPDATE es.event e SET data = e.data || '{"roles": ["admin"]}' FROM victim v WHERE e.position = v.position RETURNING e.position`,
    );
    const found = (await api.call('GET', '/v1/integrity')).body;
    expect(found).toMatchObject({ ok: false, checked: { altered: [{ position: Number(altered?.position) }] } });
    const elsewhere = (await api.call('GET', '/v1/integrity?after=0&limit=2')).body;
    expect(elsewhere).toMatchObject({ ok: true, checked: { events: 2, fromPosition: 1 } });
  });
});

describe('several processes on one book', () => {
  it('a key revoked in one is refused in the others within the time promised', async () => {
    const first = await startTestApi();
    const second = await startTestApi({ on: first });
    try {
      const { body: principal } = await first.call('POST', '/v1/principals', { body: { name: 'Bob', roles: ['viewer'] } });
      const keys = `/v1/principals/${String(principal['id'])}/keys`;
      const { body: issued } = await first.call('POST', keys);
      const key = String(issued['key']);
      expect((await second.call('GET', '/v1/me', { key })).status).toBe(200);
      await first.call('DELETE', `${keys}/${String(issued['id'])}`);
      const deadline = Date.now() + AUTHENTICATION_CACHE_MS;
      let { status } = await second.call('GET', '/v1/me', { key });
      while (status === 200 && Date.now() < deadline) ({ status } = await second.call('GET', '/v1/me', { key }));
      expect(status).toBe(401);
    } finally {
      await second.stop();
      await first.stop();
    }
  });

  it('that start at once make one tenant, one administrator and one key', async () => {
    const first = await startTestApi({ adminKey: null });
    await first.close();
    const owner = new Database({ connectionString: first.ownerUrl, applicationName: 'test', poolSize: 1 });
    const others = await Promise.all([1, 2, 3].map(() => startTestApi({ on: first })));
    try {
      const starter = others.map(({ app }) => app.get(TenantStarter, { strict: false }));
      await Promise.all(
        starter.map((one) => one.start({ tenantId: 3, name: 'third', adminKey: 'the-administrator-key-of-the-third-one' })),
      );
      const counted = await owner.statement<{ type: number; events: number }>(
        `SELECT type::int, count(*)::int AS events FROM es.event WHERE tenant_id = 3 GROUP BY type ORDER BY type`,
      );
      expect(counted).toEqual([
        { type: 1, events: 1 },
        { type: 3, events: 1 },
        { type: 4, events: 1 },
      ]);
    } finally {
      await owner.close();
      await Promise.all(others.map((one) => one.stop()));
      await first.stop();
    }
  });

  it('keys issued to one principal at once are all valid', async () => {
    const api = await startTestApi();
    try {
      const { body: principal } = await api.call('POST', '/v1/principals', { body: { name: 'feed', roles: ['ingest'] } });
      const issued = await Promise.all([1, 2, 3, 4].map(() => api.call('POST', `/v1/principals/${String(principal['id'])}/keys`)));
      for (const { body } of issued) expect((await api.call('GET', '/v1/me', { key: String(body['key']) })).status).toBe(200);
    } finally {
      await api.stop();
    }
  });
});

describe('the first start and those after it', () => {
  it('generates a key once and shows it once', async () => {
    const first = await startTestApi({ adminKey: null });
    try {
      const key = first.generatedAdminKey ?? '';
      expect(key).toMatch(/^ark_/);
      expect((await first.call('GET', '/v1/me', { key })).body).toMatchObject({
        name: 'Administrator',
        roles: [...ROLES],
      });
      await first.close();
      const second = await startTestApi({ adminKey: null, on: first });
      expect(second.generatedAdminKey).toBeNull();
      expect((await second.call('GET', '/v1/me', { key })).status).toBe(200);
      const [counted] = (await second.call('GET', '/v1/principals', { key })).body['items'] as { keys: object[] }[];
      expect(counted?.keys).toHaveLength(1);
      await second.close();
    } finally {
      await first.stop();
    }
  });

  it("an operator's new key takes the place of the former one, and the former can come back", async () => {
    const [A, B] = [ADMIN_KEY, 'another-key-of-the-administrator-0002'];
    const first = await startTestApi({ adminKey: A });
    await first.close();
    const second = await startTestApi({ adminKey: B, on: first });
    expect([(await second.call('GET', '/v1/me', { key: A })).status, (await second.call('GET', '/v1/me', { key: B })).status]).toEqual([
      401, 200,
    ]);
    await second.close();
    const third = await startTestApi({ adminKey: A, on: first });
    expect([(await third.call('GET', '/v1/me', { key: A })).status, (await third.call('GET', '/v1/me', { key: B })).status]).toEqual([
      200, 401,
    ]);
    await third.stop();
    await first.stop();
  });
});
