import { Inject, Injectable } from '@nestjs/common';
import type { EventStore } from '@app/event-store';
import type { Clock, Job, JobHandler, JobOutcome } from '@app/platform';
import { CLOCK, EVENT_STORE, PersonalDataVault, tenantZone } from '@app/platform';
import { EXPOSURE_PROCESSOR } from '../exposure/project-exposure.processor';
import { CheckpointRequests } from '../exposure/take-checkpoints.job';
import { controlTotals } from './decide/control-totals';
import { debtors } from './decide/debtors';
import { fxRates } from './decide/fx-rates';
import { movements } from './decide/movements';
import { openItemsOf } from '../open-items/open-items';
import { receivables } from './decide/receivables';
import { purgeExpired } from './expire-uploads';
import { FAILURES_MAX } from './import-limits';
import { IMPORT_JOB_KIND } from './import-job-names';
import { ImportTakenOver } from './import-progress';
import type { ImportRecord } from './import-record';
import { nextImport } from './import-record';
import type { ImportRun } from './run-import';
import { failImport, runImport } from './run-import';

const RETRY_DELAY_MS = 2_000;

class ImportInterrupted extends Error {}

/** Runs the waiting imports of a tenant, one after the other, each from where it stopped. */
@Injectable()
export class ImportJob implements JobHandler {
  /** One intent a tenant (IMPORT_JOB_KEY): imports run one at a time, in the order in which they were accepted. */
  readonly kind = IMPORT_JOB_KIND;
  readonly queue = 'import';
  /** An import counts its own failures: those of one file must not cost the next its turn. */
  readonly attemptsMax = 100;
  readonly leaseSeconds = 20;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly vault: PersonalDataVault,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly checkpoints: CheckpointRequests,
  ) {}

  async run(job: Job): Promise<JobOutcome> {
    const { database } = this.store;
    await purgeExpired(database, job.tenantId, this.clock.now());
    for (;;) {
      const file = await database.transaction(job.tenantId, async (tx) => {
        const next = await nextImport(tx, job.tenantId);
        if (next === undefined) return undefined;
        await tx.execute(
          `UPDATE rc.import SET status = 'running', started_at = COALESCE(started_at, clock_timestamp()) WHERE tenant_id = $1 AND import_id = $2`,
          [job.tenantId, next.importId],
        );
        return next;
      });
      if (file === undefined) return { outcome: 'done' };
      const zone = await database.read(job.tenantId, (tx) => tenantZone(tx, job.tenantId));
      const run = this.runOf(job, file, this.clock.today(zone));
      try {
        await this.runFile(run);
      } catch (error) {
        const retry = await this.afterFailure(run, error);
        if (retry !== undefined) return retry;
      }
    }
  }

  private runOf(job: Job, file: ImportRecord, doneOn: string): ImportRun {
    return {
      store: this.store,
      tenantId: job.tenantId,
      file,
      today: this.clock.today(),
      doneOn,
      awaitedProcessors: [EXPOSURE_PROCESSOR],
      ended: (tx) => this.checkpoints.afterImport(tx, job.tenantId),
      proceed: async () => {
        if (job.signal.aborted) throw new ImportInterrupted('the worker is stopping');
        await job.extendLease();
      },
    };
  }

  private runFile(run: ImportRun): Promise<void> {
    switch (run.file.kind) {
      case 'debtors':
        return runImport(run, debtors(this.vault));
      case 'receivables':
        return runImport(run, receivables(this.store));
      case 'movements':
        return runImport(run, movements(this.store));
      case 'fx-rates':
        return runImport(run, fxRates);
      case 'control-totals':
        return runImport(run, controlTotals);
      case 'open-items':
        return runImport(run, openItemsOf(run.file, receivables(this.store)));
    }
  }

  /** When to try again; undefined when the import was given up and the next one may start. */
  private async afterFailure(run: ImportRun, error: unknown): Promise<JobOutcome | undefined> {
    const notBefore = new Date(this.clock.now().getTime() + RETRY_DELAY_MS);
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof ImportInterrupted || error instanceof ImportTakenOver) return { outcome: 'retry', notBefore, reason };
    const [counted] = await this.store.database.transaction(run.tenantId, (tx) =>
      tx.query<{ failures: number }>(
        'UPDATE rc.import SET failures = failures + 1 WHERE tenant_id = $1 AND import_id = $2 RETURNING failures',
        [run.tenantId, run.file.importId],
      ),
    );
    if ((counted?.failures ?? 0) < FAILURES_MAX) return { outcome: 'retry', notBefore, reason };
    await failImport(run, 'The import failed again and again at the same place; the log of the worker says why.');
    return undefined;
  }
}
