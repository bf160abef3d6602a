import { Injectable } from '@nestjs/common';
import { waitForProcessor, type Database, type Position, type Processor, type StoredEvent, type Tx } from '@app/event-store';
import { dataOf } from '../event-data';
import { applyLetterEvents } from './letter-table';

export const DUNNING_PROCESSOR = 'collections-dunning';
const READ_WAIT_MS_MAX = 10_000;

/** Keeps the tables of letters and runs. */
@Injectable()
export class DunningProcessor implements Processor {
  readonly name = DUNNING_PROCESSOR;
  readonly lanes = 1;
  readonly eventTypes = [
    'DunningLetterIssued',
    'DunningLetterSending',
    'DunningLetterSent',
    'DunningLetterFailed',
    'DunningLetterWithdrawn',
    'DunningRunMade',
  ];
  readonly onError = 'stop' as const;

  async apply(tx: Tx, page: { tenantId: number; events: () => Promise<StoredEvent[]> }): Promise<void> {
    const events = await page.events();
    await applyLetterEvents(tx, page.tenantId, events);
    for (const event of events) if (event.type === 'DunningRunMade') await applyRun(tx, page.tenantId, event);
  }
}

async function applyRun(tx: Tx, tenantId: number, event: StoredEvent): Promise<void> {
  const { runId, knownTo, letters, notDunned, requestedAt } = dataOf('DunningRunMade', event);
  await tx.execute(
    `INSERT INTO cl.dunning_run (tenant_id, run_id, as_of, status, principal_id, correlation_id, known_to, letters, not_dunned, requested_at)
     VALUES ($1, $2, $3, 'completed', $4, $5, $6, $7, $8, $9)
     ON CONFLICT (tenant_id, run_id) DO UPDATE
       SET status = 'completed', known_to = EXCLUDED.known_to, letters = EXCLUDED.letters, not_dunned = EXCLUDED.not_dunned`,
    [
      tenantId,
      runId,
      event.effectiveOn,
      event.principalId,
      event.correlationId,
      knownTo,
      letters,
      JSON.stringify(notDunned),
      requestedAt ?? event.recordedAt,
    ],
  );
}

/** Waits until the tables hold everything settled so far: what was answered with success is in every later reading. */
export async function whenDunningIsCurrent(database: Database, tenantId: number, position: Position): Promise<void> {
  await waitForProcessor(database, DUNNING_PROCESSOR, tenantId, position, READ_WAIT_MS_MAX);
}
