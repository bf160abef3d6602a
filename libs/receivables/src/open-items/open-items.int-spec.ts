import { TestBook } from '../import-file/import.fixture';
import type { Outcome } from '../import-file/import.fixture';

// Every test has a database of its own.
jest.setTimeout(60_000);

const ASOF = '2024-06-30';

describe('a list of open items', () => {
  let book: TestBook;
  beforeEach(async () => {
    book = await TestBook.create();
    await book.import('debtors', ['D1,One,std,false,CN,30,,', 'D2,Two,std,false,CN,30,,']);
    await book.import('receivables', [
      'A,D1,trade,CNY,100.00,2024-01-31,,,A',
      'B,D1,trade,CNY,200.00,2024-02-29,,,B',
      'C,D2,trade,CNY,300.00,2024-03-31,,,C',
      'N,D2,note_bank,CNY,400.00,2024-03-31,,,N',
    ]);
  });
  afterEach(() => book.drop());

  const send = (
    rows: readonly string[],
    declaration: { asOf?: string; entityId?: string; kinds?: string[] } = {},
    options: { rowsPerBatch?: number; dryRun?: boolean; header?: string; crashAfterBatches?: number } = {},
  ): Promise<Outcome> => book.import('open-items', rows, { declaration: { asOf: ASOF, ...declaration }, ...options });
  const vanished = async ({ id }: Outcome): Promise<number | null> => (await book.record(id)).vanished;
  const owed = async (): Promise<string> => {
    const rows = await book.rows<{ line: string }>(
      `SELECT receivable_id || ' ' || outstanding / 100 AS line FROM rc.receivable WHERE tenant_id = 1 AND outstanding <> 0 ORDER BY 1`,
    );
    return rows.map((row) => row.line).join(', ');
  };
  const movements = async (): Promise<string[]> => {
    const rows = await book.rows<{ line: string }>(
      `SELECT concat_ws(' ', COALESCE(r.receivable_id, 'credit'), m.type, m.gross / 100, m.credit / 100, m.effective_on) AS line
       FROM rc.movement m LEFT JOIN rc.receivable r ON r.tenant_id = m.tenant_id AND r.receivable_no = m.receivable_no
       WHERE m.tenant_id = 1 ORDER BY m.position`,
    );
    return rows.map((row) => row.line);
  };

  const LIST = ['A,D1,trade,CNY,100.00,2024-01-31,,,A', 'B,D1,trade,CNY,150.00,2024-02-29,,,B', 'E,D2,trade,CNY,70.00,2024-04-30,,,E'];

  it('turns every difference into a fact of its date, or the book would stay what the ledger no longer says', async () => {
    const done = await send(LIST);
    expect(done).toMatchObject({ status: 'completed', accepted: 2, unchanged: 1, rejected: 0 });
    expect(await vanished(done)).toBe(1);
    expect(await movements()).toEqual([`B unclassified -50 0 ${ASOF}`, `C unclassified -300 0 ${ASOF}`]);
    expect(await owed()).toBe('A 100, B 150, E 70, N 400');
    const higher = await send(['A,D1,trade,CNY,130.00,2024-01-31,,,A', ...LIST.slice(1)]);
    expect([higher.accepted, (await movements()).at(-1)]).toEqual([1, `A adjustment 30 0 ${ASOF}`]);
  });

  it('adds nothing when it is sent twice, in whatever batches', async () => {
    await send(LIST);
    const before = [await book.facts(), await book.bookText()];
    const again = await send(LIST, {}, { rowsPerBatch: 1 });
    expect(again).toMatchObject({ accepted: 0, unchanged: 3 });
    expect(await vanished(again)).toBe(0);
    expect([await book.facts(), await book.bookText()]).toEqual(before);
  });

  it('leaves an item alone whose line was refused, or a typing error would write it off', async () => {
    const done = await send([LIST[0] ?? '', 'B,D1,trade,CNY,1.234,2024-02-29,,,B', 'C,D2,trade,USD,300.00,2024-03-31,,,C']);
    expect(done.refusals).toEqual(['3 amount amount-decimals', '4 currency conflict']);
    expect(await vanished(done)).toBe(0);
    expect(await owed()).toBe('A 100, B 200, C 300, N 400');
  });

  it('settles nothing where a line names no item, since any missing one may be meant', async () => {
    const done = await send([LIST[0] ?? '', ',D1,trade,CNY,200.00,2024-02-29,,,B']);
    expect([done.refusals, await vanished(done)]).toEqual([['3 receivable_id value-missing'], null]);
    expect(await owed()).toBe('A 100, B 200, C 300, N 400');
    const broken = await send([LIST[0] ?? '', 'B,D1,trade']);
    expect([broken.refusals, await vanished(broken)]).toEqual([['3 csv-structure'], null]);
  });

  it('settles nothing by a mended file of refused rows, which is no full list', async () => {
    const done = await send([LIST[0] ?? '', 'B,D1,trade,CNY,1.234,2024-02-29,,,B', 'C,D2,trade,CNY,300.00,2024-03-31,,,C']);
    const mended = (await book.rejectsCsv(done.id)).replace('1.234', '150.00');
    const again = await book.importText('open-items', mended, { declaration: { asOf: ASOF } });
    expect([again.accepted, await vanished(again)]).toEqual([1, null]);
    expect(await owed()).toBe('A 100, B 150, C 300, N 400');
  });

  it('reaches no further than the entity and the kinds it declares', async () => {
    expect(await vanished(await send([], { kinds: ['note_bank'] }))).toBe(1);
    expect(await owed()).toBe('A 100, B 200, C 300');
    expect(await vanished(await send([], { entityId: 'sub', kinds: ['trade'] }))).toBe(0);
    const other = await send(
      ['X,D1,other,CNY,1.00,2024-01-31,,,X', 'Y,D1,trade,CNY,1.00,2024-01-31,,,Y,sub'],
      { kinds: ['trade'] },
      {
        header: 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no,entity_id',
      },
    );
    expect(other.rejected).toBe(2);
  });

  it('counts lines that are refused for their entity, kind or date, and items of other debtors, as what they are', async () => {
    const header = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no,entity_id';
    const rows = [
      'X,D1,other,CNY,1.00,2024-01-31,,,X,',
      'Y,D1,trade,CNY,1.00,2024-01-31,,,Y,sub',
      'Z,D1,trade,CNY,1.00,2024-07-01,,,Z,',
      'A,D2,trade,CNY,100.00,2024-01-31,,,A,',
      'B,D1,trade,CNY,1.00,2024-01-31,,,B,',
      'B,D1,trade,CNY,2.00,2024-01-31,,,B,',
      'Q,D9,trade,CNY,2.00,2024-01-31,,,Q,',
    ];
    expect((await send(rows, { kinds: ['trade'] }, { header })).refusals).toEqual([
      '2 kind kind-not-declared',
      '3 entity_id entity-not-declared',
      '4 recognised_on before-recognition',
      '5 debtor_id conflict',
      '7 receivable_id conflict',
      '8 debtor_id debtor-unknown',
    ]);
  });

  it('takes negative lines for credits of the debtor, each under its own id, and follows them down', async () => {
    const credit = (amount: string): string => `K,D1,trade,CNY,${amount},2024-05-31,,,K`;
    const rest = ['A,D1,trade,CNY,100.00,2024-01-31,,,A', 'B,D1,trade,CNY,200.00,2024-02-29,,,B', 'C,D2,trade,CNY,300.00,2024-03-31,,,C'];
    expect(await send([...rest, credit('-40.00')])).toMatchObject({ accepted: 1, unchanged: 3 });
    expect(await send([...rest, credit('-40.00')])).toMatchObject({ accepted: 0, unchanged: 4 });
    expect(await send([...rest, credit('-25.00')], { asOf: '2024-07-31' })).toMatchObject({ accepted: 1 });
    const gone = await send(rest, { asOf: '2024-08-31' });
    expect(await vanished(gone)).toBe(1);
    expect(await movements()).toEqual([
      `credit unclassified 0 40 ${ASOF}`,
      'credit unclassified 0 -15 2024-07-31',
      'credit unclassified 0 -25 2024-08-31',
    ]);
    expect(await vanished(await send(rest, { asOf: '2024-08-31' }))).toBe(0);
  });

  it('turns an over-paid item into nothing owed and a credit, both from one line', async () => {
    const done = await send(['A,D1,trade,CNY,-5.00,2024-01-31,,,A', ...LIST.slice(1)]);
    expect(done).toMatchObject({ accepted: 3, rejected: 0 });
    expect((await movements()).filter((line) => line.startsWith('A') || line.startsWith('credit'))).toEqual([
      `A unclassified -100 0 ${ASOF}`,
      `credit unclassified 0 5 ${ASOF}`,
    ]);
  });

  it('takes what is open from the column outstanding where there is one', async () => {
    const header = 'receivable_id,debtor_id,kind,currency,amount,outstanding,recognised_on,invoiced_on,due_on,document_no';
    const done = await send(['A,D1,trade,CNY,100.00,60.00,2024-01-31,,,A', 'F,D1,trade,CNY,90.00,30.00,2024-01-31,,,F'], {}, { header });
    expect(done).toMatchObject({ accepted: 2, rejected: 0 });
    expect(await owed()).toBe('A 60, F 30, N 400');
  });

  it('is about its date: what was paid after it is not settled twice', async () => {
    await book.import('movements', ['P1,C,payment,300.00,2024-07-05,bank', 'P2,A,payment,40.00,2024-07-05,bank']);
    await send(['A,D1,trade,CNY,100.00,2024-01-31,,,A', 'B,D1,trade,CNY,200.00,2024-02-29,,,B']);
    expect(await owed()).toBe('A 60, B 200, N 400');
    expect(await movements()).toHaveLength(2);
    const contradicted = await send(['A,D1,trade,CNY,30.00,2024-01-31,,,A', 'B,D1,trade,CNY,200.00,2024-02-29,,,B']);
    expect(contradicted.refusals).toEqual(['2 amount exceeds-outstanding']);
  });

  it('checks in a dry run and leaves the book alone', async () => {
    const before = [await book.facts(), await book.bookText()];
    const done = await send(LIST, {}, { dryRun: true });
    expect(done).toMatchObject({ status: 'completed', accepted: 2, unchanged: 1 });
    expect(await vanished(done)).toBe(1);
    expect([await book.facts(), await book.bookText()]).toEqual(before);
  });

  it('goes on after a crash, before the items it no longer names are settled and after', async () => {
    for (const crashAfterBatches of [1, 2, 3, 4]) {
      const id = await book.upload(
        'open-items',
        ['receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no', ...LIST].join('\n'),
        {
          declaration: { asOf: ASOF },
        },
      );
      await book.run(id, { rowsPerBatch: 2, crashAfterBatches }).catch(() => undefined);
      if ((await book.record(id)).status === 'running') await book.run(id, { rowsPerBatch: 2 });
      expect(await book.record(id)).toMatchObject({ status: 'completed' });
    }
    expect(await owed()).toBe('A 100, B 150, E 70, N 400');
    expect(await movements()).toHaveLength(2);
  });

  it.each([
    ['as-of-missing', {}],
    ['date-invalid', { asOf: '2024-02-30' }],
    ['as-of-in-future', { asOf: '2026-01-16' }],
    ['kind-unknown', { asOf: ASOF, kinds: ['cash'] }],
  ])('is refused with %s before anything is stored', async (code, declaration) => {
    await expect(book.upload('open-items', 'receivable_id\n', { declaration })).rejects.toMatchObject({ code });
  });
});
