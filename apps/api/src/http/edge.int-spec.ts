import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { connect } from 'node:net';
import { ROLES } from '@app/access';
import { Refusal } from '@app/platform';
import { z } from 'zod';
import { ADMIN_KEY, startTestApi, type Answer, type TestApi } from '../test-api.fixture';
import { figureQuery, moneyInput, Permit, Returns } from './index';
import { JSON_BODY_BYTES_MAX } from './limits';
import { problemSchema } from './problem';
import { RouteRegistry, type RouteDescription } from './route-registry';

const REGISTER_TIMEOUT_MS = 60_000;
const done = z.object({});

@Controller('v1/probe')
class ProbeController {
  @Get('figures')
  @Permit('viewer')
  @Returns({ summary: 'Echo the query', body: done })
  figures(@Query({ schema: figureQuery }) query: z.output<typeof figureQuery>): object {
    return query;
  }

  @Post('money')
  @Permit('viewer')
  @Returns({ summary: 'Echo the money', body: done })
  money(@Body({ schema: z.strictObject({ price: moneyInput }) }) { price }: { price: { minor: bigint; currency: string } }): object {
    return { minor: String(price.minor), currency: price.currency };
  }

  @Get('bug')
  @Permit('viewer')
  @Returns({ summary: 'Fail', body: done })
  bug(): never {
    throw new Error('SELECT secret FROM es.event -- at /srv/arrears/file.ts:1');
  }

  @Get('refusal')
  @Permit('viewer')
  @Returns({ summary: 'Refuse', body: done })
  refusal(): never {
    throw new Refusal('fx-rate-missing', 'There is no rate from JPY to CNY.', [{ field: 'currency' }], { base: 'JPY', quote: 'CNY' });
  }
}

@Controller('v1/forgotten')
class ForgottenController {
  @Get()
  @Returns({ summary: 'Nobody said who may call this', body: done })
  forgotten(): object {
    return {};
  }
}

@Controller('v1/dropping')
class DroppingController {
  @Post()
  @Permit('viewer')
  @Returns({ summary: 'Its body drops what it does not know', body: done })
  dropping(@Body({ schema: z.object({ asOf: z.string() }) }) body: object): object {
    return body;
  }
}

describe('the HTTP edge', () => {
  let api: TestApi;
  let routes: readonly RouteDescription[];
  beforeAll(async () => {
    api = await startTestApi({ controllers: [ProbeController] });
    ({ routes } = api.app.get(RouteRegistry, { strict: false }));
  });
  afterAll(() => api.stop());

  const sample = (route: RouteDescription): string => route.path.replaceAll(/:\w+/g, 'nothing-of-this-name');
  const expectProblem = (answer: Answer, status: number, code: string): void => {
    expect({ status: answer.status, code: answer.body['code'], type: answer.headers.get('content-type') }).toEqual({
      status,
      code,
      type: 'application/problem+json; charset=utf-8',
    });
    const problem = problemSchema.parse(answer.body);
    expect(problem).toMatchObject({ status, type: `/problems/${code}`, requestId: answer.headers.get('x-request-id') });
    expect(answer.text).not.toMatch(/\bat .+\.[jt]s|SELECT |node_modules/);
  };

  describe('who may do what', () => {
    it('no route but the public ones answers without a key, or the book lies open', async () => {
      for (const route of routes.filter(({ isPublic }) => !isPublic)) {
        expectProblem(await api.call(route.method, sample(route), { key: null }), 401, 'unauthenticated');
        expectProblem(await api.call(route.method, sample(route), { key: 'x'.repeat(40) }), 401, 'unauthenticated');
      }
    });

    it.each([...ROLES])(
      'the role %s alone opens no route that does not name it, or duties are not separated',
      async (role) => {
        const { body: principal } = await api.call('POST', '/v1/principals', { body: { name: role, roles: [role] } });
        const { body: issued } = await api.call('POST', `/v1/principals/${String(principal['id'])}/keys`);
        const key = String(issued['key']);
        const closed = routes.filter(({ isPublic, permitted }) => !isPublic && !permitted.includes(role));
        for (const route of closed) expectProblem(await api.call(route.method, sample(route), { key }), 403, 'forbidden');
        // Reads of figures would wait for the worker, which does not run here.
        const open = routes.filter(({ method, permitted }) => method !== 'GET' && permitted.includes(role));
        for (const route of open) expect([401, 403]).not.toContain((await api.call(route.method, sample(route), { key })).status);
        expect((await api.call('GET', '/v1/me', { key })).body).toMatchObject({ name: role, roles: [role] });
      },
      REGISTER_TIMEOUT_MS,
    );

    it('a route without @Permit or @Public stops the boot, so nobody can forget the decorator', async () => {
      await expect(startTestApi({ controllers: [ForgottenController], on: api })).rejects.toThrow(
        'GET /v1/forgotten (Forgotten.forgotten): add @Permit',
      );
    });

    it('a body that would drop a mistyped field stops the boot', async () => {
      await expect(startTestApi({ controllers: [DroppingController], on: api })).rejects.toThrow('z.strictObject');
    });
  });

  describe('every answer that is not 2xx is a problem document', () => {
    it.each([
      ['an unknown path', 'GET', '/v1/nowhere', {}, 404, 'not-found'],
      ['an unknown path outside of the API', 'GET', '/nowhere', {}, 404, 'not-found'],
      ['a method the path does not have', 'PATCH', '/v1/tenant', { body: {} }, 405, 'method-not-allowed'],
      ['a path that is not text', 'GET', '/v1/%zz', {}, 400, 'malformed-request'],
      ['a parameter beyond the limit', 'GET', `/v1/principals/${'x'.repeat(300)}`, {}, 414, 'uri-too-long'],
      [
        'a body that is not JSON',
        'POST',
        '/v1/principals',
        { body: '{"name":', headers: { 'content-type': 'application/json' } },
        400,
        'malformed-request',
      ],
      [
        'a body with a poisoned prototype',
        'POST',
        '/v1/principals',
        { body: '{"__proto__":{"x":1}}', headers: { 'content-type': 'application/json' } },
        400,
        'malformed-request',
      ],
      [
        'a form',
        'POST',
        '/v1/principals',
        { body: 'name=Ann', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
        415,
        'unsupported-media-type',
      ],
      [
        'a file where JSON is wanted',
        'POST',
        '/v1/principals',
        { body: 'a,b', headers: { 'content-type': 'text/csv' } },
        415,
        'unsupported-media-type',
      ],
      ['JSON where a file is wanted', 'POST', '/v1/imports/debtors', { body: {} }, 415, 'unsupported-media-type'],
      [
        'a compressed body',
        'POST',
        '/v1/imports/debtors',
        { body: 'a', headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' } },
        415,
        'unsupported-media-type',
      ],
      [
        'a body beyond the limit',
        'POST',
        '/v1/principals',
        { body: { name: 'x'.repeat(JSON_BODY_BYTES_MAX), roles: [] } },
        413,
        'body-too-large',
      ],
      ['no body where one is needed', 'POST', '/v1/principals', {}, 422, 'validation-failed'],
      ['a list instead of an object', 'POST', '/v1/principals', { body: [] }, 422, 'validation-failed'],
      ['an unknown field', 'POST', '/v1/principals', { body: { name: 'A', roles: ['viewer'], role: 'x' } }, 422, 'validation-failed'],
      ['a role that does not exist', 'POST', '/v1/principals', { body: { name: 'A', roles: ['owner'] } }, 422, 'validation-failed'],
      ['an unknown query parameter', 'GET', '/v1/probe/figures?asof=2026-01-01', {}, 422, 'validation-failed'],
      ['a day that does not exist', 'GET', '/v1/probe/figures?asOf=2026-02-29', {}, 422, 'validation-failed'],
      ['an instant without a zone', 'GET', '/v1/probe/figures?knownAt=2026-01-01T00:00:00', {}, 422, 'validation-failed'],
      ['a currency that does not exist', 'GET', '/v1/probe/figures?currency=XYZ', {}, 422, 'validation-failed'],
      [
        'money with too many decimals',
        'POST',
        '/v1/probe/money',
        { body: { price: { amount: '1.5', currency: 'JPY' } } },
        422,
        'validation-failed',
      ],
      [
        'money as a JSON number',
        'POST',
        '/v1/probe/money',
        { body: { price: { amount: 1.5, currency: 'CNY' } } },
        422,
        'validation-failed',
      ],
      ['a page beyond the limit', 'GET', '/v1/principals?limit=101', {}, 422, 'validation-failed'],
      ['a cursor that was not given out', 'GET', '/v1/principals?cursor=abc', {}, 422, 'cursor-invalid'],
      [
        'an entity tag that is none',
        'PUT',
        '/v1/tenant',
        { body: { presentationCurrency: null }, headers: { 'if-match': 'three' } },
        400,
        'if-match-invalid',
      ],
      [
        'an Idempotency-Key beyond the limit',
        'POST',
        '/v1/principals',
        { body: {}, headers: { 'idempotency-key': 'k'.repeat(256) } },
        400,
        'idempotency-key-invalid',
      ],
      ['a principal that is not there', 'GET', '/v1/principals/6f1d0c1e-8a5b-4b0e-9a3c-2f74d1b7e650', {}, 404, 'not-found'],
      ['an identifier that cannot be one', 'POST', '/v1/principals/nobody/keys', {}, 404, 'principal-not-found'],
      ['a business refusal', 'GET', '/v1/probe/refusal', {}, 422, 'fx-rate-missing'],
      ['a bug', 'GET', '/v1/probe/bug', {}, 500, 'internal-error'],
    ] as const)('%s', async (_what, method, path, options, status, code) => {
      expectProblem(await api.call(method, path, options), status, code);
    });

    it('a method that is not allowed names those that are', async () => {
      expect((await api.call('DELETE', '/v1/tenant')).headers.get('allow')).toBe('GET, PUT');
    });

    it('an input error points at the field, or the clerk has to guess', async () => {
      const { body } = await api.call('POST', '/v1/principals', { body: { name: '', roles: ['viewer', 'boss'], rolls: [] } });
      expect(body['errors']).toEqual([
        expect.objectContaining({ pointer: '/name' }),
        expect.objectContaining({ pointer: '/roles/1' }),
        expect.objectContaining({ pointer: '/rolls', code: 'unknown-field' }),
      ]);
      const query = await api.call('GET', '/v1/probe/figures?asOf=yesterday');
      expect(query.body['errors']).toEqual([expect.objectContaining({ field: 'asOf' })]);
    });

    it('a refusal keeps its place in the input and its own members', async () => {
      expect((await api.call('GET', '/v1/probe/refusal')).body).toMatchObject({
        detail: 'There is no rate from JPY to CNY.',
        base: 'JPY',
        quote: 'CNY',
        errors: [{ field: 'currency' }],
      });
    });

    it('bytes that are not HTTP are answered too', async () => {
      const { hostname, port } = new URL(api.baseUrl);
      const text = await new Promise<string>((resolve, reject) => {
        let received = '';
        const socket = connect(Number(port), hostname, () => socket.write('HELLO\r\n\r\n'));
        socket.on('data', (chunk) => (received += chunk.toString()));
        socket.on('close', () => {
          resolve(received);
        });
        socket.on('error', reject);
      });
      expect(text).toContain('HTTP/1.1 400');
      expect(problemSchema.parse(JSON.parse(text.slice(text.indexOf('{')))).code).toBe('malformed-request');
    });

    it('the type of a problem leads to a page', async () => {
      expect((await api.call('GET', '/problems/fx-rate-missing', { key: null })).body).toMatchObject({
        code: 'fx-rate-missing',
        title: 'Fx rate missing',
      });
    });
  });

  it('a plus sign that arrives as a space in a zone is understood, because browsers send it so', async () => {
    expect((await api.call('GET', '/v1/probe/figures?knownAt=2026-01-05T08:00:00+08:00')).body).toEqual({
      knownAt: '2026-01-05T08:00:00+08:00',
    });
  });

  it('money arrives in minor units of its own currency', async () => {
    const { body } = await api.call('POST', '/v1/probe/money', { body: { price: { amount: '-1234.5', currency: 'KWD' } } });
    expect(body).toEqual({ minor: '-1234500', currency: 'KWD' });
  });

  it('a request id that was sent comes back and an unusable one is replaced', async () => {
    expect((await api.call('GET', '/v1/me', { headers: { 'x-request-id': 'batch-7' } })).headers.get('x-request-id')).toBe('batch-7');
    expect((await api.call('GET', '/v1/me', { headers: { 'x-request-id': 'x'.repeat(200) } })).headers.get('x-request-id')).toHaveLength(
      36,
    );
  });

  it('answers forbid sniffing, framing, caching and foreign origins', async () => {
    const { headers } = await api.call('GET', '/v1/me', { headers: { origin: 'https://elsewhere.example' } });
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('two keys of different letters are different keys: the scheme name alone is case-insensitive', async () => {
    expect((await api.call('GET', '/v1/me', { key: null, headers: { authorization: `bearer ${ADMIN_KEY}` } })).status).toBe(200);
    expect((await api.call('GET', '/v1/me', { key: ADMIN_KEY.toUpperCase() })).status).toBe(401);
  });
});
