import { createTestLog, type TestLog } from './event-store.fixture';

const ROUNDS = 30;

describe('the database after a restart', () => {
  let log: TestLog;
  beforeAll(async () => {
    log = await createTestLog();
  });
  afterAll(() => log.drop());

  it('begins on another connection when its own was cut off before it began, or the first command after a restart fails', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await log.api.database.read(1, (tx) => tx.query('SELECT 1'));
      // The pool has not heard yet that its idle connection is gone.
      const killed = log.owner.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      const answers = log.api.database.read(1, (tx) => tx.query<{ n: number }>('SELECT 1 AS n')).catch((error: unknown) => error);
      await killed;
      const afterwards = await log.api.database.read(1, (tx) => tx.query<{ n: number }>('SELECT 1 AS n'));
      expect(afterwards).toEqual([{ n: 1 }]);
      // What had begun may be lost with its connection; it is told, and nothing is half done.
      await answers;
    }
  });
});
