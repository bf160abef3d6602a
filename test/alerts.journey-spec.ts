import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningProcess } from '@app/platform';
import {
  createTestDatabase,
  eventually,
  startFakeSlack,
  startFakeSmtp,
  type FakeSlack,
  type FakeSmtp,
  type TestDatabase,
} from '@app/testing';
import { startStandalone } from '../apps/standalone/src/standalone';

const SCHEME = 'months-6-12-24-36-48';
const ADMIN_KEY = 'the-administrator-key-of-the-alert-journey';
const RATES: readonly (readonly [bucket: string, rate: string])[] = [
  ['Up to 6 months', '0.05'],
  ['6 months to 1 year', '0.15'],
  ['1 to 2 years', '0.3'],
  ['2 to 3 years', '0.5'],
  ['3 to 4 years', '0.8'],
  ['Over 4 years', '1'],
];
const DEBTORS =
  'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,effective_on\nD,Debtor,S,false,CN,90,,,2019-01-01\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n';
const OLD_BOOK = `${RECEIVABLES}A,D,trade,CNY,600.00,2023-10-01,,,A\nB,D,trade,CNY,300.00,2021-06-01,,,B\nC,D,trade,CNY,100.00,2020-01-10,,,C\n`;
const NEW_SALE = `${RECEIVABLES}E,D,trade,CNY,200.00,2024-11-01,,,E\n`;
const PAYMENT = 'movement_id,receivable_id,type,amount,effective_on,reference\nP,A,payment,500.00,2024-03-01,bank\n';

interface ShownAlert {
  readonly id: string;
  readonly ruleName: string;
  readonly cause: string;
  readonly deliveries: readonly { readonly state: string }[];
}

/** What a client of the API does; every answer but a success is a failure of the journey. */
class Client {
  constructor(
    private readonly baseUrl: string,
    private readonly key: string,
  ) {}

  async call<Body>(method: string, path: string, body?: string | object): Promise<Body> {
    const isCsv = typeof body === 'string';
    const answer = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body !== undefined && { 'content-type': isCsv ? 'text/csv' : 'application/json' }),
      },
      ...(body !== undefined && { body: isCsv ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${String(answer.status)} ${text}`);
    return JSON.parse(text) as Body;
  }

  async create(path: string, body?: string | object): Promise<string> {
    return (await this.call<{ id: string }>('POST', path, body)).id;
  }

  /** Posts what is worked on in the background, and waits until it is done. */
  async complete(collection: string, path: string, body: string | object): Promise<void> {
    const id = await this.create(path, body);
    const status = async (): Promise<string> => (await this.call<{ status: string }>('GET', `${collection}/${id}`)).status;
    await eventually(async () => (await status()) === 'completed', 30_000, `${collection}/${id} completed`);
  }

  as(key: string): Client {
    return new Client(this.baseUrl, key);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a shift of the book, from the import to Slack and email', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'arrears-alerts-'));
  let database: TestDatabase;
  let running: RunningProcess;
  let slack: FakeSlack;
  let smtp: FakeSmtp;
  let admin: Client;

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
    const port = await freePort();
    const environment = { DATABASE_URL: database.ownerUrl, PORT: String(port), ARREARS_ADMIN_KEY: ADMIN_KEY, ARREARS_DATA_DIR: dataFolder };
    Object.assign(process.env, environment);
    running = await startStandalone();
    admin = new Client(`http://127.0.0.1:${String(port)}`, ADMIN_KEY);
    [slack, smtp] = await Promise.all([startFakeSlack(), startFakeSmtp()]);
  }, 180_000);
  afterAll(async () => {
    await running.stop();
    await Promise.all([slack.stop(), smtp.stop()]);
    await database.drop();
    rmSync(dataFolder, { recursive: true, force: true });
  }, 60_000);

  const close = (asOf: string): Promise<void> => admin.complete('/v1/closes', '/v1/closes', { asOf });
  const importCsv = (kind: string, csv: string): Promise<void> => admin.complete('/v1/imports', `/v1/imports/${kind}`, csv);

  async function approveRates(): Promise<void> {
    const principalId = await admin.create('/v1/principals', { name: 'Approver', roles: ['approver'] });
    const { key } = await admin.call<{ key: string }>('POST', `/v1/principals/${principalId}/keys`);
    const rates = RATES.map(([bucket, rate]) => ({ segment: '*', bucket, rate }));
    const setId = await admin.create('/v1/loss-rate-sets', { kind: 'trade', scheme: SCHEME, effectiveOn: '2023-01-01', rates });
    await admin.as(key).call('POST', `/v1/loss-rate-sets/${setId}/approve`);
  }

  async function defineRules(): Promise<void> {
    const smtpServer = { host: smtp.host, port: smtp.port };
    const channels = [
      await admin.create('/v1/channels', { type: 'slack', webhookUrl: slack.url }),
      await admin.create('/v1/channels', { type: 'email', to: ['finance@example.com'], smtp: smtpServer }),
    ];
    const shift = { base: 'same-date-last-year', kinds: ['trade'], enter: '0.10' };
    const share = { type: 'ageing-share-shift', scheme: SCHEME, olderThan: { months: 36 }, ...shift };
    await admin.create('/v1/alert-rules', { name: 'Over three years', channels, definition: share });
    await admin.create('/v1/alert-rules', { name: 'Coverage', channels, definition: { type: 'coverage-shift', ...shift } });
  }

  it('is told once on each channel with its cause, and not again when the close is made again', async () => {
    await importCsv('debtors', DEBTORS);
    await importCsv('receivables', OLD_BOOK);
    await approveRates();
    await defineRules();
    await close('2023-12-31');
    await importCsv('receivables', NEW_SALE);
    await importCsv('movements', PAYMENT);
    await close('2024-12-31');
    await eventually(() => slack.accepted.length >= 1 && smtp.accepted.length >= 1, 30_000, 'a message on each channel');

    const { items } = await admin.call<{ items: ShownAlert[] }>('GET', '/v1/alerts?state=firing');
    const causes = new Map(items.map(({ ruleName, cause }) => [ruleName, cause]));
    expect(causes.get('Over three years')).toBe(
      'Gross older than 36 months rose from 10.00 % (CNY 100 of 1,000) at 2023-12-31 to 57.14 % (CNY 400 of 700) at 2024-12-31: ' +
        'CNY 300 that was 2 to 3 years at 2023-12-31 aged past it; nothing of it or of what was older before has left since',
    );
    expect(causes.get('Coverage')).toBe(
      'Coverage rose from 26.00 % (CNY 260 of 1,000) at 2023-12-31 to 54.29 % (CNY 380 of 700) at 2024-12-31: ' +
        'the mix of the book moved it by +28.29 points, most of all 3 to 4 years (+17.74 points); loss rates moved it by 0.00 points',
    );
    // Coverage moved by the mix of the book alone: it is told with the age that moved it, in one message.
    for (const cause of causes.values()) expect(smtp.accepted.filter(({ mail }) => mail.text?.includes(cause))).toHaveLength(1);
    for (const part of [causes.get('Over three years') ?? '', 'Warning: Coverage', '+28.29 points'])
      expect(slack.accepted.filter(({ raw }) => raw.includes(part))).toHaveLength(1);

    await close('2024-12-31');
    await pause(1_500);
    expect([slack.received.length, smtp.received.length]).toEqual([1, 1]);
    const shown = await admin.call<ShownAlert>('GET', `/v1/alerts/${items[0]?.id ?? ''}`);
    expect(shown.deliveries.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
  }, 120_000);
});
