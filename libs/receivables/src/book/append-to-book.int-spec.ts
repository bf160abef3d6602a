import { AllocateCreditCommand } from '../allocation/allocate-credit.command';
import { AllocateCreditHandler } from '../allocation/allocate-credit.handler';
import { ClassifySettlementCommand } from '../classification/classify-settlement.command';
import { ClassifySettlementHandler } from '../classification/classify-settlement.handler';
import { TestBook } from '../import-file/import.fixture';
import { EndEnforcementCommand } from '../write-off-register/end-enforcement.command';
import { EndEnforcementHandler } from '../write-off-register/end-enforcement.handler';
import { clearBook, rebuildBook } from './rebuild-book';

describe('what commands and lists write into the book', () => {
  let book: TestBook;
  beforeAll(async () => {
    book = await TestBook.create();
    await book.import('debtors', ['D1,One,std,false,CN,30,,,yes'], {
      header: 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,credit_impaired',
    });
    await book.import('receivables', ['A,D1,trade,CNY,100.00,2024-01-31,,,A', 'B,D1,trade,CNY,200.00,2024-02-29,,,B']);
    await book.import('movements', ['P1,A,payment,130.00,2024-03-31,bank']);
    await book.import('control-totals', ['main,trade,CNY,1122,2024-06-30,5.00', 'main,trade,CNY,1122,2024-05-31,7.00']);
    await book.import('control-totals', ['main,trade,CNY,1122,2024-06-30,6.00']);
    const context = book.context();
    const oldestFirst = { debtorId: 'D1', entityId: 'main', currency: 'CNY', effectiveOn: '2024-04-30', amount: 2_000n };
    await new AllocateCreditHandler(book.api).execute(new AllocateCreditCommand(context, oldestFirst));
    await book.import('open-items', ['K,D1,trade,CNY,-40.00,2024-05-31,,,K'], { declaration: { asOf: '2024-06-30' } });
    const [settled] = await book.rows<{ movement_id: string }>(
      `SELECT movement_id FROM rc.movement WHERE type = 'unclassified' AND gross < 0`,
    );
    const id = settled?.movement_id ?? '';
    await new ClassifySettlementHandler(book.api).execute(
      new ClassifySettlementCommand(context, id, { type: 'write_off', reason: 'gone' }),
    );
    await new EndEnforcementHandler(book.api).execute(new EndEnforcementCommand(context, 'B', { on: '2024-12-31', reason: 'time-barred' }));
  }, 60_000);
  afterAll(() => book.drop(), 30_000);

  it('comes out of the log the same, whatever range it is read in, or a rebuild would change figures', async () => {
    const before = await book.bookText();
    expect(before).toContain('time-barred');
    const { position } = await book.database.read(1, (tx) => book.worker.latestSettled(tx));
    for (const step of [position, 3n, 1n]) {
      await book.database.transaction(1, async (tx) => {
        await clearBook(tx, 1);
        for (let after = 0n; after < position; after += step) {
          await rebuildBook(tx, 1, after, after + step < position ? after + step : position);
        }
      });
      expect(await book.bookText()).toBe(before);
    }
  }, 30_000);

  it('keeps what a receivable was over-paid apart from the credit that an allocation put onto it', async () => {
    const rows = await book.rows<{ line: string }>(
      `SELECT concat_ws(' ', receivable_id, outstanding, written_off, own_credit) AS line FROM rc.receivable ORDER BY receivable_id`,
    );
    expect(rows.map((row) => row.line)).toEqual(['A 0 0 3000', 'B 0 18000 0']);
  });

  it('lets an import wait for a command and a command for an import, so that neither repeats the facts of the other', async () => {
    const row = (i: number): string => `X${String(i)},D1,other,EUR,100.00,2024-01-31,,,X`;
    await book.import(
      'receivables',
      Array.from({ length: 40 }, (_, i) => row(i)),
    );
    await book.import('movements', ['U1,,payment,3000.00,2024-02-01,x,D1,EUR'], {
      header: 'movement_id,receivable_id,type,amount,effective_on,reference,debtor_id,currency',
    });
    const allocate = (index: number): Promise<unknown> =>
      new AllocateCreditHandler(book.api).execute(
        new AllocateCreditCommand(book.context(), {
          ...{ debtorId: 'D1', entityId: 'main', currency: 'EUR', effectiveOn: '2024-02-29' },
          items: [{ receivableId: `X${String(index)}`, amount: 10_000n }],
        }),
      );
    const payments = Array.from({ length: 20_000 }, (_, i) => `Q${String(i)},X${String(30 + (i % 10))},payment,0.01,2024-03-31,bank`);
    const imported = book.import('movements', payments, { rowsPerBatch: 5_000 });
    for (let index = 0; index < 30; index += 1) await allocate(index);
    expect(await imported).toMatchObject({ accepted: 20_000, rejected: 0 });
    const rows = await book.rows<{ off: number }>(
      `SELECT count(*)::int AS off FROM rc.receivable r
       WHERE r.outstanding <> r.amount + (SELECT COALESCE(sum(gross), 0) FROM rc.movement m WHERE m.receivable_no = r.receivable_no)`,
    );
    expect(rows).toEqual([{ off: 0 }]);
    const [left] = await book.rows<{ owed: string }>(`SELECT sum(outstanding)::text AS owed FROM rc.receivable WHERE currency = 'EUR'`);
    expect(left?.owed).toBe(String(10 * 10_000 - 20_000));
  }, 60_000);
});
