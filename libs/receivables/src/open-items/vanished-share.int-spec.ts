import { TestBook, type Outcome } from '../import-file/import.fixture';

jest.setTimeout(60_000);

const ASOF = '2024-06-30';

describe('a list of open items that leaves out a large share of the book', () => {
  let book: TestBook;

  beforeEach(async () => {
    book = await TestBook.create();
    await book.import('debtors', ['D1,Ada,S,false,CN,30,,']);
    await book.import(
      'receivables',
      Array.from({ length: 40 }, (_, index) => `R${String(index + 10)},D1,trade,CNY,100.00,2024-01-31,,,R${String(index)}`),
    );
  });
  afterEach(() => book.drop());

  const lines = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => `R${String(index + 10)},D1,trade,CNY,100.00,2024-01-31,,,R${String(index)}`);
  const send = (count: number, maxVanishedShare?: string, dryRun = false): Promise<Outcome> =>
    book.import('open-items', lines(count), { declaration: { asOf: ASOF, maxVanishedShare }, dryRun });
  const outcome = async ({ id }: Outcome) => {
    const { vanished, heldBackItems, heldBackShare } = await book.record(id);
    return [vanished, heldBackItems, heldBackShare];
  };
  const open = async (): Promise<number> => (await book.rows('SELECT 1 FROM rc.receivable WHERE tenant_id = 1 AND outstanding > 0')).length;

  it('settles nothing until somebody confirms it, or a list cut off on its way would settle the book', async () => {
    const cut = await send(10);
    expect([cut.status, await outcome(cut), await open()]).toEqual(['completed', [null, 30, '0.750000'], 40]);
    const completed = await book.rows<{ data: object }>(
      `SELECT e.data FROM es.event e JOIN es.stream s ON s.tenant_id = e.tenant_id AND s.stream_id = e.stream_id
       WHERE e.tenant_id = 1 AND s.category = 'import' AND s.key = '${cut.id}' AND e.data ? 'heldBack'`,
    );
    expect(completed).toHaveLength(1);
    const confirmed = await send(10, '1');
    expect([await outcome(confirmed), await open()]).toEqual([[30, null, null], 10]);
  });

  it('is not asked about when it leaves out half or less', async () => {
    const half = await send(20);
    expect([await outcome(half), await open()]).toEqual([[20, null, null], 20]);
  });

  it('is held to the share that it states itself, however few the items', async () => {
    const stated = await send(38, '0.04');
    expect([await outcome(stated), await open()]).toEqual([[null, 2, '0.050000'], 40]);
    expect(await outcome(await send(38, '0.05'))).toEqual([2, null, null]);
    await expect(send(38, '1.5')).rejects.toMatchObject({ code: 'fraction-out-of-range' });
  });

  it('says so in a dry run as well', async () => {
    const checked = await send(10, undefined, true);
    expect([await outcome(checked), await open()]).toEqual([[null, 30, '0.750000'], 40]);
  });
});
