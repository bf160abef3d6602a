import { Client } from 'pg';
import { eventually, startFakeSlack, steppableClock, type FakeSlack } from '@app/testing';
import { ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

jest.setTimeout(180_000);

const DEBTORS =
  'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,effective_on\n' +
  'D,Debtor Ltd,S,false,CN,30,1000.00,CNY,2024-01-01\nE,Other Ltd,S,false,CN,30,,,2024-01-01\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n';
const MOVEMENTS = 'movement_id,receivable_id,type,amount,effective_on,reference\n';
const WAIT_MS = 20_000;

interface Fired {
  readonly id: string;
  readonly state: string;
  readonly ruleName: string;
  readonly severity: string;
  readonly labels: Record<string, string>;
  readonly cause: string;
  readonly resolution: string | null;
}

/** The clock begins on Monday, 2 December 2024, noon in London and evening in Shanghai, where this book is kept. */
describe('what needs no close to be told', () => {
  const clock = steppableClock(new Date('2024-12-02T12:00:00Z'));
  let app: StartedApp;
  let slack: FakeSlack;
  let manager: Caller;
  let channels: string[];

  beforeAll(async () => {
    [app, slack] = await Promise.all([startApp({ clock }), startFakeSlack()]);
    manager = await app.principal('Manager', ['manager', 'controller']);
    await ok(app.admin('PUT', '/v1/tenant', { presentationCurrency: 'CNY', timeZone: 'Asia/Shanghai' }));
    await app.importCsv(app.admin, 'debtors', DEBTORS);
    await app.importCsv(app.admin, 'receivables', `${RECEIVABLES}A,D,trade,CNY,850.00,2024-11-01,,2024-11-30,A\n`);
    const { id } = await ok<{ id: string }>(app.admin('POST', '/v1/channels', { type: 'slack', name: 'Finance', webhookUrl: slack.url }));
    channels = [id];
  });
  afterAll(async () => {
    await app.stop();
    await slack.stop();
  });

  const define = async (name: string, definition: object): Promise<string> =>
    (await ok<{ id: string }>(manager('POST', '/v1/alert-rules', { name, channels, definition }))).id;
  const alertsOf = async (ruleName: string): Promise<Fired[]> =>
    (await ok<{ items: Fired[] }>(manager('GET', '/v1/alerts?limit=100'))).items.filter((alert) => alert.ruleName === ruleName);
  const states = async (ruleName: string): Promise<string[]> =>
    (await alertsOf(ruleName)).map(({ labels, state }) => `${Object.values(labels).join(' ')} ${state}`).sort();
  const becomes = (ruleName: string, expected: readonly string[]): Promise<void> =>
    eventually(
      async () => JSON.stringify(await states(ruleName)) === JSON.stringify(expected),
      WAIT_MS,
      `${ruleName} ${expected.join()}`,
    ).catch(async (error: unknown) => {
      throw new Error(`${String(error)}; it is ${JSON.stringify(await states(ruleName))}`);
    });
  const told = async (cause: string): Promise<void> =>
    eventually(() => slack.accepted.filter(({ raw }) => raw.includes(cause)).length === 1, WAIT_MS, `told once: ${cause}`);
  const pay = (id: string, receivableId: string, amount: string, on: string): Promise<void> =>
    app.importCsv(app.admin, 'movements', `${MOVEMENTS}${id},${receivableId},payment,${amount},${on},bank\n`);
  const owner = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: process.env['DATABASE_URL'] });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };

  it.each([
    [{ type: 'overdue-debtor', enter: '100.00' }, '/definition/currency'],
    [{ type: 'overdue-debtor', enter: '100.005', currency: 'CNY' }, '/definition/enter'],
    [{ type: 'overdue-debtor', enter: '100.00', exit: '100.01', currency: 'CNY' }, '/definition/exit'],
    [{ type: 'overdue-debtor', measure: 'days', enter: '30.5', currency: 'CNY' }, '/definition/enter'],
    [{ type: 'overdue-debtor', enter: '0.00', currency: 'CNY' }, '/definition/enter'],
    [{ type: 'credit-limit', bands: ['0.90', '0.80'] }, '/definition/bands/1'],
    [{ type: 'credit-limit', margin: '0.80' }, '/definition/margin'],
    [{ type: 'stale-feed', days: 0 }, '/definition/days'],
    [{ type: 'stale-feed', days: 2, feeds: ['weather'] }, '/definition/feeds/0'],
    [{ type: 'failed-job', count: 1.5 }, '/definition/count'],
    [{ type: 'broken-promise', minimum: { amount: '1.001', currency: 'CNY' } }, '/definition/minimum/amount'],
    [{ type: 'broken-chain', enter: '1' }, '/definition/enter'],
    [{ type: 'projection-drift', severity: 'info' }, '/definition/severity'],
  ])('refuses a rule that cannot mean anything, naming the field: %j', async (definition, field) => {
    const { status, json } = await manager('POST', '/v1/alert-rules', { name: 'Wrong', definition });
    expect([status, (json as { errors?: { pointer?: string }[] }).errors?.[0]?.pointer]).toEqual([422, field]);
  });

  it('a used-up credit limit is told when the rule is defined, by band, with the figures; paying takes the band back', async () => {
    await define('Limits', { type: 'credit-limit', bands: ['0.80', '0.90'] });
    await becomes('Limits', ['80 % D firing']);
    await told('Debtor D owes CNY 850 at 2024-12-02, 85.00 % of its limit of 1,000');
    await app.importCsv(app.admin, 'receivables', `${RECEIVABLES}B,D,trade,CNY,100.00,2024-12-01,,2025-03-31,B\n`);
    await becomes('Limits', ['80 % D firing', '90 % D firing']);
    await pay('P1', 'B', '100.00', '2024-12-02');
    await becomes('Limits', ['80 % D firing', '90 % D resolved']);
  });

  it('a feed that is late is told on the third business day of the tenant, and the import that comes ends it', async () => {
    const feeds = await define('Feeds', { type: 'stale-feed', feeds: ['receivables'], days: 3 });
    // Wednesday evening in Shanghai: two business days.
    clock.goTo('2024-12-04');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await becomes('Feeds', []);
    // Wednesday, 17:00 in London is Thursday, 01:00 in Shanghai.
    clock.addMs(5 * 3_600_000);
    await becomes('Feeds', ['receivables firing']);
    await told('The last import of receivables was completed on 2024-12-02, 3 business days before 2024-12-05');
    await app.importCsv(app.admin, 'receivables', `${RECEIVABLES}C,E,trade,CNY,500.00,2024-12-04,,2024-12-20,C\n`);
    await becomes('Feeds', ['receivables resolved']);
    // By the calendar of Shanghai it came today; by that of London it would be a day old already.
    const { evaluation } = await ok<{ evaluation: { asOf: string; results: { after: string }[] } }>(
      manager('GET', `/v1/alert-rules/${feeds}`),
    );
    expect([evaluation.asOf, Number(evaluation.results[0]?.after)]).toEqual(['2024-12-05', 0]);
  });

  it('an overdue debtor is told on its day, and no more once it has paid', async () => {
    await define('Overdue', { type: 'overdue-debtor', measure: 'days', enter: '10', currency: 'CNY', minimum: '100.00' });
    clock.goTo('2024-12-09');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await becomes('Overdue', []);
    clock.goTo('2024-12-10');
    await becomes('Overdue', ['D firing']);
    await told('Debtor D has CNY 850 overdue at 2024-12-10, the oldest since 2024-11-30, 10 days');
    await pay('P2', 'A', '850.00', '2024-12-10');
    await becomes('Overdue', ['D resolved']);
    const [alert] = await alertsOf('Overdue');
    expect((await ok<Fired>(manager('GET', `/v1/alerts/${alert?.id ?? ''}`))).resolution).toBe('below-exit');
  });

  it('a close that fails is told with its reason, and made good by the close that succeeds', async () => {
    await define('Jobs', { type: 'failed-job' });
    await app.importCsv(app.admin, 'receivables', `${RECEIVABLES}U,E,trade,USD,10.00,2024-12-01,,2025-12-31,U\n`);
    await ok(manager('POST', '/v1/closes', { asOf: '2024-12-09' }));
    await becomes('Jobs', ['close firing']);
    const [failed] = await alertsOf('Jobs');
    expect(failed?.cause).toMatch(/^close 2024-12-09 failed: fx-rate-missing: /);
    await app.importCsv(app.admin, 'fx-rates', 'base,quote,rate,effective_on\nUSD,CNY,7,2024-01-01\n');
    await ok(manager('POST', '/v1/closes', { asOf: '2024-12-09' }));
    await becomes('Jobs', ['close resolved']);
  });

  it('a job that was given up is told within the minute, though no event says so', async () => {
    await owner(`INSERT INTO pf.intent (tenant_id, intent_id, kind, key, payload, state, not_before, trigger_until, reason, finished_at)
      VALUES (1, gen_random_uuid(), 'checkpoint', 'book', '{}', 'dead', now(), now(), 'the disk is full', now())`);
    clock.addMs(60_000);
    await becomes('Jobs', ['checkpoint firing', 'close resolved']);
    await told('checkpoint book failed: the disk is full');
    await owner(`UPDATE pf.intent SET state = 'done' WHERE state = 'dead'`);
    clock.addMs(60_000);
    await becomes('Jobs', ['checkpoint resolved', 'close resolved']);
  });

  it('a broken promise is told, stays told while a part is open, and ends when the rest is paid', async () => {
    await define('Promises', { type: 'broken-promise' });
    const amount = { amount: '500.00', currency: 'CNY' };
    await ok(manager('POST', '/v1/debtors/E/promises', { amount, dueOn: '2024-12-12', receivableIds: ['C'] }));
    clock.goTo('2024-12-18');
    await eventually(async () => (await alertsOf('Promises')).some(({ state }) => state === 'firing'), WAIT_MS, 'the broken promise told');
    const [alert] = await alertsOf('Promises');
    expect(alert?.cause).toBe('Debtor E promised CNY 500 by 2024-12-12 and paid nothing of it in time: CNY 500 is open');
    await told(alert?.cause ?? '');
    await pay('P3', 'C', '499.99', '2024-12-17');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await alertsOf('Promises'))[0]?.state).toBe('firing');
    await pay('P4', 'C', '0.01', '2024-12-18');
    await eventually(async () => (await alertsOf('Promises'))[0]?.state === 'resolved', WAIT_MS, 'the promise paid');
  });

  it('the checks of the book itself say every day that all is well, and a forged event is told as critical', async () => {
    const chain = await define('Chain', { type: 'broken-chain' });
    const drift = await define('Drift', { type: 'projection-drift' });
    const said = async (id: string): Promise<string | undefined> => {
      const rule = await ok<{ evaluation: { results: { reason: string }[] } | null }>(manager('GET', `/v1/alert-rules/${id}`));
      return rule.evaluation?.results[0]?.reason;
    };
    await eventually(async () => (await said(chain)) === 'below-exit' && (await said(drift)) === 'below-exit', WAIT_MS, 'both checks made');
    // What only a superuser can do, and only under a seal made since the last look.
    await owner(`ALTER TABLE es.event_000000 DISABLE TRIGGER ALL; ALTER TABLE es.seal DISABLE TRIGGER ALL;
      UPDATE es.event_000000 SET data = data || '{"reference":"forged"}' WHERE position = 5;
      DELETE FROM al.chain_check WHERE pass = 'new';
      ALTER TABLE es.event_000000 ENABLE TRIGGER ALL; ALTER TABLE es.seal ENABLE TRIGGER ALL`);
    clock.addDays(1);
    await becomes('Chain', ['log firing']);
    const [alert] = await alertsOf('Chain');
    expect([alert?.severity, alert?.cause]).toEqual(['critical', expect.stringMatching(/^The log does not verify: event 5: /)]);
    await becomes('Drift', []);
  });
});
