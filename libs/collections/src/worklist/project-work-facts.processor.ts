import { Injectable } from '@nestjs/common';
import type { Processor, StoredEvent, Tx } from '@app/event-store';

export const WORKLIST_PROCESSOR = 'collections-worklist';

/** By type: where the event says what it is about, and which day it names. */
const TYPES: Readonly<Record<string, { readonly subject?: string; readonly day?: string }>> = {
  ActivityRecorded: { subject: 'activityId', day: 'nextContactOn' },
  PromiseKept: { subject: 'promiseId' },
  PromisePartKept: { subject: 'promiseId' },
  PromiseBroken: { subject: 'promiseId' },
  PromiseReopened: { subject: 'promiseId' },
  DisputeRaised: { subject: 'disputeId' },
  DisputeResolved: { subject: 'disputeId' },
  DebtorAssigned: { subject: 'controllerId' },
  DebtorSnoozed: { day: 'until' },
  DebtorWorkDone: { day: 'until' },
};

/** Keeps `cl.work_fact`. */
@Injectable()
export class WorkFactsProcessor implements Processor {
  readonly name = WORKLIST_PROCESSOR;
  readonly lanes = 1;
  readonly eventTypes = Object.keys(TYPES);
  readonly onError = 'stop' as const;

  async apply(tx: Tx, page: { tenantId: number; events: () => Promise<StoredEvent[]> }): Promise<void> {
    const rows = (await page.events()).map(({ type, position, effectiveOn, data }) => {
      const { subject, day } = TYPES[type] ?? {};
      return {
        ...{ debtor_id: data['debtorId'], position: String(position), effective_on: effectiveOn, type },
        subject: subject === undefined ? null : (data[subject] ?? null),
        day: day === undefined ? null : (data[day] ?? null),
        snapshot: data['snapshot'] ?? null,
      };
    });
    if (rows.length === 0) return;
    await tx.execute(
      `INSERT INTO cl.work_fact (tenant_id, debtor_id, position, effective_on, type, subject, day, snapshot)
       SELECT $1, x.* FROM jsonb_to_recordset($2::jsonb)
         AS x(debtor_id text, position bigint, effective_on date, type text, subject text, day date, snapshot jsonb)
       ON CONFLICT DO NOTHING`,
      [page.tenantId, JSON.stringify(rows)],
    );
  }
}
