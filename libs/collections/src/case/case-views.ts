import type { Tx } from '@app/event-store';
import type { DisputeView, PlanView, PromiseView } from './case.queries';
import { planStateOf, promiseStateOf, type DisputeRecord, type PlanRecord, type PromiseRecord } from './debtor-case';
import { personOf, type Note, type Notes } from './notes';

/** Opens the notes of records with one statement: each record says which envelopes it has, and is shown with their texts. */
async function opened<Record extends { readonly debtorId: string }, View>(
  notes: Notes,
  tx: Tx,
  tenantId: number,
  records: readonly Record[],
  envelopesOf: (record: Record) => readonly PromiseRecord['personal'][],
  show: (record: Record, texts: readonly (Note | null)[]) => View,
): Promise<View[]> {
  const sealed = records.map((record) => envelopesOf(record).map((personal) => ({ person: personOf(record.debtorId), personal })));
  const texts = await notes.open(tx, tenantId, sealed.flat());
  let from = 0;
  return records.map((record, index) => {
    const count = sealed[index]?.length ?? 0;
    from += count;
    return show(record, texts.slice(from - count, from));
  });
}

export function promiseViews(notes: Notes, tx: Tx, tenantId: number, records: readonly PromiseRecord[]): Promise<PromiseView[]> {
  return opened(
    notes,
    tx,
    tenantId,
    records,
    ({ personal, withdrawn, moves }) => [personal, withdrawn?.personal ?? null, ...moves.map((move) => move.personal)],
    (record, [note = null, withdrawal = null, ...reasons]) => {
      const { personal: _personal, withdrawn, moves, ...promise } = record;
      return {
        ...promise,
        state: promiseStateOf(record),
        note,
        moves: moves.map(({ personal: _sealed, ...move }, index) => ({ ...move, reason: reasons[index] ?? null })),
        withdrawn: withdrawn === null ? null : { on: withdrawn.on, position: withdrawn.position, reason: withdrawal },
      };
    },
  );
}

export function disputeViews(notes: Notes, tx: Tx, tenantId: number, records: readonly DisputeRecord[]): Promise<DisputeView[]> {
  return opened(
    notes,
    tx,
    tenantId,
    records,
    ({ personal, resolved }) => [personal, resolved?.personal ?? null],
    ({ personal: _personal, resolved, ...dispute }, [note = null, resolution = null]) => {
      if (resolved === null) return { ...dispute, note, resolved };
      const { personal: _sealed, ...shown } = resolved;
      return { ...dispute, note, resolved: { ...shown, note: resolution } };
    },
  );
}

export function planViews(notes: Notes, tx: Tx, tenantId: number, records: readonly PlanRecord[]): Promise<PlanView[]> {
  return opened(
    notes,
    tx,
    tenantId,
    records,
    ({ personal, cancelled }) => [personal, cancelled?.personal ?? null],
    (record, [reason = null, cancellation = null]) => {
      const { personal: _personal, cancelled, ...plan } = record;
      const shown = cancelled === null ? null : { on: cancelled.on, position: cancelled.position, reason: cancellation };
      return { ...plan, state: planStateOf(record), reason, cancelled: shown };
    },
  );
}
