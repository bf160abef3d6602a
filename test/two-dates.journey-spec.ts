import { ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

interface Ageing {
  readonly position: number;
  readonly knownAt: string;
  readonly groups: readonly { readonly key: string; readonly buckets: readonly { label: string; amount: { amount: string } }[] }[];
}

const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n';

/** A year-end is asked for again, after later facts and after a restart. */
describe('the year-end as it was known', () => {
  let app: StartedApp;
  let manager: Caller;
  let knownBefore: string;

  const byKey = async (asOf: string, more = ''): Promise<string> => {
    const ageing = await ok<Ageing>(manager('GET', `/v1/ageing?asOf=${asOf}${more}`));
    const nonZero = (group: Ageing['groups'][number]): string =>
      group.buckets
        .filter(({ amount }) => !/^0(\.0+)?$/.test(amount.amount))
        .map(({ label, amount }) => `${label}=${amount.amount}`)
        .join(',');
    return ageing.groups.map((group) => `${group.key}: ${nonZero(group)}`).join('; ');
  };

  beforeAll(async () => {
    app = await startApp();
    manager = await app.principal('Manager', ['manager', 'ingest', 'controller']);
    await app.importCsv(
      manager,
      'debtors',
      'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,effective_on\n' +
        'D1,One,std,false,CN,90,,,2020-01-01\nD2,Two,std,true,CN,90,,,2020-01-01\n',
    );
    await app.importCsv(
      manager,
      'receivables',
      `${RECEIVABLES}A,D1,trade,CNY,100.00,2023-06-30,,,A\nB,D2,trade,CNY,29.92,2023-10-01,,,B\n`,
    );
    knownBefore = (await ok<Ageing>(manager('GET', '/v1/ageing?asOf=2023-12-31'))).knownAt;
    await app.importCsv(manager, 'receivables', `${RECEIVABLES}C,D1,trade,CNY,7.00,2023-12-01,,,C\n`);
    await app.importCsv(
      manager,
      'debtors',
      'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,effective_on\nD1,One,std,true,CN,90,,,2024-02-01\n',
    );
  }, 120_000);
  afterAll(() => app.stop());

  const expectYearEnds = async (): Promise<void> => {
    expect(await byKey('2023-12-31', `&knownAt=${encodeURIComponent(knownBefore)}`)).toBe(
      'total: Up to 6 months=29.92,6 months to 1 year=100.00',
    );
    expect(await byKey('2023-12-31')).toBe('total: Up to 6 months=36.92,6 months to 1 year=100.00');
    expect(await byKey('2023-12-31', '&groupBy=related')).toBe(
      'false: Up to 6 months=7.00,6 months to 1 year=100.00; true: Up to 6 months=29.92',
    );
    expect(await byKey('2024-02-01', '&groupBy=related')).toBe('true: Up to 6 months=36.92,6 months to 1 year=100.00');
  };

  it('changes for those who ask after a late invoice arrived and for nobody before, or a signed figure could move', expectYearEnds);

  it('gives the same answers to a replay by position and moment', async () => {
    const first = await ok<Ageing>(manager('GET', '/v1/ageing?asOf=2023-12-31'));
    const again = await ok<Ageing>(manager('GET', `/v1/ageing?asOf=2023-12-31&knownAt=${encodeURIComponent(first.knownAt)}`));
    expect(again).toEqual(first);
  });

  it('opens a figure down to the debtor, the receivable and its events', async () => {
    const debtor = await ok<{ name: string; balances: { outstanding: { amount: string } }[] }>(
      manager('GET', '/v1/debtors/D1?asOf=2023-12-31'),
    );
    expect([debtor.name, debtor.balances[0]?.outstanding.amount]).toEqual(['One', '107.00']);
    const open = await ok<{ items: { id: string }[]; next: string | null }>(
      manager('GET', '/v1/debtors/D1/receivables?asOf=2023-12-31&limit=1'),
    );
    expect(open.items.map(({ id }) => id)).toEqual(['A']);
    const rest = await ok<{ items: { id: string }[] }>(manager('GET', `/v1/debtors/D1/receivables?limit=1&cursor=${String(open.next)}`));
    expect(rest.items.map(({ id }) => id)).toEqual(['C']);
    const events = await ok<{ items: { type: string; importRow: number }[] }>(manager('GET', '/v1/receivables/C/events'));
    expect(events.items).toEqual([expect.objectContaining({ type: 'ReceivableRecognised', importRow: 2 })]);
  });

  it('refuses a scheme that is no partition of time, naming the bucket', async () => {
    const overlap = {
      id: 'overlap',
      basis: 'due',
      buckets: [
        { label: 'a', upTo: { days: 30 } },
        { label: 'b', upTo: { days: 30 } },
        { label: 'c', over: true },
      ],
    };
    const refused = await manager('POST', '/v1/ageing-schemes', overlap);
    expect([refused.status, (refused.json as { code: string }).code]).toEqual([422, 'ageing-scheme-invalid']);
    expect(refused.text).toContain('buckets[1]');
  });

  it('shows what was paid beyond the debt as a liability from its own date and once it is known, or customers would be owed money nobody sees', async () => {
    const known = (await ok<Ageing>(manager('GET', '/v1/ageing?asOf=2024-06-30'))).knownAt;
    await app.importCsv(
      manager,
      'movements',
      'movement_id,receivable_id,type,amount,effective_on,reference,debtor_id\nP1,A,payment,130.00,2024-03-15,bank,\nP2,,payment,5.50,2024-04-15,bank,D2\n',
    );
    const figures = async (asOf: string, more = ''): Promise<string[]> => {
      const { creditBalance, groups } = await ok<{
        creditBalance: { amount: string };
        groups: { key: string; total: { amount: string }; creditBalance?: { amount: string } }[];
      }>(manager('GET', `/v1/ageing?asOf=${asOf}&groupBy=debtor${more}`));
      return [creditBalance.amount, ...groups.map((group) => `${group.key} ${group.total.amount} ${group.creditBalance?.amount ?? '-'}`)];
    };
    expect(await figures('2024-03-14')).toEqual(['0.00', 'D1 107.00 -', 'D2 29.92 -']);
    expect(await figures('2024-03-15')).toEqual(['30.00', 'D1 7.00 30.00', 'D2 29.92 -']);
    expect(await figures('2024-04-15')).toEqual(['35.50', 'D1 7.00 30.00', 'D2 29.92 5.50']);
    expect(await figures('2024-04-15', `&knownAt=${encodeURIComponent(known)}`)).toEqual(['0.00', 'D1 107.00 -', 'D2 29.92 -']);
    const outstandingOn = async (asOf: string): Promise<string> =>
      (await ok<{ outstanding: { amount: string } }>(manager('GET', `/v1/receivables/A?asOf=${asOf}`))).outstanding.amount;
    expect([await outstandingOn('2024-03-14'), await outstandingOn('2024-03-15')]).toEqual(['100.00', '0.00']);
  }, 60_000);

  it('holds after a restart', async () => {
    await app.restart();
    await expectYearEnds();
  }, 60_000);

  it('refuses to know the future', async () => {
    const refused = await manager('GET', '/v1/ageing?asOf=2023-12-31&knownAt=2199-01-01T00:00:00Z');
    expect([refused.status, (refused.json as { code: string }).code]).toEqual([422, 'known-at-in-future']);
  });
});
