import { GetReceivableHandler } from '../drill-down/drill-down.handlers';
import { GetReceivableQuery } from '../drill-down/drill-down.queries';
import { readHistories } from '../histories/read-histories';
import { ExposureProcessor } from '../exposure/project-exposure.processor';
import { clearBook, rebuildBook } from '../book/rebuild-book';
import { HEADERS, TestBook } from './import.fixture';

const TARGETS = 'to_kind,to_class,to_entity_id,invoiced_on,due_on,document_no';
const HEADER = `${HEADERS.movements},${TARGETS}`;

describe('reclassifying receivables', () => {
  jest.setTimeout(60_000);
  let book: TestBook;

  beforeEach(async () => {
    book = await TestBook.create();
    await book.import('debtors', ['D1,One,std,false,CN,30,,', 'D2,Two,std,false,CN,,,']);
    await book.import(
      'receivables',
      [
        'C,D1,contract_asset,CNY,100.00,2023-06-30,,2023-07-30,contract-7,non-current',
        'U,D2,contract_asset,CNY,40.00,2023-06-30,,,contract-8,',
      ],
      { header: `${HEADERS.receivables},class` },
    );
  });
  afterEach(() => book.drop());

  const reclassify = (...rows: string[]) => book.import('movements', rows, { header: HEADER });
  const lineage = () =>
    book.rows(
      'SELECT movement_id, effective_on, entity_id, kind, class, invoiced_on, due_on, document_no FROM rc.reclassification ORDER BY position',
    );

  it('bills a contract asset: the kind and the dates change, the balance moves, the age and what was not said stay', async () => {
    await book.import('movements', ['P,C,payment,30.00,2024-01-31,']);
    expect(await reclassify('B,C,reclassify,70.00,2024-03-31,,trade,,,2024-03-31,2024-06-29,INV-1')).toMatchObject({ accepted: 1 });
    expect(await lineage()).toEqual([
      {
        movement_id: 'B',
        effective_on: '2024-03-31',
        entity_id: 'main',
        kind: 'trade',
        class: '',
        invoiced_on: '2024-03-31',
        due_on: '2024-06-29',
        document_no: 'INV-1',
      },
    ]);
    expect(await book.rows('SELECT outstanding, recognised_on, kind FROM rc.receivable WHERE receivable_id = $1', ['C'])).toEqual([
      { outstanding: 7_000n, recognised_on: '2023-06-30', kind: 'contract_asset' },
    ]);
    expect(await book.rows('SELECT type, gross, credit, recovered FROM rc.movement ORDER BY position')).toEqual([
      { type: 'payment', gross: -3_000n, credit: 0n, recovered: 0n },
      { type: 'reclassify', gross: 0n, credit: 0n, recovered: 0n },
    ]);
  });

  it('adds nothing when sent again, and refuses the same id with another target, or a receivable would move twice', async () => {
    const row = 'B,C,reclassify,,2024-03-31,,trade,,,,,';
    expect(await reclassify(row, row)).toMatchObject({ accepted: 1, unchanged: 1 });
    expect(await reclassify('B,C,reclassify,0,2024-03-31,,trade,,,,,')).toMatchObject({ accepted: 0, unchanged: 1, rejected: 0 });
    expect((await reclassify('B,C,reclassify,,2024-03-31,,other,,,,,')).refusals).toEqual(['2 movement_id conflict']);
  });

  it('refuses part of a balance and changes of nothing, also against what an earlier row of the file made of it', async () => {
    const outcome = await reclassify(
      'B1,C,reclassify,99.99,2024-03-31,,trade,,,,,',
      'B2,C,reclassify,,2024-03-31,,trade,,,,,',
      'B3,C,reclassify,100.00,2024-04-30,,trade,,main,,,',
      'B4,C,reclassify,,2024-03-30,,contract_asset,non-current,,,,',
      'B5,C,reclassify,,2023-06-29,,trade,,,,,',
      'B6,Z,reclassify,,2024-03-31,,trade,,,,,',
      'B7,C,reclassify,,2024-03-31,,loan,,,,,',
    );
    expect(outcome.refusals).toEqual([
      '2 amount reclassify-partial',
      '4 to_kind reclassify-nothing',
      '5 to_kind reclassify-nothing',
      '6 effective_on before-recognition',
      '7 receivable_id receivable-unknown',
      '8 to_kind kind-unknown',
    ]);
    expect(outcome.accepted).toBe(1);
  });

  it('makes the due date of a billed item from the terms of its debtor where nothing else says it, or it would never be past due', async () => {
    await book.import('debtors', ['D2,Two,std,false,CN,60,,,2023-01-01'], { header: `${HEADERS.debtors},effective_on` });
    await reclassify('B,U,reclassify,,2024-03-31,,trade,,,2024-03-31,,', 'B2,C,reclassify,,2024-03-31,,trade,,,2024-03-31,,');
    expect(await lineage()).toMatchObject([{ due_on: '2024-05-30' }, { due_on: '2023-07-30' }]);
  });

  it('judges the entity a movement names by the entity of its date, and not when the same file comes again', async () => {
    const header = `${HEADERS.movements},entity_id`;
    const before = 'P1,C,payment,1.00,2024-03-30,,main';
    expect(await book.import('movements', [before], { header })).toMatchObject({ accepted: 1 });
    await reclassify('B,C,reclassify,,2024-01-31,,,,hk,,,');
    const outcome = await book.import(
      'movements',
      [before, 'P2,C,payment,1.00,2024-03-31,,main', 'P3,C,payment,1.00,2024-03-31,,hk', 'P4,C,payment,1.00,2024-01-30,,main'],
      { header },
    );
    expect(outcome).toMatchObject({ accepted: 2, unchanged: 1, refusals: ['3 entity_id entity-mismatch'] });
    expect(await book.rows(`SELECT movement_id, entity_id FROM rc.movement WHERE movement_id LIKE 'P%' ORDER BY 1`)).toEqual([
      { movement_id: 'P1', entity_id: 'main' },
      { movement_id: 'P3', entity_id: 'hk' },
      { movement_id: 'P4', entity_id: 'main' },
    ]);
  });

  it('keeps as an attribute what stands in those columns of other movements, so that a feed that has them stays the same feed', async () => {
    const plain = await book.import('movements', ['P,C,payment,1.00,2024-01-31,,DOC'], { header: `${HEADERS.movements},document_no` });
    expect(plain).toMatchObject({ accepted: 1 });
    const [event] = await book.rows<{ attributes: unknown }>(`SELECT data->'attributes' AS attributes FROM es.event WHERE type = 106`);
    expect(event?.attributes).toEqual({ document_no: 'DOC' });
  });

  it('checks the same in a dry run, and a rebuild writes the same book from the log', async () => {
    const rows = [
      'B,C,reclassify,,2024-03-31,,trade,,,2024-03-31,2024-06-29,INV-1',
      'B2,C,reclassify,,2024-04-30,,,,hk,,,',
      'B3,C,reclassify,,2024-05-31,,trade,,hk,,,',
    ];
    expect(await book.import('movements', rows, { header: HEADER, dryRun: true })).toMatchObject({
      accepted: 2,
      refusals: ['4 to_kind reclassify-nothing'],
    });
    expect(await lineage()).toEqual([]);
    await reclassify(...rows);
    const before = await book.bookText();
    expect(before).toContain('INV-1');
    const { position } = await book.database.read(1, (tx) => book.worker.latestSettled(tx));
    await book.database.transaction(1, async (tx) => {
      await clearBook(tx, 1);
      expect(await tx.query('SELECT 1 FROM rc.reclassification')).toEqual([]);
      await rebuildBook(tx, 1, 0n, position);
    });
    expect(await book.bookText()).toBe(before);
  });

  it('shows a receivable as what it was on a date as known at a moment, with its lineage', async () => {
    await reclassify('B,C,reclassify,,2024-03-31,,trade,,,2024-03-31,2024-06-29,INV-1');
    const exposure = new ExposureProcessor(book.worker, () => Promise.resolve());
    const { position } = await book.database.read(1, (tx) => book.worker.latestSettled(tx));
    await book.database.transaction(1, async (tx) => {
      await exposure.apply(tx, { tenantId: 1, after: 0n, upTo: position });
      await tx.execute(`INSERT INTO es.checkpoint (tenant_id, name, position) VALUES (1, 'exposure', $1)`, [position]);
    });
    const view = (asOf: string) => new GetReceivableHandler(book.worker).execute(new GetReceivableQuery({ tenantId: 1, asOf }, 'C'));
    expect(await view('2024-03-30')).toMatchObject({
      kind: 'contract_asset',
      dueOn: '2023-07-30',
      documentNo: 'contract-7',
      classifications: [{ movementId: null }],
    });
    expect(await view('2024-07-01')).toMatchObject({
      kind: 'trade',
      class: '',
      recognisedOn: '2023-06-30',
      invoicedOn: '2024-03-31',
      dueOn: '2024-06-29',
      daysPastDue: 2,
      documentNo: 'INV-1',
      classifications: [
        { movementId: null, effectiveOn: '2023-06-30', kind: 'contract_asset', class: 'non-current' },
        { movementId: 'B', effectiveOn: '2024-03-31', kind: 'trade', class: '' },
      ],
    });
    const page = await book.database.read(1, (tx) => readHistories(tx, 1, { position, receivableIds: ['C'] }));
    expect(page.items[0]?.classifications.map(({ kind }) => kind)).toEqual(['contract_asset', 'trade']);
  });
});
