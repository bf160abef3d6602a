import { finished, ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

const DEBTORS = 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n';
const TOTALS = 'entity_id,kind,currency,account,as_of,amount\n';

interface Import {
  readonly id: string;
  readonly status: string;
  readonly accepted: number;
  readonly rejected: number;
  readonly unchanged: number;
}

interface ControlTotals {
  readonly position: number;
  readonly items: readonly {
    readonly account: string;
    readonly stated: { amount: string };
    readonly book: { amount: string };
    readonly difference: { amount: string };
    readonly explained: boolean;
    readonly reason: string | null;
  }[];
}

describe('whether the book is complete', () => {
  let app: StartedApp;
  let api: Caller;
  let manager: Caller;
  beforeAll(async () => {
    app = await startApp();
    api = app.admin;
    manager = await app.principal('manager', ['manager']);
    await app.importCsv(api, 'debtors', `${DEBTORS}D1,One,std,false,CN,30,,\nD2,Two,std,false,CN,30,,\n`);
  }, 60_000);
  afterAll(() => app.stop(), 30_000);

  const bring = async (path: string, csv: string): Promise<Import> => {
    const { id } = await ok<{ id: string }>(api('POST', `/v1/imports/${path}`, csv));
    return finished<Import>(api, `/v1/imports/${id}`);
  };

  describe('by control totals', () => {
    const totals = (asOf: string, knownAt?: string): Promise<ControlTotals> =>
      ok(api('GET', `/v1/control-totals?asOf=${asOf}${knownAt === undefined ? '' : `&knownAt=${encodeURIComponent(knownAt)}`}`));
    const line = async (asOf: string, knownAt?: string): Promise<string> => {
      const { items } = await totals(asOf, knownAt);
      return items
        .map((i) => `${i.account}: ${i.stated.amount} - ${i.book.amount} = ${i.difference.amount} ${i.explained ? 'explained' : 'open'}`)
        .join('; ');
    };
    const explain = (amount: string, account = '1122') =>
      manager('POST', '/v1/control-differences', {
        ...{ entityId: 'main', kind: 'trade', currency: 'CNY', account, asOf: '2024-06-30', amount, reason: 'in transit' },
      });

    it('shows what the ledger states, what the book owes and the difference, or nobody would know what is missing', async () => {
      await app.importCsv(
        api,
        'receivables',
        `${RECEIVABLES}C1,D1,trade,CNY,1000.00,2024-01-31,,,C1\nC2,D2,other,CNY,50.00,2024-01-31,,,C2\n`,
      );
      expect(
        await bring('control-totals', `${TOTALS}main,trade,CNY,1122,2024-06-30,1010.50\n,other,CNY,1221,2024-06-30,50.00\n`),
      ).toMatchObject({
        ...{ status: 'completed', accepted: 2, rejected: 0 },
      });
      expect(await line('2024-06-30')).toBe('1221: 50.00 - 50.00 = 0.00 explained; 1122: 1010.50 - 1000.00 = 10.50 open');
      expect(await line('2024-07-31')).toBe('');
    });

    it('takes the same total again for nothing new and another one for a correction that earlier readings do not know', async () => {
      const before = new Date().toISOString();
      expect(await bring('control-totals', `${TOTALS}main,trade,CNY,1122,2024-06-30,1010.50\n`)).toMatchObject({
        accepted: 0,
        unchanged: 1,
      });
      expect(await bring('control-totals', `${TOTALS}main,trade,CNY,1122,2024-06-30,1012.00\n`)).toMatchObject({
        accepted: 1,
        unchanged: 0,
      });
      expect(await line('2024-06-30')).toContain('1122: 1012.00 - 1000.00 = 12.00 open');
      expect(await line('2024-06-30', before)).toContain('1122: 1010.50 - 1000.00 = 10.50 open');
    });

    it('explains a difference for exactly its amount, or a later error of any size would pass for explained', async () => {
      expect((await explain('10.50')).json).toMatchObject({ status: 409, code: 'control-difference-changed', difference: '12.00' });
      expect((await explain('12.00', '9999')).json).toMatchObject({ status: 404, code: 'control-total-not-found' });
      expect((await explain('12')).status).toBe(201);
      expect(await line('2024-06-30')).toContain('= 12.00 explained');
      await bring('control-totals', `${TOTALS}main,trade,CNY,1122,2024-06-30,1013.00\n`);
      expect(await line('2024-06-30')).toContain('= 13.00 open');
    });

    it('compares accounts that share a kind together, or each would claim the whole book', async () => {
      await bring('control-totals', `${TOTALS}main,trade,CNY,1124,2024-06-30,-13.00\n`);
      expect(await line('2024-06-30')).toContain('1122 + 1124: 1000.00 - 1000.00 = 0.00 explained');
    });

    it('refuses a file that contradicts itself, and rows without an account, by their rows', async () => {
      const file = `${TOTALS}main,trade,CNY,1,2024-05-31,1\nmain,trade,CNY,1,2024-05-31,2\nmain,trade,CNY,,2024-05-31,2\nmain,cash,CNY,2,2024-05-31,2\n`;
      const done = await bring('control-totals', file);
      expect(done).toMatchObject({ accepted: 1, rejected: 3 });
      const { text } = await api('GET', `/v1/imports/${done.id}/rejects`);
      expect(text.match(/,(conflict|value-missing|kind-unknown),/g)).toEqual([',conflict,', ',value-missing,', ',kind-unknown,']);
    });
  });
});
