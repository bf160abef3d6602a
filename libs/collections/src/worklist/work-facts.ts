import type { LimitBand, WorkSnapshot } from '@app/credit-domain';
import type { Position, Tx } from '@app/event-store';

interface FactRow {
  readonly debtor_id: string;
  readonly position: Position;
  readonly effective_on: string;
  readonly type: string;
  readonly subject: string | null;
  readonly day: string | null;
  readonly snapshot: StoredSnapshot | null;
}

export interface StoredSnapshot {
  readonly overdue: Readonly<Record<string, string>>;
  readonly brokenPromises: number;
  readonly band: LimitBand | null;
}

export interface PutOff {
  readonly how: 'snoozed' | 'done';
  readonly until: string;
  readonly since: string;
  readonly snapshot: WorkSnapshot;
  readonly position: Position;
}

/** What has been recorded about working on a debtor. Positions open to the events. */
export interface DebtorWork {
  /** Promises not kept, or kept in part only, by the promise. */
  readonly broken: ReadonlyMap<string, Position>;
  /** By the dispute. */
  readonly disputes: ReadonlyMap<string, Position>;
  readonly nextContact: { readonly on: string; readonly position: Position } | null;
  /** Null: nobody was named, or the naming was taken back. */
  readonly assigned: { readonly controllerId: string; readonly position: Position } | null;
  readonly putOff: PutOff | null;
}

export const NO_WORK: DebtorWork = { broken: new Map(), disputes: new Map(), nextContact: null, assigned: null, putOff: null };

/** What counts on a day, as known at a position: of every debtor with anything recorded, or of those named. */
export async function readWork(
  tx: Tx,
  tenantId: number,
  at: { readonly asOf: string; readonly position: Position; readonly debtorIds?: readonly string[] | undefined },
): Promise<Map<string, DebtorWork>> {
  const rows = await tx.query<FactRow>(
    `SELECT debtor_id, position, effective_on, type, subject, day, snapshot FROM cl.work_fact
     WHERE tenant_id = $1 AND effective_on <= $2 AND position <= $3 ${at.debtorIds === undefined ? '' : 'AND debtor_id = ANY($4::text[])'}
     ORDER BY position`,
    [tenantId, at.asOf, at.position, ...(at.debtorIds === undefined ? [] : [at.debtorIds])],
  );
  const debtors = new Map<string, FactRow[]>();
  for (const row of rows) {
    const known = debtors.get(row.debtor_id);
    if (known === undefined) debtors.set(row.debtor_id, [row]);
    else known.push(row);
  }
  return new Map([...debtors].map(([debtorId, facts]) => [debtorId, foldWork(facts)]));
}

/** In the order in which it was recorded: a promise judged anew is what it was judged last. */
export function foldWork(facts: readonly FactRow[]): DebtorWork {
  const broken = new Map<string, Position>();
  const disputes = new Map<string, Position>();
  let { nextContact, assigned, putOff }: DebtorWork = NO_WORK;
  for (const { type, subject, day, position, effective_on: on, snapshot } of facts) {
    switch (type) {
      case 'PromiseBroken':
      case 'PromisePartKept':
        broken.set(subject ?? '', position);
        break;
      case 'PromiseKept':
      case 'PromiseReopened':
        broken.delete(subject ?? '');
        break;
      case 'DisputeRaised':
        disputes.set(subject ?? '', position);
        break;
      case 'DisputeResolved':
        disputes.delete(subject ?? '');
        break;
      case 'ActivityRecorded':
        // Whoever spoke last has said when it goes on, or that it does not.
        nextContact = day === null ? null : { on: day, position };
        break;
      case 'DebtorAssigned':
        assigned = subject === null ? null : { controllerId: subject, position };
        break;
      case 'DebtorSnoozed':
      case 'DebtorWorkDone':
        if (day === null || snapshot === null) break;
        putOff = { how: type === 'DebtorSnoozed' ? 'snoozed' : 'done', until: day, since: on, snapshot: snapshotOf(snapshot), position };
    }
  }
  return { broken, disputes, nextContact, assigned, putOff };
}

function snapshotOf({ overdue, brokenPromises, band }: StoredSnapshot): WorkSnapshot {
  return {
    overdue: Object.fromEntries(Object.entries(overdue).map(([currency, amount]) => [currency, BigInt(amount)])),
    brokenPromises,
    band,
  };
}
