import { BUILT_IN_SCHEMES, localDate, outstandingAt } from '@app/credit-domain';
import type { AgeingScheme } from '@app/credit-domain';
import type { Intents, Job } from '@app/platform';
import { ExposureProcessor } from '../exposure/project-exposure.processor';
import { readExposure } from '../exposure/read-exposure';
import type { CheckpointRequests } from '../exposure/take-checkpoints.job';
import { readHistories } from '../histories/read-histories';
import { HEADERS, TestBook } from '../import-file/import.fixture';
import { derecogniseReceivables } from './dispose-entity';
import { DisposeEntityHandler } from './dispose-entity.handler';
import { DisposeEntityJob } from './dispose-entity.job';
import type { StatedEntity } from './entities.command';
import { DisposeEntityCommand, StateEntityCommand } from './entities.command';
import { GetDisposalHandler, ListEntitiesHandler } from './entities.handlers';
import { GetDisposalQuery, ListEntitiesQuery } from './entities.queries';
import { StateEntityHandler } from './state-entity.handler';

const [SCHEME] = BUILT_IN_SCHEMES as readonly [AgeingScheme];
const RECEIVABLES = `${HEADERS.receivables},entity_id`;
const RECLASSIFY = `${HEADERS.movements},to_entity_id`;

describe('legal entities', () => {
  jest.setTimeout(60_000);
  let book: TestBook;
  let projectedTo = 0n;

  beforeEach(async () => {
    book = await TestBook.create();
    projectedTo = 0n;
    await book.import('debtors', ['D1,One,std,false,CN,30,,']);
  });
  afterEach(() => book.drop());

  const clock = { now: () => new Date(), today: () => '2025-06-30' };
  const state = (entity: Partial<StatedEntity> & { id: string }) =>
    new StateEntityHandler(book.api, clock).execute(
      new StateEntityCommand(book.context(), { name: '', functionalCurrency: 'CNY', joinedOn: null, leftOn: null, ...entity }),
    );
  const request = (entityId: string, on: string, context = book.context()) => {
    const intents = { request: () => Promise.resolve('') } as unknown as Intents;
    return new DisposeEntityHandler(book.api, intents, clock).execute(new DisposeEntityCommand(context, { entityId, on, reason: 'sold' }));
  };
  const receivables = (...rows: string[]) => book.import('receivables', rows, { header: RECEIVABLES });

  /** Projects what was recorded, as the worker does. */
  async function project(): Promise<bigint> {
    const { position } = await book.database.read(1, (tx) => book.worker.latestSettled(tx));
    const exposure = new ExposureProcessor(book.worker, () => Promise.resolve());
    await book.database.transaction(1, async (tx) => {
      if (position > projectedTo) await exposure.apply(tx, { tenantId: 1, after: projectedTo, upTo: position });
      await tx.execute(
        `INSERT INTO es.checkpoint (tenant_id, name, position) VALUES (1, 'exposure', $1)
         ON CONFLICT (name, tenant_id) DO UPDATE SET position = EXCLUDED.position`,
        [position],
      );
    });
    projectedTo = position;
    return position;
  }

  /** Runs a disposal as the worker does; the projection follows every page. */
  async function dispose(disposalId: string): Promise<void> {
    const checkpoints = { afterImport: () => Promise.resolve() } as unknown as CheckpointRequests;
    const job = { tenantId: 1, key: disposalId, signal: new AbortController().signal, extendLease: project };
    await new DisposeEntityJob(book.worker, checkpoints).run(job as unknown as Job);
    await project();
  }

  async function balances(asOf: string): Promise<Record<string, bigint>> {
    const position = await project();
    const cells = await book.database.read(1, (tx) => readExposure(tx, { tenantId: 1, asOf: localDate(asOf), position, scheme: SCHEME }));
    const sums: Record<string, bigint> = {};
    for (const { entityId, amount } of cells) sums[entityId] = (sums[entityId] ?? 0n) + amount;
    return sums;
  }

  it('are listed as registered, as implied by the book and as built in, on both dates', async () => {
    const early = new Date().toISOString();
    await receivables('A,D1,trade,CNY,100.00,2024-01-31,,2024-03-01,A,hk', 'B,D1,trade,CNY,100.00,2024-01-31,,2024-03-01,B,');
    expect(await state({ id: 'sg', name: 'Singapore', functionalCurrency: 'SGD', joinedOn: '2024-07-01' })).toEqual({
      id: 'sg',
      outcome: 'registered',
    });
    expect(await state({ id: 'sg', name: 'Singapore', functionalCurrency: 'SGD', joinedOn: '2024-07-01' })).toMatchObject({
      outcome: 'unchanged',
    });
    expect(await state({ id: 'sg', name: 'Singapore', functionalCurrency: 'SGD', leftOn: '2024-12-31' })).toMatchObject({
      outcome: 'amended',
    });
    await project();
    const list = async (asOf: string, knownAt?: string) =>
      (await new ListEntitiesHandler(book.worker).execute(new ListEntitiesQuery(1, { asOf, knownAt }))).items.map(
        ({ entityId, active, implicit }) => [entityId, active, implicit],
      );
    expect(await list('2024-12-31')).toEqual([
      ['main', true, true],
      ['hk', true, true],
      ['sg', true, false],
    ]);
    expect(await list('2025-01-01')).toContainEqual(['sg', false, false]);
    expect(await list('2024-12-31', early)).toEqual([['main', true, true]]);
  });

  it('take no receivable recognised after they left, and do take what they brought along when they joined', async () => {
    await state({ id: 'hk', joinedOn: '2024-01-01', leftOn: '2024-06-30' });
    const outcome = await receivables(
      'A,D1,trade,CNY,100.00,2023-01-31,,2024-03-01,A,hk',
      'B,D1,trade,CNY,100.00,2024-06-30,,2024-07-30,B,hk',
      'C,D1,trade,CNY,100.00,2024-07-01,,2024-07-30,C,hk',
    );
    expect(outcome).toMatchObject({ accepted: 2, refusals: ['4 entity_id entity-left'] });
    expect(await receivables('A,D1,trade,CNY,100.00,2023-01-31,,2024-03-01,A,hk')).toMatchObject({ unchanged: 1 });
  });

  it('take no balance from another entity before they joined or after they left', async () => {
    await state({ id: 'hk', joinedOn: '2024-03-01', leftOn: '2024-06-30' });
    await receivables('A,D1,trade,CNY,100.00,2023-01-31,,2024-03-01,A,', 'B,D1,trade,CNY,100.00,2023-01-31,,2024-03-01,B,');
    const outcome = await book.import(
      'movements',
      [
        'M1,A,reclassify,,2024-02-29,,hk',
        'M2,A,reclassify,,2024-07-01,,hk',
        'M3,A,reclassify,,2024-06-30,,hk',
        'M4,B,reclassify,,2024-07-01,,elsewhere',
      ],
      { header: RECLASSIFY },
    );
    expect(outcome).toMatchObject({ accepted: 2, refusals: ['2 to_entity_id entity-not-joined', '3 to_entity_id entity-left'] });
    expect(await balances('2024-07-01')).toEqual({ hk: 10_000n, elsewhere: 10_000n });
  });

  it.each<[string, string, string]>([
    ['the built-in one', 'main', 'entity-built-in'],
    ['one that nothing names', 'nowhere', 'entity-not-found'],
    ['one that left already', 'gone', 'entity-left'],
    ['one that is yet to join', 'new', 'entity-not-joined'],
  ])('cannot be disposed of: %s', async (_case, entityId, code) => {
    await state({ id: 'gone', leftOn: '2024-06-29' });
    await state({ id: 'new', joinedOn: '2024-07-01' });
    await expect(request(entityId, '2024-06-30')).rejects.toMatchObject({ code });
  });

  it.each([
    [{ id: 'main', leftOn: '2024-06-30' }, 'entity-built-in'],
    [{ id: 'hk', joinedOn: '2024-06-30', leftOn: '2024-06-29' }, 'date-invalid'],
  ])('are not registered with dates that cannot be: %j', async (entity, code) => {
    await expect(state(entity)).rejects.toMatchObject({ code });
  });

  describe('leaving the group', () => {
    const HK = [
      'A,D1,trade,CNY,100.00,2024-01-31,,2024-03-01,A,hk',
      'PAID,D1,trade,CNY,100.00,2024-01-31,,2024-03-01,PAID,hk',
      'LATER,D1,trade,CNY,100.00,2024-01-31,,2024-03-01,LATER,hk',
      'USD,D1,trade,USD,7.00,2024-01-31,,2024-03-01,USD,hk',
      'AFTER,D1,trade,CNY,100.00,2024-07-01,,2024-08-01,AFTER,hk',
      'MAIN,D1,trade,CNY,100.00,2024-01-31,,2024-03-01,MAIN,',
      'CAME,D1,trade,CNY,50.00,2024-01-31,,2024-03-01,CAME,',
      'WENT,D1,trade,CNY,50.00,2024-01-31,,2024-03-01,WENT,hk',
    ];
    beforeEach(async () => {
      await receivables(...HK);
      await book.import('movements', [
        'P1,PAID,payment,100.00,2024-05-31,',
        'P2,LATER,payment,60.00,2024-09-30,',
        'P3,A,payment,30.00,2024-05-31,',
      ]);
      await book.import('movements', ['C1,CAME,reclassify,,2024-05-31,,hk', 'C2,WENT,reclassify,,2024-06-30,,main'], {
        header: RECLASSIFY,
      });
      await project();
    });
    const disposals = () =>
      book.rows(
        `SELECT r.receivable_id, m.gross, m.entity_id, m.effective_on FROM rc.movement m JOIN rc.receivable r USING (tenant_id, receivable_no)
         WHERE m.type = 'disposal' ORDER BY 1`,
      );

    it('derecognises what is owed to the entity on that date, whoever recognised it, and leaves what later facts settle', async () => {
      expect(await balances('2024-06-30')).toEqual({ hk: 22_700n, main: 15_000n });
      const { id } = await request('hk', '2024-06-30');
      await dispose(id);
      const gone = { entity_id: 'hk', effective_on: '2024-06-30' };
      expect(await disposals()).toEqual([
        { receivable_id: 'A', gross: -7_000n, ...gone },
        { receivable_id: 'CAME', gross: -5_000n, ...gone },
        { receivable_id: 'LATER', gross: -4_000n, ...gone },
        { receivable_id: 'USD', gross: -700n, ...gone },
      ]);
      expect(await balances('2024-06-29')).toEqual({ hk: 27_700n, main: 10_000n });
      expect(await balances('2024-06-30')).toEqual({ hk: 6_000n, main: 15_000n });
      expect(await balances('2024-09-30')).toEqual({ hk: 10_000n, main: 15_000n });
      const status = await new GetDisposalHandler(book.worker).execute(new GetDisposalQuery(1, 'hk', id));
      expect(status).toMatchObject({
        status: 'completed',
        on: '2024-06-30',
        outcome: {
          receivables: 4,
          amounts: [
            { currency: 'CNY', disposed: '16000', remaining: '6000' },
            { currency: 'USD', disposed: '700', remaining: '0' },
          ],
        },
      });
      const position = await project();
      const page = await book.database.read(1, (tx) => readHistories(tx, 1, { position, receivableIds: ['A'] }));
      expect(page.items.map((item) => outstandingAt(item, { asOf: '2024-06-30', position }))).toEqual([0n]);
      expect((await receivables('NEW,D1,trade,CNY,1.00,2024-07-01,,2024-08-01,NEW,hk')).refusals).toEqual(['2 entity_id entity-left']);
    });

    it('changes nothing when it is asked for again, and goes on where it was cut off', async () => {
      const { id } = await request('hk', '2024-06-30');
      const run = derecogniseReceivables({
        store: book.worker,
        context: { ...book.context() },
        disposal: { disposalId: id, entityId: 'hk', on: '2024-06-30', reason: 'sold' },
        perTransaction: 2,
        proceed: () => Promise.reject(new Error('crashed')),
      });
      await expect(run).rejects.toThrow('crashed');
      const half = (await disposals()).length;
      expect([half > 0, half < 4]).toEqual([true, true]);
      await dispose(id);
      const ids = () => book.rows(`SELECT movement_id FROM rc.movement WHERE type = 'disposal' ORDER BY 1`);
      const before = [await disposals(), await ids()];
      await dispose((await request('hk', '2024-06-30')).id);
      expect([await disposals(), await ids()]).toEqual(before);
    });

    it('takes along what turns up late for the date when it is asked for again, under an id of its own', async () => {
      await dispose((await request('hk', '2024-06-30')).id);
      await receivables('LATE,D1,trade,CNY,3.00,2024-06-30,,2024-08-01,LATE,hk');
      await book.import('movements', ['X1,A,payment_reversal,30.00,2024-06-15,']);
      expect(await balances('2024-06-30')).toEqual({ hk: 9_300n, main: 15_000n });
      const { id } = await request('hk', '2024-06-30');
      await dispose(id);
      expect(await balances('2024-06-30')).toEqual({ hk: 6_000n, main: 15_000n });
      expect((await disposals()).filter((row) => (row as { receivable_id: string }).receivable_id === 'A')).toHaveLength(2);
    });

    it('answers the same request sent again with the same disposal', async () => {
      const context = { ...book.context(), newId: () => '00000000-0000-5000-8000-000000000001' };
      expect(await request('hk', '2024-06-30', context)).toEqual(await request('hk', '2024-06-30', context));
    });
  });
});
