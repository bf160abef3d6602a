import { createTestLog } from '../event-store.fixture';
import { registerEventTypes } from '../migrations/register-event-types';
import { runStress, stressCatalogue, type StressReport } from './run-stress';

describe('the log under stress', () => {
  it.each(['sequence-lock', 'horizon'] as const)(
    'loses, doubles and disorders nothing when it settles by %s among rollbacks, slow commits, cut and killed connections',
    async (strategy) => {
      const log = await createTestLog([]);
      await registerEventTypes(log.ownerUrl, stressCatalogue);
      let report: StressReport;
      try {
        report = await runStress({ ownerUrl: log.ownerUrl, seed: 20260131, writers: 8, events: 8_000, strategy, killEveryMs: 100 });
      } finally {
        await log.drop();
      }
      expect(report).toMatchObject({ lostInLog: 0, ghostsInLog: 0, doubledInLog: 0, lost: 0, doubled: 0, inversions: 0 });
      // The control: a reader without the mark must lose events here, or this test could not see a loss.
      expect(report.naiveLost).toBeGreaterThan(0);
      expect(report.faults.cuts + report.faults.kills).toBeGreaterThan(5);
    },
    60_000,
  );
});
