import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE, eventContext, Refusal } from '@app/platform';
import { ReadOwedItemsQuery } from '@app/receivables';
import { appendAndSettle } from '../append-and-settle';
import { CaseLog, lockCases } from '../case/case-log';
import { Notes, personOf } from '../case/notes';
import { CONTACTS, foldContacts } from '../contacts/contact.fold';
import { newEvent } from '../event-data';
import { RecordActivityCommand } from './activities.commands';
import { ACTIVITIES } from './activity-log';

@CommandHandler(RecordActivityCommand)
export class RecordActivityHandler implements ICommandHandler<RecordActivityCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly log: CaseLog,
    private readonly notes: Notes,
    private readonly queries: QueryBus,
  ) {}

  async execute({ context, debtorId, activity }: RecordActivityCommand): Promise<{ id: string }> {
    const { tenantId } = context;
    const { type, note, contactId, receivableIds, nextContactOn } = activity;
    const id = context.newId();
    await this.queries.execute(new ReadOwedItemsQuery(tenantId, { debtorId, receivableIds }));
    return appendAndSettle(this.store, eventContext(context), async (tx) => {
      await lockCases(tx, tenantId, [debtorId]);
      const head = await headOf(tx, tenantId, debtorId);
      if (head.lastId === id) return { appends: [], result: { id } };
      const today = await this.log.today(tx, tenantId);
      const on = activity.on ?? today;
      if (on > today) throw new Refusal('date-in-future', `${on} is yet to come.`, [{ field: 'on', pointer: '/on' }]);
      if (nextContactOn !== null && nextContactOn < today) {
        const place = { field: 'nextContactOn', pointer: '/nextContactOn' };
        throw new Refusal('next-contact-in-the-past', `Nobody can be contacted on ${nextContactOn} any more.`, [place]);
      }
      if (contactId !== null && !foldContacts(await this.store.readStream(tx, CONTACTS, debtorId)).has(contactId)) {
        const place = { field: 'contactId', pointer: '/contactId' };
        throw new Refusal('contact-not-found', `Debtor ${debtorId} has no contact ${contactId}.`, [place]);
      }
      const personal = await this.notes.seal(tx, tenantId, personOf(debtorId, contactId), note);
      const data = { activityId: id, debtorId, type, on, nextContactOn, receivableIds: [...receivableIds], contactId, personal };
      const events = [newEvent('ActivityRecorded', on, data)];
      return { appends: [{ category: ACTIVITIES, key: debtorId, expectedVersion: head.version, events }], result: { id } };
    });
  }
}

/** The end of a stream that may be long: its version, and the id of its last activity. */
async function headOf(
  tx: Parameters<typeof lockCases>[0],
  tenantId: number,
  debtorId: string,
): Promise<{ readonly version: number; readonly lastId: string | null }> {
  const [head] = await tx.query<{ version: number; activity_id: string }>(
    `SELECT e.version, e.data->>'activityId' AS activity_id
     FROM es.stream s JOIN es.event e ON e.tenant_id = $1 AND e.stream_id = s.stream_id AND e.version = s.version
     WHERE s.tenant_id = $1 AND s.category = $2 AND s.key = $3`,
    [tenantId, ACTIVITIES, debtorId],
  );
  return { version: head?.version ?? 0, lastId: head?.activity_id ?? null };
}
