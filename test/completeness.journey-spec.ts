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

  describe('by lists of open items', () => {
    const ITEMS = RECEIVABLES;
    const outstanding = async (id: string): Promise<string> =>
      (await ok<{ outstanding: { amount: string } }>(api('GET', `/v1/receivables/${id}`))).outstanding.amount;
    const facts = async (): Promise<number> => (await ok<{ position: number }>(api('GET', '/v1/control-totals?asOf=2020-01-01'))).position;

    beforeAll(async () => {
      const rows = ['O1,D1,trade,USD,100.00', 'O2,D1,trade,USD,200.00', 'O3,D2,trade,USD,300.00'].map((row) => `${row},2024-01-31,,,x`);
      await app.importCsv(api, 'receivables', `${RECEIVABLES}${rows.join('\n')}\nON,D2,note_bank,USD,9.00,2024-01-31,,,x\n`);
    });

    const list = [
      'O1,D1,trade,USD,100.00,2024-01-31,,,x',
      'O2,D1,trade,USD,120.00,2024-01-31,,,x',
      'O3,D2,trade,USD,3.001,2024-01-31,,,x',
      'O4,D2,trade,USD,44.00,2024-02-29,,,x',
      'O5,D2,trade,USD,-30.00,2024-02-29,,,x',
    ];

    it('refuses a list that does not say on which date its items are open, and other files that do', async () => {
      expect((await api('POST', '/v1/imports/open-items', `${ITEMS}${list.join('\n')}`)).json).toMatchObject({
        status: 422,
        code: 'as-of-missing',
      });
      expect((await api('POST', '/v1/imports/open-items?asOf=2024-02-30', ITEMS)).json).toMatchObject({
        status: 422,
        code: 'date-invalid',
      });
      expect((await api('POST', '/v1/imports/open-items?asOf=9999-01-01', ITEMS)).json).toMatchObject({ status: 422 });
      expect((await api('POST', '/v1/imports/receivables?asOf=2024-06-30', RECEIVABLES)).json).toMatchObject({ code: 'validation-failed' });
    });

    it('brings the book to the list, settles what vanished, leaves the refused line alone, and adds nothing the second time', async () => {
      const path = 'open-items?asOf=2024-06-30&kinds=trade';
      // Receivables of the control totals above are in the same entity and kind: the list names them as well.
      const file = `${ITEMS}${['C1,D1,trade,CNY,1000.00,2024-01-31,,,C1', ...list.slice(1)].join('\n')}\n`;
      const first = await bring(path, file);
      expect(first).toMatchObject({ status: 'completed', accepted: 3, unchanged: 1, rejected: 1 });
      expect(first).toMatchObject({ openItems: { asOf: '2024-06-30', entityId: 'main', kinds: ['trade'], vanished: 1 } });
      const after = await Promise.all(['O1', 'O2', 'O3', 'O4', 'ON'].map(outstanding));
      expect(after).toEqual(['0.00', '120.00', '300.00', '44.00', '9.00']);
      const before = await ok<{ outstanding: { amount: string } }>(api('GET', '/v1/receivables/O1?asOf=2024-06-29'));
      expect(before.outstanding.amount).toBe('100.00');
      const o1 = await ok<{ movements: { type: string; effectiveOn: string }[] }>(api('GET', '/v1/receivables/O1'));
      expect(o1.movements).toMatchObject([{ type: 'unclassified', effectiveOn: '2024-06-30' }]);
      const known = await facts();
      const second = await bring(path, file);
      expect(second).toMatchObject({ accepted: 0, unchanged: 4, rejected: 1, openItems: { vanished: 0 } });
      // The import itself is recorded: that it was received and that it ended.
      expect((await facts()) - known).toBe(2);
    });

    it('refuses unclassified settlements in a file of movements, where nobody could tell where they come from', async () => {
      const done = await bring(
        'movements',
        'movement_id,receivable_id,type,amount,effective_on,reference\nM1,O2,unclassified,1,2024-07-01,x\n',
      );
      expect((await api('GET', `/v1/imports/${done.id}/rejects`)).text).toContain(',movement-type-derived,');
    });
  });

  describe('by cash put where it belongs', () => {
    interface Allocated {
      readonly id: string;
      readonly allocated: { amount: string };
      readonly items: readonly { readonly receivableId: string; readonly movementId: string; readonly amount: { amount: string } }[];
    }
    let controller: Caller;
    let key: string;
    beforeAll(async () => {
      const { id } = await ok<{ id: string }>(api('POST', '/v1/principals', { name: 'cash', roles: ['controller'] }));
      ({ key } = await ok<{ key: string }>(api('POST', `/v1/principals/${id}/keys`, {})));
      controller = await app.principal('controller', ['controller', 'viewer']);
      await app.importCsv(api, 'debtors', `${DEBTORS}D7,Seven,std,false,CN,30,,\n`);
      const rows = ['P3,D7,trade,EUR,100.00,2024-03-31', 'P1,D7,trade,EUR,100.00,2024-01-31', 'P2,D7,other,EUR,100.00,2024-02-29'];
      await app.importCsv(
        api,
        'receivables',
        `${RECEIVABLES}${rows.map((row) => `${row},,,x\n`).join('')}PX,D1,trade,EUR,1,2024-03-31,,,x\n`,
      );
      const movement =
        'movement_id,receivable_id,type,amount,effective_on,reference,debtor_id,currency\nU1,,payment,150.00,2024-04-30,bank,D7,EUR\n';
      await app.importCsv(api, 'movements', movement);
    });
    const allocate = (body: object) =>
      controller('POST', '/v1/debtors/D7/allocations', { currency: 'EUR', effectiveOn: '2024-05-31', ...body });
    const state = async (asOf: string): Promise<string> => {
      const debtor = await ok<{ creditBalances: { amount: { amount: string; currency: string } }[] }>(
        api('GET', `/v1/debtors/D7?asOf=${asOf}`),
      );
      const open = await ok<{ items: { id: string; outstanding: { amount: string } }[] }>(
        api('GET', `/v1/debtors/D7/receivables?asOf=${asOf}`),
      );
      return [
        ...open.items.map((item) => `${item.id} ${item.outstanding.amount}`),
        ...debtor.creditBalances.map((c) => `credit ${c.amount.amount}`),
      ].join(', ');
    };

    it.each([
      ['more than the credit holds', { oldestFirst: true, amount: '150.01' }, 422, 'exceeds-credit-balance'],
      ['credit before it came', { oldestFirst: true, effectiveOn: '2024-04-29' }, 409, 'nothing-to-allocate'],
      ['more than an item owes', { items: [{ receivableId: 'P1', amount: '100.01' }] }, 422, 'exceeds-outstanding'],
      ['onto what another debtor owes', { items: [{ receivableId: 'PX', amount: '1' }] }, 422, 'debtor-mismatch'],
      ['onto nothing that is known', { items: [{ receivableId: 'P9', amount: '1' }] }, 422, 'receivable-unknown'],
      ['in another currency', { currency: 'USD', items: [{ receivableId: 'P1', amount: '1' }] }, 422, 'currency-mismatch'],
      ['in both ways at once', { oldestFirst: true, items: [{ receivableId: 'P1', amount: '1' }] }, 422, 'validation-failed'],
      ['nothing', { items: [{ receivableId: 'P1', amount: '0' }] }, 422, 'validation-failed'],
    ])('refuses to put %s, and moves nothing', async (_name, body, status, code) => {
      expect((await allocate(body)).json).toMatchObject({ status, code });
      expect(await state('2024-05-31')).toBe('P1 100.00, P2 100.00, P3 100.00, credit 150.00');
    });

    it('puts credit onto the oldest first, once, however often the request is made, from its date on', async () => {
      const send = (): Promise<Response> =>
        fetch(`${app.baseUrl}/v1/debtors/D7/allocations`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': 'alloc-1' },
          body: JSON.stringify({ currency: 'EUR', effectiveOn: '2024-05-31', oldestFirst: true, amount: '120.00' }),
        });
      const first = (await (await send()).json()) as Allocated;
      expect(first).toMatchObject({ allocated: { amount: '120.00', currency: 'EUR' } });
      expect(first.items.map((item) => `${item.receivableId} ${item.amount.amount}`)).toEqual(['P1 100.00', 'P2 20.00']);
      expect(await (await send()).json()).toEqual(first);
      expect(await state('2024-05-31')).toBe('P2 80.00, P3 100.00, credit 30.00');
      expect(await state('2024-05-30')).toBe('P1 100.00, P2 100.00, P3 100.00, credit 150.00');
    });

    it('puts stated amounts where they are stated, as movements that say they are no cash', async () => {
      const done = await ok<Allocated>(allocate({ items: [{ receivableId: 'P3', amount: '30' }] }));
      expect(await state('2024-05-31')).toBe('P2 80.00, P3 70.00');
      const { movements } = await ok<{ movements: object[] }>(api('GET', '/v1/receivables/P3'));
      expect(movements).toMatchObject([
        { id: done.items[0]?.movementId, type: 'allocation', gross: { amount: '-30.00' }, credit: { amount: '-30.00' } },
      ]);
    });

    it('knows no debtor that is not there, and lets nobody else', async () => {
      const body = { currency: 'EUR', effectiveOn: '2024-05-31', oldestFirst: true };
      expect((await controller('POST', '/v1/debtors/D99/allocations', body)).json).toMatchObject({ status: 404, code: 'debtor-not-found' });
      expect((await manager('POST', '/v1/debtors/D7/allocations', body)).status).toBe(403);
    });
  });

  describe('by what settlements turned out to be', () => {
    interface Receivable {
      readonly outstanding: { amount: string };
      readonly takenOn: string | null;
      readonly movements: readonly { readonly id: string; readonly type: string }[];
    }
    const read = (id: string, query = ''): Promise<Receivable> => ok(api('GET', `/v1/receivables/${id}${query}`));
    const classify = (id: string, body: object) => manager('POST', `/v1/movements/${encodeURIComponent(id)}/classification`, body);

    it('says what an unclassified settlement was from when it was known, and leaves earlier readings as they were', async () => {
      const columns = `${RECEIVABLES.trim()},entity_id,taken_on\n`;
      await app.importCsv(api, 'receivables', `${columns}V1,D2,trade,GBP,80.00,2024-01-31,,,x,sub,2024-01-31\n`);
      await bring('open-items?asOf=2024-06-30&entity=sub&kinds=trade', RECEIVABLES);
      const { takenOn, movements } = await read('V1');
      expect([takenOn, movements.map((each) => each.type)]).toEqual(['2024-01-31', ['unclassified']]);
      const id = movements[0]?.id ?? '';
      const before = new Date().toISOString();
      expect((await classify(id, { type: 'disposal', reason: 'sold' })).json).toMatchObject({ status: 422 });
      expect((await classify('nope', { type: 'payment', reason: 'bank' })).json).toMatchObject({ status: 404, code: 'movement-not-found' });
      expect((await classify(id, { type: 'write_off', reason: 'insolvent' })).json).toEqual({ id, type: 'write_off' });
      expect((await read('V1')).movements.map((each) => each.type)).toEqual(['write_off']);
      expect((await read('V1', `?knownAt=${before}`)).movements.map((each) => each.type)).toEqual(['unclassified']);
      expect((await classify(id, { type: 'payment', reason: 'bank' })).json).toMatchObject({
        status: 409,
        code: 'movement-not-unclassified',
      });
      // Written off it can be recovered, which an unclassified settlement cannot.
      await app.importCsv(
        api,
        'movements',
        'movement_id,receivable_id,type,amount,effective_on,reference\nV1R,V1,recovery,5.00,2024-09-30,x\n',
      );
    });
  });

  describe('by what is known of debtors', () => {
    interface Debtor {
      readonly segment: string;
      readonly relatedParty: boolean;
      readonly creditImpaired: boolean;
      readonly termsDays: number | null;
      readonly creditLimit: { amount: string } | null;
      readonly name: string;
    }
    const debtor = (asOf: string): Promise<Debtor> => ok(api('GET', `/v1/debtors/D8?asOf=${asOf}`));
    const amend = (body: object) => manager('POST', '/v1/debtors/D8/amendments', body);
    const feed = (line: string, more = '') => bring('debtors', `${DEBTORS.trim()}${more}\n${line}\n`);

    it('keeps the credit-impaired flag as a fact of its date, whatever a feed without the column sends later', async () => {
      expect(await feed('D8,Eight,std,false,CN,30,,,2024-03-31,yes', ',effective_on,credit_impaired')).toMatchObject({ accepted: 1 });
      expect(await debtor('2024-03-31')).toMatchObject({ creditImpaired: true });
      expect(await feed('D8,Eight,public,false,CN,30,,,2024-05-31', ',effective_on')).toMatchObject({ accepted: 1 });
      expect(await debtor('2024-06-30')).toMatchObject({ segment: 'public', creditImpaired: true });
      expect(await feed('D8,Eight,public,false,CN,30,,,2024-06-30,no', ',effective_on,credit_impaired')).toMatchObject({ accepted: 1 });
      expect(await feed('D8,Eight,public,false,CN,30,,,2024-06-30,no', ',effective_on,credit_impaired')).toMatchObject({ unchanged: 1 });
      expect([(await debtor('2024-06-29')).creditImpaired, (await debtor('2024-06-30')).creditImpaired]).toEqual([true, false]);
      expect(await feed('D8,Eight,public,false,CN,30,,,2024-06-30,perhaps', ',effective_on,credit_impaired')).toMatchObject({
        rejected: 1,
      });
    });

    it('amends a debtor from a day on and leaves what is dated later, what is not named and who it is', async () => {
      const limit = { amount: '500.00', currency: 'CNY' };
      const first = await ok<{ changed: boolean }>(
        amend({ effectiveOn: '2024-04-30', creditImpaired: false, termsDays: 60, creditLimit: limit }),
      );
      expect(first.changed).toBe(true);
      expect(await debtor('2024-04-30')).toMatchObject({
        name: 'Eight',
        segment: 'std',
        creditImpaired: false,
        termsDays: 60,
        creditLimit: limit,
      });
      expect(await debtor('2024-04-29')).toMatchObject({ creditImpaired: true, termsDays: 30, creditLimit: null });
      expect(await debtor('2024-05-31')).toMatchObject({ segment: 'public', creditImpaired: true, termsDays: 30 });
      expect(await ok(amend({ effectiveOn: '2024-04-30', termsDays: 60 }))).toMatchObject({ changed: false });
      expect(await ok(amend({ effectiveOn: '2024-04-30', creditLimit: null }))).toMatchObject({ changed: true });
      expect(await debtor('2024-04-30')).toMatchObject({ creditLimit: null });
    });

    it.each([
      ['nothing', { effectiveOn: '2024-04-30' }],
      ['no date', { segment: 'x' }],
      ['a name, which is not amended here', { effectiveOn: '2024-04-30', name: 'x' }],
      ['terms of a fraction', { effectiveOn: '2024-04-30', termsDays: 1.5 }],
    ])('refuses to amend %s', async (_name, body) => {
      expect((await amend(body)).json).toMatchObject({ status: 422, code: 'validation-failed' });
      expect((await manager('POST', '/v1/debtors/D99/amendments', { effectiveOn: '2024-04-30', segment: 'x' })).json).toMatchObject({
        status: 404,
      });
    });
  });

  describe('by what was written off and is still pursued', () => {
    interface Amounts {
      readonly writtenOff: { amount: string };
      readonly recovered: { amount: string };
      readonly underEnforcement: { amount: string };
    }
    interface Register {
      readonly items: readonly (Amounts & {
        readonly receivableId: string;
        readonly reason: string;
        readonly enforcementEndedOn: string | null;
      })[];
      readonly next: string | null;
      readonly totals: readonly (Amounts & { readonly currency: string; readonly receivables: number })[];
      readonly total: Amounts;
    }
    const register = (query: string): Promise<Register> => ok(api('GET', `/v1/write-off-register?currency=SGD&${query}`));
    const text = ({ writtenOff, recovered, underEnforcement }: Amounts): string =>
      `${writtenOff.amount} - ${recovered.amount}: ${underEnforcement.amount}`;
    const lines = async (query: string): Promise<string[]> =>
      (await register(query)).items
        .filter((item) => item.receivableId.startsWith('W'))
        .map((item) => `${item.receivableId} ${text(item)} ${item.reason}`);
    const end = (id: string, on: string) =>
      manager('POST', `/v1/write-off-register/${id}/enforcement-ended`, { on, reason: 'time-barred' });

    beforeAll(async () => {
      await app.importCsv(api, 'fx-rates', 'base,quote,rate,effective_on\nGBP,SGD,1.7,2020-01-01\n');
      const rows = ['W1,D2,trade,SGD,100.00,2023-01-31', 'W2,D2,other,SGD,50.00,2023-01-31'];
      await app.importCsv(api, 'receivables', `${RECEIVABLES}${rows.map((row) => `${row},,,x\n`).join('')}`);
      const movements = [
        'W1a,W1,write_off,60.00,2023-06-30,x,insolvent',
        'W1r,W1,recovery,25.00,2023-09-30,x,',
        'W1b,W1,write_off,40.00,2024-06-30,x,dissolved',
        'W2a,W2,write_off,50.00,2024-03-31,x,fraud',
      ];
      await app.importCsv(
        api,
        'movements',
        `movement_id,receivable_id,type,amount,effective_on,reference,reason\n${movements.join('\n')}\n`,
      );
    });

    it('shows what was written off, what came in on it and what is still pursued, on any date', async () => {
      expect(await lines('asOf=2024-12-31')).toEqual(['W1 100.00 - 25.00: 75.00 dissolved', 'W2 50.00 - 0.00: 50.00 fraud']);
      expect(await lines('asOf=2023-12-31')).toEqual(['W1 60.00 - 25.00: 35.00 insolvent']);
      expect(await lines('asOf=2023-06-29')).toEqual([]);
    });

    it('gives what was written off in the period, whose recoveries go to older write-offs first', async () => {
      expect(await lines('asOf=2024-12-31&from=2024-01-01')).toEqual(['W1 40.00 - 0.00: 40.00 dissolved', 'W2 50.00 - 0.00: 50.00 fraud']);
    });

    it('adds up by currency and in the presentation currency, page by page', async () => {
      const whole = await register('asOf=2024-12-31');
      expect(whole.totals.map((each) => `${each.currency} ${String(each.receivables)} ${text(each)}`)).toEqual([
        'GBP 1 80.00 - 5.00: 75.00',
        'SGD 2 150.00 - 25.00: 125.00',
      ]);
      expect(text(whole.total)).toBe('286.00 - 33.50: 252.50');
      const first = await register('asOf=2024-12-31&limit=2');
      const second = await register(`limit=2&cursor=${first.next ?? ''}`);
      expect([...first.items, ...second.items].map((item) => item.receivableId)).toEqual(['V1', 'W1', 'W2']);
      expect((await api('GET', '/v1/write-off-register?currency=JPY&asOf=2024-12-31')).json).toMatchObject({
        status: 422,
        code: 'fx-rate-missing',
      });
    });

    it('stops pursuing what was written off by a day, and pursues what is written off after it', async () => {
      expect((await end('W1', '2023-06-29')).json).toMatchObject({ status: 404, code: 'write-off-not-found' });
      expect((await end('W1', '2023-12-31')).status).toBe(201);
      expect(await lines('asOf=2023-12-31')).toEqual(['W1 60.00 - 25.00: 0.00 insolvent']);
      expect(await lines('asOf=2023-12-30')).toEqual(['W1 60.00 - 25.00: 35.00 insolvent']);
      expect(await lines('asOf=2024-12-31')).toEqual(['W1 100.00 - 25.00: 40.00 dissolved', 'W2 50.00 - 0.00: 50.00 fraud']);
      expect((await end('W1', '2023-12-31')).json).toMatchObject({ status: 409, code: 'enforcement-ended-already' });
      expect((await end('W1', '2024-12-31')).status).toBe(201);
      expect((await lines('asOf=2024-12-31'))[0]).toBe('W1 100.00 - 25.00: 0.00 dissolved');
    });
  });

  describe('by age on the day it changes', () => {
    interface Boundary {
      readonly scheme: string;
      readonly next: string | null;
      readonly items: readonly { id: string; anchor: string; outstanding: { amount: string }; bucket: string; nextBucket: string }[];
    }
    const boundary = (query: string): Promise<Boundary> => ok(api('GET', `/v1/ageing/boundary-items?${query}`));
    const lines = ({ items }: Boundary): string[] =>
      items.map((i) => `${i.id} ${i.anchor} ${i.outstanding.amount}: ${i.bucket} > ${i.nextBucket}`);

    beforeAll(async () => {
      const rows = ['X1,2030-08-28', 'X2,2030-08-31', 'X3,2030-08-27', 'X4,2030-09-01', 'X5,2030-02-28', 'X6,2030-08-31'];
      const csv = rows.map((row) => row.replace(',', ',D1,trade,CNY,10.00,')).map((row) => `${row},,${row.slice(-10)},x\n`);
      await app.importCsv(api, 'receivables', `${RECEIVABLES}${csv.join('')}`);
      await app.importCsv(
        api,
        'movements',
        'movement_id,receivable_id,type,amount,effective_on,reference\nX6p,X6,payment,10.00,2030-12-31,x\n',
      );
    });

    it('lists what lies exactly on a bucket boundary, month ends clamped, with the bucket it enters the next day', async () => {
      expect(lines(await boundary('asOf=2031-02-28&scheme=months-6-12-24-36'))).toEqual([
        'X1 2030-08-28 10.00: Up to 6 months > 6 months to 1 year',
        'X2 2030-08-31 10.00: Up to 6 months > 6 months to 1 year',
        'X5 2030-02-28 10.00: 6 months to 1 year > 1 to 2 years',
      ]);
      expect(lines(await boundary('asOf=2031-03-02&scheme=months-6-12-24-36'))).toEqual([]);
      expect(lines(await boundary('asOf=2031-02-28&kind=note_bank'))).toEqual([]);
    });

    it('counts on the basis of the scheme and goes through pages without losing one', async () => {
      const due = await boundary('asOf=2030-09-27&scheme=days-past-due-30-60-90');
      expect(lines(due)).toEqual(['X1 2030-08-28 10.00: 1-30 > 31-60']);
      const first = await boundary('asOf=2031-02-28&limit=2');
      const second = await boundary(`limit=2&cursor=${first.next ?? ''}`);
      expect([...first.items, ...second.items].map((item) => item.id)).toEqual(['X1', 'X2', 'X5']);
      expect((await api('GET', '/v1/ageing/boundary-items?scheme=nope')).json).toMatchObject({ code: 'ageing-scheme-unknown' });
    });
  });
});
