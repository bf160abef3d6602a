import { randomUUID } from 'node:crypto';
import { finished, ok, startApp, type StartedApp } from './started-app.fixture';

const DEBTORS = 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n';
const RATES = 'base,quote,rate,effective_on\n';

interface Import {
  readonly id: string;
  readonly status: string;
  readonly accepted: number;
  readonly rejected: number;
  readonly unchanged: number;
}

describe('imports over HTTP', () => {
  let app: StartedApp;
  let key: string;
  beforeAll(async () => {
    app = await startApp();
    const { id } = await ok<{ id: string }>(app.admin('POST', '/v1/principals', { name: 'feed', roles: ['ingest', 'viewer'] }));
    ({ key } = await ok<{ key: string }>(app.admin('POST', `/v1/principals/${id}/keys`, {})));
  }, 60_000);
  afterAll(() => app.stop(), 30_000);

  const send = (
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(app.baseUrl + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'text/csv' }), ...headers },
      ...(body !== undefined && { body }),
    });
  const get = async (path: string): Promise<{ status: number; json: unknown; text: string }> => {
    const response = await send('GET', path);
    const text = await response.text();
    return { status: response.status, json: text.startsWith('{') ? (JSON.parse(text) as unknown) : undefined, text };
  };
  const ended = (id: string): Promise<Import> => finished<Import>(async (_method, path) => get(path), `/v1/imports/${id}`);
  const bring = async (kind: string, body: string, headers: Record<string, string> = {}): Promise<Import> => {
    const response = await send('POST', `/v1/imports/${kind}`, body, headers);
    const { id } = (await response.json()) as { id: string };
    expect([response.status, response.headers.get('location')]).toEqual([202, `/v1/imports/${id}`]);
    return ended(id);
  };

  it('takes a book in, and every figure asked for after `completed` includes it', async () => {
    expect(await bring('debtors', `${DEBTORS}D1,One,std,false,CN,90,,\n`)).toMatchObject({ status: 'completed', accepted: 1 });
    const rows = Array.from({ length: 5_000 }, (_, i) => `R${String(i)},D1,trade,CNY,1.00,2024-01-01,,,R${String(i)}`).join('\n');
    expect(await bring('receivables', RECEIVABLES + rows)).toMatchObject({ accepted: 5_000, rejected: 0 });
    const ageing = (await get('/v1/ageing?asOf=2024-12-31')).json as { groups: { total: { amount: string } }[] };
    expect(ageing.groups[0]?.total.amount).toBe('5000.00');
    expect(await bring('receivables', RECEIVABLES + rows)).toMatchObject({ accepted: 0, unchanged: 5_000 });
  });

  it('gives refused rows back as CSV, and takes them when they are mended', async () => {
    const first = await bring('debtors', `${DEBTORS}D2,Two,std,perhaps,CN,90,,\nD3,=3,std,no,CN,90,,\n`);
    expect(first).toMatchObject({ accepted: 1, rejected: 1 });
    const rejects = await get(`/v1/imports/${first.id}/rejects`);
    expect(rejects.text.split('\n')[1]).toMatch(/^D2,Two,std,perhaps,CN,90,,,2,related_party,boolean-format,/);
    expect(await bring('debtors', rejects.text.replace('perhaps', 'yes'))).toMatchObject({ accepted: 1, rejected: 0 });
  });

  it.each<[string, string, string, number, string, Record<string, string>]>([
    ['no bytes', 'debtors', '', 422, 'file-empty', {}],
    ['an unknown kind', 'invoices', 'a\n', 404, 'import-kind-unknown', {}],
    ['a missing column', 'fx-rates', 'base,quote,rate\n', 422, 'column-missing', {}],
    ['another content type', 'debtors', '{}', 415, 'unsupported-media-type', { 'content-type': 'application/json' }],
    ['an unknown charset', 'debtors', DEBTORS, 415, 'charset-unknown', { 'content-type': 'text/csv; charset=klingon' }],
    ['no truth for dryRun', 'debtors?dryRun=perhaps', DEBTORS, 422, 'validation-failed', {}],
    ['no key', 'debtors', DEBTORS, 401, 'unauthenticated', { authorization: '' }],
  ])('answers an upload with %s by a problem and stores nothing', async (_name, path, body, status, code, headers) => {
    const before = (await get('/v1/imports')).text;
    const response = await send('POST', `/v1/imports/${path}`, body, headers);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect((await get('/v1/imports')).text).toBe(before);
  });

  it('refuses a caller without the role and hides imports that do not exist', async () => {
    const viewer = await app.principal('viewer', ['viewer']);
    expect((await viewer('POST', '/v1/imports/debtors', DEBTORS)).status).toBe(403);
    for (const id of ['nope', randomUUID()]) {
      expect((await get(`/v1/imports/${id}`)).json).toMatchObject({ status: 404, code: 'import-not-found' });
      expect((await get(`/v1/imports/${id}/rejects`)).json).toMatchObject({ status: 404, code: 'import-not-found' });
    }
  });

  it('follows an import by server-sent events to its end, under either address', async () => {
    const response = await send('POST', '/v1/imports/fx-rates', `${RATES}USD,CNY,7.1,2024-01-01\n`);
    const { id } = (await response.json()) as { id: string };
    for (const [path, headers] of [
      [`/v1/imports/${id}/events`, {}],
      [`/v1/imports/${id}`, { accept: 'text/event-stream' }],
    ] as const) {
      const stream = await send('GET', path, undefined, headers);
      expect(stream.headers.get('content-type')).toContain('text/event-stream');
      const events = (await stream.text()).split('\n\n').filter((text) => text.includes('event: progress'));
      expect(events.at(-1)).toContain('"status":"completed"');
    }
  });

  it('checks a file in a dry run and leaves the book alone', async () => {
    const dry = await send(
      'POST',
      '/v1/imports/receivables?dryRun=true',
      `${RECEIVABLES}DRY,D1,trade,CNY,9.00,2024-01-01,,,x\nDRY2,D9,trade,CNY,9.00,2024-01-01,,,x\n`,
    );
    const { id } = (await dry.json()) as { id: string };
    expect(await ended(id)).toMatchObject({ status: 'completed', accepted: 1, rejected: 1 });
    expect(await bring('receivables', `${RECEIVABLES}DRY,D1,trade,CNY,9.00,2024-01-01,,,x\n`)).toMatchObject({ accepted: 1 });
  });

  it('answers a repeated request with the first import, and another file under its key with a refusal', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const file = `${RATES}EUR,CNY,7.8,2024-01-01\n`;
    const [first, second] = [
      await send('POST', '/v1/imports/fx-rates', file, headers),
      await send('POST', '/v1/imports/fx-rates', file, headers),
    ];
    expect(await second.json()).toEqual(await first.json());
    expect((await send('POST', '/v1/imports/fx-rates', `${RATES}EUR,CNY,7.9,2024-01-01\n`, headers)).status).toBe(422);
  });

  it('lists imports page by page, the latest first, each once', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = new URLSearchParams({ limit: '3', ...(cursor !== '' && { cursor }) });
      const page = (await get(`/v1/imports?${query.toString()}`)).json as { items: Import[]; next: string | null };
      seen.push(...page.items.map((item) => item.id));
      cursor = page.next;
    }
    expect(seen.length).toBeGreaterThan(6);
    expect(new Set(seen).size).toBe(seen.length);
  });
});
