import type { AgeingScheme } from '@app/credit-domain';
import { BUILT_IN_SCHEMES, localDate } from '@app/credit-domain';
import { ExposureProcessor } from '../exposure/project-exposure.processor';
import { readExposure } from '../exposure/read-exposure';
import { TestBook } from '../import-file/import.fixture';
import { rebuildReadModels, WorkerRunning } from './rebuild-read-models';

const [SCHEME] = BUILT_IN_SCHEMES as readonly [AgeingScheme];

describe('rebuilding the read models', () => {
  let book: TestBook;

  beforeAll(async () => {
    book = await TestBook.create();
    await book.import('debtors', ['D1,One,retail,false,CN,90,,', 'D2,Two,public,true,CN,30,,']);
    await book.import('receivables', ['A,D1,trade,CNY,100.00,2023-06-30,,,A', 'B,D2,trade,CNY,50.00,2022-12-31,,,B']);
    await book.import('movements', ['P1,A,payment,40.00,2023-12-15,bank', 'P2,B,payment,70.00,2023-12-16,bank']);
    book.today = '2026-02-01';
    await book.import('debtors', ['D1,One,public,false,CN,90,,']);
  });
  afterAll(() => book.drop());

  const readings = async (upTo: bigint): Promise<unknown[]> => {
    const results: unknown[] = [];
    for (const asOf of ['2023-12-31', '2026-03-01'])
      for (const position of [upTo, upTo - 2n, upTo - 4n]) {
        const cells = await book.database.read(1, (tx) =>
          readExposure(tx, { tenantId: 1, asOf: localDate(asOf), position, scheme: SCHEME }),
        );
        results.push(
          cells.map((cell) => JSON.stringify(cell, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).sort(),
        );
      }
    const kept = await book.rows<{ entries: bigint; credits: bigint; credit: string }>(
      `SELECT (SELECT count(*) FROM rc.exposure_entry) AS entries, count(*) AS credits, sum(amount)::text AS credit FROM rc.credit_entry`,
    );
    return [...results, kept];
  };

  it('gives the same book and the same figures on both dates, or the log would not be the truth', async () => {
    const { position } = await book.database.read(1, (tx) => book.worker.latestSettled(tx));
    const exposure = new ExposureProcessor(book.worker, () => Promise.resolve());
    await book.database.transaction(1, (tx) => exposure.apply(tx, { tenantId: 1, after: 0n, upTo: position }));
    const before = [await book.bookText(), await readings(position)];
    expect(before[1]).toContainEqual([expect.objectContaining({ credits: 1n, credit: '2000' })]);

    expect(await rebuildReadModels(book.worker, 1)).toBe(position);

    expect([await book.bookText(), await readings(position)]).toEqual(before);
    const [checkpoint] = await book.rows<{ position: bigint }>(
      `SELECT position FROM es.checkpoint WHERE tenant_id = 1 AND name = 'exposure'`,
    );
    expect(checkpoint?.position).toBe(position);
  });

  it('refuses while a worker holds the projection, or two would write the same balances', async () => {
    await book.database.transaction(null, (tx) =>
      tx.execute(
        `INSERT INTO es.lane (name, lane, lanes, types, owner, lease_until, fence) VALUES ('exposure', 0, 1, NULL, 'other', clock_timestamp() + interval '1 minute', 1)`,
      ),
    );
    await expect(rebuildReadModels(book.worker, 1)).rejects.toThrow(WorkerRunning);
  });
});
