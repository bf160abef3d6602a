import { eventually } from '@app/testing';
import { finished, ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

interface Money {
  readonly amount: string;
  readonly currency: string;
}
interface Movement {
  readonly opening: Money;
  readonly closing: Money;
  readonly legs: readonly { readonly cause: string; readonly amount: Money }[];
}

jest.setTimeout(60_000);

const SCHEME = 'months-6-12-24-36';
const LABELS = ['Up to 6 months', '6 months to 1 year', '1 to 2 years', '2 to 3 years', 'More than 3 years'];

let app: StartedApp;
let maker: Caller;
let checker: Caller;
let first: { readonly id: string };

beforeAll(async () => {
  app = await startApp();
  maker = await app.principal('maker', ['manager', 'ingest', 'controller']);
  checker = await app.principal('checker', ['approver', 'auditor']);
  first = await runAsOf('2024-01-01');
});
afterAll(() => app.stop());

describe('a book without a receivable, and so without a currency', () => {
  it('gives nothing in every figure made from a run, so that nobody who starts is told of an error', async () => {
    const nothing = { amount: '0', currency: 'XXX' };
    for (const path of [
      `/v1/provision-runs/${first.id}/journal`,
      `/v1/allowance-bridge?from=${first.id}&to=${first.id}`,
      '/v1/allowance-bridge?from=2023-01-01&to=2024-01-01',
      '/v1/gross-roll-forward?from=2023-01-01&to=2024-01-01',
    ]) {
      expect(await ok<Movement>(checker('GET', path))).toMatchObject({ opening: nothing, closing: nothing });
    }
    expect(await ok(checker('GET', `/v1/provision-runs/${first.id}/verify`))).toMatchObject({ verified: true });
    expect(await ok(checker('GET', `/v1/provision-runs/${first.id}/late-facts`))).toMatchObject({ problemCode: null });
  });

  it('may be booked, and the first run with receivables is booked against it, so that an early start blocks no later close', async () => {
    await book(first.id);
    await app.importCsv(
      maker,
      'debtors',
      'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency\nD1,One,,,,0,,\n',
    );
    await app.importCsv(
      maker,
      'receivables',
      'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\nR1,D1,trade,CNY,1000.00,2024-01-15,,,\n',
    );
    const rates = LABELS.map((bucket) => ({ segment: '*', bucket, rate: '0.2' }));
    await ok(maker('POST', '/v1/loss-rate-sets', { id: 'L', kind: 'trade', scheme: SCHEME, effectiveOn: '2024-01-01', rates }));
    await ok(checker('POST', '/v1/loss-rate-sets/L/approve', {}));
    const second = await runAsOf('2024-01-31');
    const bridge = await ok<Movement>(checker('GET', `/v1/allowance-bridge?from=${first.id}&to=${second.id}`));
    expect(bridge).toMatchObject({ opening: { amount: '0.00', currency: 'CNY' }, closing: { amount: '200.00', currency: 'CNY' } });
    expect(bridge.legs.find(({ cause }) => cause === 'new-receivables')?.amount.amount).toBe('200.00');
    await book(second.id);
    expect(await ok(checker('GET', `/v1/provision-runs/${second.id}/journal`))).toMatchObject({ againstRunId: first.id });
  });
});

async function runAsOf(asOf: string): Promise<{ id: string }> {
  const { id } = await ok<{ id: string }>(maker('POST', '/v1/provision-runs', { asOf }));
  expect(await finished(maker, `/v1/provision-runs/${id}`)).toMatchObject({ status: 'completed' });
  return { id };
}

async function book(runId: string): Promise<void> {
  await ok(checker('POST', `/v1/provision-runs/${runId}/approve`, {}));
  await ok(checker('POST', `/v1/provision-runs/${runId}/post`, {}));
  await eventually(async () => {
    const { lifecycle } = await ok<{ lifecycle: string }>(checker('GET', `/v1/provision-runs/${runId}`));
    return lifecycle === 'posted';
  });
}
