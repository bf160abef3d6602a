import type { CheckpointRequests } from '../exposure/take-checkpoints.job';
import { FAILURES_MAX } from './import-limits';
import { ImportJob } from './import.job';
import { HEADERS, TestBook } from './import.fixture';

describe('the job that runs imports', () => {
  jest.setTimeout(30_000);
  let book: TestBook;
  beforeAll(async () => {
    book = await TestBook.create();
  });
  afterAll(() => book.drop());

  const run = (signal = new AbortController().signal) => {
    const clock = { now: () => new Date(), today: () => book.today };
    const checkpoints = { afterImport: () => Promise.resolve() } as unknown as CheckpointRequests;
    const job = { intentId: 'i', tenantId: 1, kind: 'import', key: 'book', payload: {}, attempt: 1, generation: 1, signal };
    return new ImportJob(book.worker, book.vault, clock, checkpoints).run({ ...job, extendLease: () => Promise.resolve() });
  };
  const refusedOnly = `${HEADERS['fx-rates']}\nUSD,CNY,x,2024-01-01\n`;

  it('gives up a file that fails again and again, says so, and goes on with the next one', async () => {
    const broken = await book.upload('fx-rates', refusedOnly);
    const next = await book.upload('fx-rates', refusedOnly);
    await book.database.transaction(1, (tx) => tx.execute('UPDATE rc.import SET header = NULL WHERE import_id = $1', [broken]));
    for (let failure = 1; failure < FAILURES_MAX; failure += 1) {
      expect(await run()).toMatchObject({ outcome: 'retry' });
      expect(await book.outcome(next)).toMatchObject({ status: 'queued' });
    }
    expect(await run()).toEqual({ outcome: 'done' });
    expect(await book.outcome(broken)).toMatchObject({ status: 'failed' });
    expect(await book.outcome(next)).toMatchObject({ status: 'completed', rejected: 1 });
    const types = await book.rows(
      'SELECT t.name FROM es.event e JOIN es.event_type t ON t.code = e.type JOIN es.stream s USING (tenant_id, stream_id) WHERE s.key = $1 ORDER BY e.version',
      [broken],
    );
    expect(types).toEqual([{ name: 'ImportReceived' }, { name: 'ImportFailed' }]);
  });

  it('stops between batches when the worker stops, and counts that as no failure', async () => {
    const id = await book.upload('fx-rates', refusedOnly);
    const stopping = new AbortController();
    stopping.abort();
    expect(await run(stopping.signal)).toMatchObject({ outcome: 'retry' });
    expect(await book.outcome(id)).toMatchObject({ status: 'running', rejected: 1 });
    expect(await run()).toEqual({ outcome: 'done' });
    expect(await book.outcome(id)).toMatchObject({ status: 'completed', rejected: 1 });
  });
});
