import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { decideDispute, type DisputeResolution } from '@app/credit-domain';
import { eventContext, Refusal } from '@app/platform';
import { ReadDebtorCashQuery, ReadOwedItemsQuery } from '@app/receivables';
import { CaseLog } from '../case/case-log';
import type { DisputeRecord } from '../case/debtor-case';
import { Notes, personOf } from '../case/notes';
import { refusalOf } from '../case/refuse';
import { newEvent } from '../event-data';
import { RaiseDisputeCommand, ResolveDisputeCommand } from './disputes.commands';

/** Credit notes are looked for over the whole history of the debtor. */
const EVER = '1900-01-01';

@CommandHandler(RaiseDisputeCommand)
export class RaiseDisputeHandler implements ICommandHandler<RaiseDisputeCommand> {
  constructor(
    private readonly log: CaseLog,
    private readonly notes: Notes,
    private readonly queries: QueryBus,
  ) {}

  async execute({ context, debtorId, dispute }: RaiseDisputeCommand): Promise<{ id: string }> {
    const { tenantId } = context;
    const { receivableIds, reason, note } = dispute;
    const id = context.newId();
    const items = await this.queries.execute(new ReadOwedItemsQuery(tenantId, { debtorId, receivableIds }));
    return this.log.decide(eventContext(context), debtorId, async (tx, known) => {
      if (known.disputes.has(id)) return { events: [], result: { id } };
      const stated = dispute.amount === undefined ? null : { amount: dispute.amount.minor, currency: dispute.amount.currency };
      const decided = decideDispute(items, stated);
      if (!decided.ok) throw refusalOf(decided.refused);
      const { amount, currency } = decided.disputed;
      const personal = await this.notes.seal(tx, tenantId, personOf(debtorId), note);
      const data = { disputeId: id, debtorId, receivableIds: [...receivableIds], reason, amount: String(amount), currency, personal };
      return { events: [newEvent('DisputeRaised', await this.log.today(tx, tenantId), data)], result: { id }, opened: id };
    });
  }
}

@CommandHandler(ResolveDisputeCommand)
export class ResolveDisputeHandler implements ICommandHandler<ResolveDisputeCommand> {
  constructor(
    private readonly log: CaseLog,
    private readonly notes: Notes,
    private readonly queries: QueryBus,
  ) {}

  async execute({ context, disputeId, outcome }: ResolveDisputeCommand): Promise<{ id: string }> {
    const { tenantId } = context;
    const { resolution, creditNoteIds, note } = outcome;
    const debtorId = await this.log.store.database.read(tenantId, (tx) => this.log.debtorOf(tx, tenantId, disputeId));
    if (debtorId === null) throw unknown(disputeId);
    const known = await this.creditNotes(tenantId, debtorId, resolution);
    return this.log.decide(eventContext(context), debtorId, async (tx, { disputes }) => {
      const dispute = openDispute(disputes.get(disputeId), disputeId);
      checkCreditNotes(dispute, resolution, creditNoteIds, known);
      const personal = await this.notes.seal(tx, tenantId, personOf(debtorId), note);
      const data = { disputeId, debtorId, resolution, creditNoteIds: [...creditNoteIds], personal };
      return { events: [newEvent('DisputeResolved', await this.log.today(tx, tenantId), data)], result: { id: disputeId } };
    });
  }

  /** The receivable of every credit note of the debtor, null on account; by movement. */
  private async creditNotes(
    tenantId: number,
    debtorId: string,
    resolution: DisputeResolution,
  ): Promise<ReadonlyMap<string, string | null>> {
    if (resolution !== 'accepted') return new Map();
    const { position } = await this.log.store.database.read(tenantId, (tx) => this.log.store.latestSettled(tx));
    const movements = await this.queries.execute(new ReadDebtorCashQuery(tenantId, { position, debtors: [{ debtorId, from: EVER }] }));
    const notes = (movements.get(debtorId) ?? []).filter(({ type }) => type === 'credit_note');
    return new Map(notes.map(({ movementId, receivableId }) => [movementId, receivableId]));
  }
}

function unknown(disputeId: string): Refusal {
  return new Refusal('dispute-not-found', `There is no dispute ${disputeId}.`);
}

function openDispute(dispute: DisputeRecord | undefined, disputeId: string): DisputeRecord {
  if (dispute === undefined) throw unknown(disputeId);
  if (dispute.resolved === null) return dispute;
  throw new Refusal('dispute-not-open', `Dispute ${disputeId} was ${dispute.resolved.resolution} on ${dispute.resolved.by.on}.`);
}

/** Who accepts a dispute gives the money up: by a credit note on the disputed items or on account, and not by saying so. */
function checkCreditNotes(
  { receivableIds }: DisputeRecord,
  resolution: DisputeResolution,
  creditNoteIds: readonly string[],
  known: ReadonlyMap<string, string | null>,
): void {
  if (resolution !== 'accepted') return;
  const at = (field: string) => [{ field, pointer: `/${field.replace('[', '/').replace(']', '')}` }];
  if (creditNoteIds.length === 0) {
    throw new Refusal('credit-note-missing', 'An accepted dispute points to the credit note that settles it.', at('creditNoteIds'));
  }
  for (const [index, movementId] of creditNoteIds.entries()) {
    const receivableId = known.get(movementId);
    if (receivableId === undefined || (receivableId !== null && !receivableIds.includes(receivableId))) {
      const detail = `There is no credit note ${movementId} on the disputed items or on account of the debtor.`;
      throw new Refusal('credit-note-unknown', detail, at(`creditNoteIds[${String(index)}]`));
    }
  }
}
