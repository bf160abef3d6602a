import type { Readable } from 'node:stream';
import { Body, Controller, Post, Res } from '@nestjs/common';
import { IdempotencyStore } from '@app/access';
import { Database } from '@app/event-store';
import { Refusal, type RequestContext } from '@app/platform';
import { z } from 'zod';
import { startTestApi, type Answer, type TestApi } from '../test-api.fixture';
import { Context, type EdgeReply, Permit, Returns, Streams } from './index';

const order = z.strictObject({ what: z.string(), outcome: z.string().optional() });
const answer = z.object({ id: z.string() });
const runs: string[] = [];
let hold: Promise<void> | undefined;

@Controller('v1/orders')
class OrdersController {
  @Post()
  @Permit('ingest')
  @Returns({ status: 201, summary: 'Order', body: answer })
  async order(
    @Context() context: RequestContext,
    @Body({ schema: order }) body: z.output<typeof order>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<{ id: string }> {
    const id = context.newId();
    runs.push(id);
    await hold;
    if (body.outcome === 'refused') throw new Refusal('reason-missing', 'A reason is missing.');
    if (body.outcome === 'broken') throw new Error('broken after the commit');
    void reply.header('location', `/v1/orders/${id}`);
    return { id };
  }

  @Post('file')
  @Permit('ingest')
  @Streams('text/csv')
  @Returns({ status: 202, summary: 'Order by file', body: answer })
  async file(@Context() context: RequestContext, @Body() body: Readable): Promise<{ id: string; bytes: number }> {
    let bytes = 0;
    for await (const chunk of body) bytes += Buffer.from(chunk).length;
    runs.push('file');
    return { id: context.newId(), bytes };
  }
}

describe('Idempotency-Key', () => {
  let api: TestApi;
  let owner: Database;
  beforeAll(async () => {
    api = await startTestApi({ controllers: [OrdersController] });
    owner = new Database({ connectionString: api.ownerUrl, applicationName: 'test', poolSize: 1 });
  });
  afterAll(async () => {
    await owner.close();
    await api.stop();
  });
  beforeEach(() => {
    runs.length = 0;
    hold = undefined;
  });

  let keys = 0;
  const freshKey = (): string => `key-${String((keys += 1))}`;
  const send = (key: string, body: unknown, path = '/v1/orders'): Promise<Answer> =>
    api.call('POST', path, { body, headers: { 'idempotency-key': key } });
  const sendFile = (key: string, body: string): Promise<Answer> =>
    api.call('POST', '/v1/orders/file', { body, headers: { 'idempotency-key': key, 'content-type': 'text/csv' } });
  const pretendLeasesRanOut = (): Promise<object[]> =>
    owner.statement(`UPDATE ac.idempotency SET lease_until = now() - interval '1 second'`);

  it('gives the first answer again and does the work once, or a lost answer books a thing twice', async () => {
    const key = freshKey();
    const first = await send(key, { what: 'a', outcome: 'fine' });
    const second = await send(key, { outcome: 'fine', what: 'a' });
    expect([second.status, second.body, second.headers.get('location')]).toEqual([201, first.body, first.headers.get('location')]);
    expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([null, 'true']);
    expect(runs).toHaveLength(1);
  });

  it('without a key the same body is two orders', async () => {
    const [first, second] = [
      await api.call('POST', '/v1/orders', { body: { what: 'a' } }),
      await api.call('POST', '/v1/orders', { body: { what: 'a' } }),
    ];
    expect(first.body['id']).not.toBe(second.body['id']);
  });

  it('refuses another body under the same key, or the second order is silently lost', async () => {
    const key = freshKey();
    await send(key, { what: 'a' });
    expect([(await send(key, { what: 'b' })).body['code'], runs.length]).toEqual(['idempotency-key-reused', 1]);
  });

  it('keeps the keys of two principals apart, or one answers the other', async () => {
    const { body: principal } = await api.call('POST', '/v1/principals', { body: { name: 'feed', roles: ['ingest'] } });
    const { body: issued } = await api.call('POST', `/v1/principals/${String(principal['id'])}/keys`);
    const key = freshKey();
    const mine = await send(key, { what: 'a' });
    const theirs = await api.call('POST', '/v1/orders', {
      key: String(issued['key']),
      body: { what: 'a' },
      headers: { 'idempotency-key': key },
    });
    expect(theirs.body['id']).not.toBe(mine.body['id']);
  });

  it('tells the second of two at once to wait, and answers it afterwards', async () => {
    const key = freshKey();
    let release = (): void => undefined;
    hold = new Promise((resolve) => (release = resolve));
    const first = send(key, { what: 'a' });
    while (runs.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await send(key, { what: 'a' });
    expect([second.status, second.body['code']]).toEqual([409, 'idempotency-in-progress']);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
    release();
    const { body } = await first;
    expect((await send(key, { what: 'a' })).body).toEqual(body);
  });

  it('a crashed request blocks its key no longer than the lease, and the next attempt makes the same identifiers', async () => {
    const key = freshKey();
    const first = await send(key, { what: 'a', outcome: 'broken' });
    expect(first.status).toBe(500);
    // The process dies with the claim in its hands: nothing was remembered and nobody extends the lease.
    await owner.statement(`UPDATE ac.idempotency SET lease_until = now() + interval '30 seconds' WHERE key = $1`, [key]);
    expect((await send(key, { what: 'a', outcome: 'broken' })).body['code']).toBe('idempotency-in-progress');
    await pretendLeasesRanOut();
    expect((await send(key, { what: 'a', outcome: 'broken' })).status).toBe(500);
    expect(runs).toHaveLength(2);
    expect(runs[1]).toBe(runs[0]);
  });

  it('the answer of an attempt that was given up for dead does not overwrite the one that took over', async () => {
    const store = api.app.get(IdempotencyStore, { strict: false });
    const request = {
      tenantId: 1,
      principalId: '6f1d0c1e-8a5b-4b0e-9a3c-2f74d1b7e650',
      route: 'POST /v1/orders',
      key: freshKey(),
      fingerprint: Buffer.alloc(32),
    };
    const dead = await store.claim(request);
    await pretendLeasesRanOut();
    const alive = await store.claim(request);
    if (dead.outcome !== 'claimed' || alive.outcome !== 'claimed') throw new Error('both were to be claimed');
    expect(alive.claim.seed).toBe(dead.claim.seed);
    await store.complete(dead.claim, { status: 201, headers: {}, body: 'late', bodyHash: null });
    await store.complete(alive.claim, { status: 201, headers: {}, body: 'right', bodyHash: null });
    expect(await store.claim(request)).toMatchObject({ outcome: 'replay', response: { body: 'right' } });
  });

  it('repeats a business refusal, and lets mistyped input be mended under the same key', async () => {
    const refused = freshKey();
    const first = await send(refused, { what: 'a', outcome: 'refused' });
    const second = await send(refused, { what: 'a', outcome: 'refused' });
    expect([second.status, second.body, second.headers.get('idempotency-replayed'), runs.length]).toEqual([422, first.body, 'true', 1]);
    expect(second.headers.get('content-type')).toContain('application/problem+json');
    const mended = freshKey();
    expect((await send(mended, { wat: 'a' })).body['code']).toBe('validation-failed');
    expect((await send(mended, { what: 'a' })).status).toBe(201);
  });

  it('compares streamed bodies by their bytes, or another file counts as sent', async () => {
    const key = freshKey();
    const first = await sendFile(key, 'a,b\n1,2\n');
    const second = await sendFile(key, 'a,b\n1,2\n');
    expect([second.status, second.body, second.headers.get('idempotency-replayed')]).toEqual([202, first.body, 'true']);
    expect([(await sendFile(key, 'a,b\n1,3\n')).body['code'], runs.length]).toEqual(['idempotency-key-reused', 1]);
  });

  it('keeps no answer in the clear and none for ever', async () => {
    const key = freshKey();
    await send(key, { what: 'a' });
    const [row] = await owner.statement<{ answer: string; hours: number }>(
      `SELECT answer, extract(epoch FROM expires_at - now())::int / 3600 AS hours FROM ac.idempotency WHERE key = $1`,
      [key],
    );
    expect(row?.answer).not.toContain(String(runs[0]));
    expect(row?.hours).toBeGreaterThanOrEqual(24);
    await owner.statement(`UPDATE ac.idempotency SET expires_at = now() - interval '1 second' WHERE key = $1`, [key]);
    expect((await send(key, { what: 'another' })).status).toBe(201);
    expect(runs[1]).not.toBe(runs[0]);
  });
});
