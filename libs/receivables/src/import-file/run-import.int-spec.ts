import { clearBook, rebuildBook } from '../book/rebuild-book';
import { HEADERS, TestBook } from './import.fixture';

describe('taking files into the book', () => {
  jest.setTimeout(30_000);
  let book: TestBook;
  beforeEach(async () => {
    book = await TestBook.create();
    await book.import('debtors', ['D1,Debtor One,std,false,CN,30,,', 'D2,Debtor Two,std,false,CN,60,,']);
  });
  afterEach(() => book.drop());

  const receivable = (id: string, amount = '100.00'): string => `${id},D1,trade,CNY,${amount},2024-01-31,,2024-03-01,${id}`;

  it('adds nothing when the same file is sent again, however its columns, blanks and line ends are written', async () => {
    await book.import('receivables', [receivable('A'), receivable('B')]);
    const before = await book.facts();
    const respelled =
      'document_no,amount,currency,receivable_id,debtor_id,kind,recognised_on,due_on,invoiced_on\r\n"A", 100.00 ,CNY,A,D1,trade,2024-01-31,2024-03-01,\r\n';
    expect(await book.importText('receivables', respelled)).toMatchObject({ accepted: 0, unchanged: 1 });
    expect(await book.import('receivables', [receivable('A'), receivable('B'), receivable('A')])).toMatchObject({
      accepted: 0,
      unchanged: 3,
    });
    expect(await book.facts()).toBe(before);
  });

  it('knows a due date by terms again after the terms have changed, instead of calling the same file a conflict', async () => {
    const row = 'T,D1,trade,CNY,1.00,2024-01-31,2024-02-10,,T';
    await book.import('receivables', [row]);
    await book.import('debtors', ['D1,Debtor One,std,false,CN,90,,']);
    expect(await book.import('receivables', [row])).toMatchObject({ accepted: 0, unchanged: 1, rejected: 0 });
    expect(await book.rows('SELECT due_on FROM rc.receivable')).toEqual([{ due_on: '2024-03-11' }]);
  });

  it('takes the terms in force on the invoice date, not those of today', async () => {
    await book.import('debtors', ['D1,Debtor One,std,false,CN,90,,,2025-01-01'], { header: `${HEADERS.debtors},effective_on` });
    await book.import('receivables', ['old,D1,trade,CNY,1.00,2024-12-01,2024-12-31,,', 'new,D1,trade,CNY,1.00,2024-12-01,2025-01-01,,']);
    expect(await book.rows('SELECT receivable_id, due_on FROM rc.receivable ORDER BY receivable_id')).toEqual([
      { receivable_id: 'new', due_on: '2025-04-01' },
      { receivable_id: 'old', due_on: '2025-01-30' },
    ]);
  });

  it('refuses an id that says something else, in the book, in the file, and for movements', async () => {
    await book.import('receivables', [receivable('A')]);
    expect((await book.import('receivables', [receivable('A', '100.01'), receivable('B'), receivable('B', '7.00')])).refusals).toEqual([
      '2 receivable_id conflict',
      '4 receivable_id conflict',
    ]);
    expect(
      await book.import('movements', ['M,A,payment,1.00,2024-02-01,', 'M,A,payment,1.00,2024-02-01,', 'M,A,payment,2.00,2024-02-01,']),
    ).toMatchObject({
      accepted: 1,
      unchanged: 1,
      refusals: ['4 movement_id conflict'],
    });
    expect(await book.rows('SELECT outstanding FROM rc.receivable WHERE receivable_id = $1', ['A'])).toEqual([{ outstanding: 9_900n }]);
  });

  it('puts what is paid beyond the debt to the credit of the debtor, also when a later date leaves less to pay', async () => {
    await book.import('receivables', [receivable('A')]);
    await book.import('movements', ['M1,A,payment,80.00,2024-06-01,', 'M2,A,payment,50.00,2024-03-01,', 'M3,A,payment,1.00,2024-07-01,']);
    expect(await book.rows('SELECT movement_id, gross, credit FROM rc.movement ORDER BY movement_id')).toEqual([
      { movement_id: 'M1', gross: -8_000n, credit: 0n },
      { movement_id: 'M2', gross: -2_000n, credit: 3_000n },
      { movement_id: 'M3', gross: 0n, credit: 100n },
    ]);
    expect(await book.rows('SELECT outstanding, own_credit, last_movement_on FROM rc.receivable')).toEqual([
      { outstanding: 0n, own_credit: 3_100n, last_movement_on: '2024-07-01' },
    ]);
    // The same back-dated decision from the book instead of from the batch.
    await book.import('receivables', [receivable('B')]);
    await book.import('movements', ['N1,B,payment,80.00,2024-06-01,']);
    await book.import('movements', ['N2,B,payment,50.00,2024-03-01,']);
    expect(await book.rows(`SELECT gross, credit FROM rc.movement WHERE movement_id = 'N2'`)).toEqual([{ gross: -2_000n, credit: 3_000n }]);
  });

  it('draws a refund on the credit of the debtor only once within a file', async () => {
    await book.import('receivables', [receivable('A')]);
    const outcome = await book.import('movements', [
      'P,A,payment,130.00,2024-06-01,',
      'R1,A,refund,30.00,2024-06-02,',
      'R2,A,refund,10.00,2024-06-03,',
    ]);
    expect(outcome.accepted).toBe(3);
    expect(await book.rows('SELECT outstanding, own_credit FROM rc.receivable')).toEqual([{ outstanding: 1_000n, own_credit: 0n }]);
  });

  it('keeps an advance of a debtor without receivables in the currency of its own column', async () => {
    const header = `${HEADERS.movements},debtor_id,currency`;
    expect(await book.import('movements', ['M,,payment,5.00,2024-02-01,,D2,CNY'], { header })).toMatchObject({ accepted: 1 });
    expect(
      await book.rows(
        'SELECT m.receivable_no, d.debtor_id, m.credit, m.currency FROM rc.movement m JOIN rc.debtor d USING (tenant_id, debtor_no)',
      ),
    ).toEqual([{ receivable_no: null, debtor_id: 'D2', credit: 500n, currency: 'CNY' }]);
  });

  it('amends a debtor whose row has changed, from its date or from today, and only then', async () => {
    book.today = '2026-02-01';
    expect(await book.import('debtors', ['D1,Debtor One,std,false,CN,30,,', 'D2,Debtor Two,premium,false,CN,60,,'])).toMatchObject({
      accepted: 1,
      unchanged: 1,
    });
    const dated = `${HEADERS.debtors},effective_on`;
    expect(await book.import('debtors', ['D1,Debtor One,std,true,CN,30,,,2024-12-31'], { header: dated })).toMatchObject({ accepted: 1 });
    expect(await book.import('debtors', ['D1,Debtor One,std,true,CN,30,,,2024-12-31'], { header: dated })).toMatchObject({
      accepted: 0,
      unchanged: 1,
    });
    const facts = await book.rows(
      'SELECT debtor_id, effective_on, segment, related_party FROM rc.debtor_fact JOIN rc.debtor USING (tenant_id, debtor_no) ORDER BY position',
    );
    expect(facts.slice(2)).toEqual([
      { debtor_id: 'D2', effective_on: '2026-02-01', segment: 'premium', related_party: false },
      { debtor_id: 'D1', effective_on: '2024-12-31', segment: 'std', related_party: true },
    ]);
    expect(await book.rows(`SELECT count(*) AS amended FROM es.event WHERE type = 104`)).toEqual([{ amended: 2n }]);
  });

  it('adds nothing when a file with both dated and undated rows of a debtor is sent again, that day or another', async () => {
    const header = `${HEADERS.debtors},effective_on`;
    const rows = ['D3,Three,a,false,CN,30,,,', 'D3,Three,b,true,CN,30,,,2024-12-31', 'D3,Three,c,true,CN,30,,,2026-01-15'];
    expect(await book.import('debtors', rows, { header })).toMatchObject({ accepted: 3 });
    expect(await book.import('debtors', rows, { header })).toMatchObject({ accepted: 0, unchanged: 3 });
    book.today = '2026-03-01';
    expect(await book.import('debtors', rows, { header })).toMatchObject({ accepted: 0, unchanged: 3 });
    expect(await book.import('debtors', ['D3,Three,d,false,CN,30,,,'], { header })).toMatchObject({ accepted: 1 });
    expect(
      await book.rows(
        `SELECT effective_on, segment FROM rc.debtor_fact JOIN rc.debtor USING (tenant_id, debtor_no) WHERE debtor_id = 'D3' ORDER BY 1`,
      ),
    ).toEqual([
      { effective_on: '1900-01-01', segment: 'a' },
      { effective_on: '2024-12-31', segment: 'b' },
      { effective_on: '2026-01-15', segment: 'c' },
      { effective_on: '2026-03-01', segment: 'd' },
    ]);
  });

  it('sees a change of nothing but the name or an extra column, though both are encrypted', async () => {
    const header = `${HEADERS.debtors},contact`;
    expect(await book.import('debtors', ['D1,Debtor Uno,std,false,CN,30,,,'], { header })).toMatchObject({ accepted: 1 });
    expect(await book.import('debtors', ['D1,Debtor Uno,std,false,CN,30,,,Ms Li'], { header })).toMatchObject({ accepted: 1 });
    expect(await book.import('debtors', ['D1,Debtor Uno,std,false,CN,30,,,Ms Li'], { header })).toMatchObject({
      accepted: 0,
      unchanged: 1,
    });
    const [stored] = await book.rows<{ text: string }>(`SELECT string_agg(data::text, ' ') AS text FROM es.event`);
    expect(stored?.text).not.toMatch(/Debtor|Ms Li/);
  });

  it('leaves an erased debtor erased when the next feed names the person again', async () => {
    await book.database.transaction(1, (tx) => book.vault.erase(tx, 1, 'debtor/D1'));
    expect(await book.import('debtors', ['D1,Debtor One,std,false,CN,30,,'])).toMatchObject({ accepted: 0, unchanged: 1 });
    expect(await book.import('debtors', ['D1,Debtor One,std,true,CN,30,,'])).toMatchObject({ accepted: 1 });
    expect(await book.rows(`SELECT count(*) AS keys FROM pf.person_key WHERE person = 'debtor/D1' AND wrapped_key IS NOT NULL`)).toEqual([
      { keys: 0n },
    ]);
  });

  it('refuses a file that contradicts itself about a debtor or a rate, so that sending it again changes nothing', async () => {
    const rows = ['D1,Debtor One,a,false,CN,30,,', 'D1,Debtor One,b,false,CN,30,,', 'D1,Debtor One,a,false,CN,30,,'];
    expect(await book.import('debtors', rows, { rowsPerBatch: 1 })).toMatchObject({
      accepted: 1,
      unchanged: 1,
      refusals: ['3 debtor_id conflict'],
    });
    expect(await book.import('debtors', rows)).toMatchObject({ accepted: 0, unchanged: 2, refusals: ['3 debtor_id conflict'] });
    const rates = ['USD,CNY,7.10,2024-01-01', 'USD,CNY,7.2,2024-01-01', 'USD,CNY,7.1,2024-01-01'];
    expect(await book.import('fx-rates', rates)).toMatchObject({ accepted: 1, unchanged: 1, refusals: ['3 rate conflict'] });
    expect(await book.import('fx-rates', rates)).toMatchObject({ accepted: 0, unchanged: 2, refusals: ['3 rate conflict'] });
    expect(await book.import('fx-rates', ['USD,CNY,7.3,2024-01-01'])).toMatchObject({ accepted: 1 });
    expect(await book.rows('SELECT rate FROM rc.fx_rate ORDER BY position')).toEqual([{ rate: '7.1' }, { rate: '7.3' }]);
  });

  it('goes on after the last recorded batch when it was stopped between batches, and counts every row once', async () => {
    const rows = Array.from({ length: 95 }, (_, i) =>
      i % 10 === 3 ? receivable(`R${String(i)}`, 'x') : receivable(`R${String(i)}`, `${String(i)}.00`),
    );
    const id = await book.upload('receivables', [HEADERS.receivables, ...rows].join('\n'));
    for (const crashAfterBatches of [1, 3, 2]) {
      await expect(book.run(id, { rowsPerBatch: 10, crashAfterBatches })).rejects.toThrow('crashed');
    }
    await book.run(id, { rowsPerBatch: 10 });
    expect(await book.outcome(id)).toMatchObject({ status: 'completed', accepted: 85, rejected: 10, unchanged: 0 });
    expect(await book.rows('SELECT count(*) AS rows, sum(amount) AS total FROM rc.receivable')).toEqual([
      { rows: 85n, total: String(rows.reduce((sum, _row, i) => (i % 10 === 3 ? sum : sum + i * 100), 0)) },
    ]);
  });

  it('steps back when another worker has gone on with the file', async () => {
    const id = await book.upload('receivables', [HEADERS.receivables, receivable('A'), receivable('B')].join('\n'));
    await expect(book.run(id, { rowsPerBatch: 1, crashAfterBatches: 1 })).rejects.toThrow('crashed');
    const stale = await book.record(id);
    await book.run(id);
    expect(stale.lastRow).toBe(2);
    await expect(book.run(id, { file: stale })).rejects.toThrow('taken over');
    expect(await book.rows('SELECT count(*) AS rows FROM rc.receivable')).toEqual([{ rows: 2n }]);
  });

  it('leaves no fact, no row and no key of a dry run, but tells what would have happened', async () => {
    await book.import('receivables', [receivable('A')]);
    const before = [await book.bookText(), await book.facts()];
    const keys = await book.rows('SELECT count(*) AS keys FROM pf.person_key');
    const dryRun = { dryRun: true, rowsPerBatch: 2 };
    expect(
      await book.import('debtors', ['D3,Three,std,false,CN,1,,', 'D1,Debtor One,b,false,CN,1,,', 'D3,Three,std,false,CN,1,,'], dryRun),
    ).toMatchObject({
      status: 'completed',
      accepted: 2,
      unchanged: 1,
    });
    expect(
      await book.import('receivables', [receivable('A'), receivable('B'), receivable('B'), receivable('B', '7')], dryRun),
    ).toMatchObject({
      accepted: 1,
      unchanged: 2,
      refusals: ['5 receivable_id conflict'],
    });
    const payments = ['M1,A,payment,60.00,2024-05-01,', 'M2,A,payment,60.00,2024-06-01,', 'M3,A,write_off,1.00,2024-07-01,'];
    expect(await book.import('movements', payments, dryRun)).toMatchObject({ accepted: 2, refusals: ['4 amount exceeds-outstanding'] });
    expect(await book.import('fx-rates', ['USD,CNY,7.1,2024-01-01', 'USD,CNY,7.1,2024-01-02'], dryRun)).toMatchObject({ accepted: 2 });
    expect([await book.bookText(), await book.facts()]).toEqual(before);
    expect(await book.rows('SELECT count(*) AS keys FROM pf.person_key')).toEqual(keys);
    expect(await book.rows('SELECT count(*) AS staged FROM rc.dry_run_event')).toEqual([{ staged: 0n }]);
  });

  it('starts a dry run over after a crash instead of counting its first rows twice', async () => {
    const id = await book.upload('receivables', [HEADERS.receivables, receivable('A', 'x'), receivable('B'), receivable('C')].join('\n'), {
      dryRun: true,
    });
    await expect(book.run(id, { rowsPerBatch: 1, crashAfterBatches: 2 })).rejects.toThrow('crashed');
    await book.run(id, { rowsPerBatch: 1 });
    expect(await book.outcome(id)).toMatchObject({ accepted: 2, rejected: 1, refusals: ['2 amount amount-format'] });
  });

  it('rebuilds from the log the very rows that the imports wrote, whatever the ranges', async () => {
    const header = `${HEADERS.receivables},entity_id,class,tax_amount,expected_on,on_demand,taken_on,contract_no,region`;
    await book.import('receivables', ['A,D1,trade,CNY,100.00,2024-01-31,,,A,south,deposits,6.00,2024-05-01,,2023-12-31,C-1,"x, ""y"""'], {
      header,
    });
    await book.import('receivables', ['Z,D2,other,USD,50.00,2024-02-29,2024-02-28,,Z,,,,,yes,,,'], { header });
    await book.import('debtors', ['D1,Debtor One,vip,true,CN,30,1000.00,CNY,2025-01-01'], { header: `${HEADERS.debtors},effective_on` });
    const movements = [
      'M1,A,payment,120.00,2024-05-01,',
      'M2,Z,write_off,50.00,2024-06-01,',
      'M3,Z,payment,20.00,2024-07-01,',
      'M4,A,refund,5.00,2024-05-02,',
    ];
    await book.import('movements', movements);
    await book.import('movements', ['U,,payment,9.00,2024-05-01,,D1,CNY'], { header: `${HEADERS.movements},debtor_id,currency` });
    await book.import('fx-rates', ['USD,CNY,7.123456789012,2024-01-01']);
    const before = await book.bookText();
    const [last] = await book.rows<{ position: bigint }>('SELECT max(position) AS position FROM es.event');
    for (const step of [1_000n, 1n]) {
      await book.database.transaction(1, async (tx) => {
        await clearBook(tx, 1);
        for (let after = 0n; after < (last?.position ?? 0n); after += step) await rebuildBook(tx, 1, after, after + step);
      });
      expect(await book.bookText()).toBe(before);
    }
    expect(before).toContain('D1');
  });

  it('shows a tenant nothing of another one, not even that its import exists', async () => {
    const id = await book.upload('debtors', `${HEADERS.debtors}\nD1,Other,std,false,CN,30,,\n`, {}, book.context(2));
    await expect(book.record(id)).rejects.toThrow('no import');
    await book.run(id, {}, 2);
    const seen = await book.api.database.read(1, (tx) => tx.query<{ count: bigint }>('SELECT count(*) AS count FROM rc.debtor'));
    expect(seen).toEqual([{ count: 2n }]);
  });
});
