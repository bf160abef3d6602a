import { Inject } from '@nestjs/common';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventStore, Position, StoredEvent } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { FindUnknownDebtorsQuery } from '@app/receivables';
import { Notes, personOf, type Note } from '../case/notes';
import { dataOf } from '../event-data';
import { latestActivities } from './activity-log';
import { ListActivitiesQuery, type ActivityView } from './list-activities.query';

const LAST_VERSION = 2_147_483_647;

@QueryHandler(ListActivitiesQuery)
export class ListActivitiesHandler implements IQueryHandler<ListActivitiesQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly notes: Notes,
    private readonly queries: QueryBus,
  ) {}

  async execute({ tenantId, debtorId, page }: ListActivitiesQuery): Promise<{ position: Position; items: ActivityView[] }> {
    const [unknown] = await this.queries.execute(new FindUnknownDebtorsQuery(tenantId, [debtorId]));
    if (unknown !== undefined) throw new Refusal('debtor-not-found', `There is no debtor ${debtorId}.`);
    return this.store.database.read(tenantId, async (tx) => {
      const position = page.position ?? (await this.store.resolveKnownAt(tx, page.knownAt)).position;
      const chosen = await latestActivities(tx, tenantId, debtorId, { position, below: page.below ?? LAST_VERSION, limit: page.limit });
      const events = (await this.store.readPositions(tx, chosen)).reverse();
      const sealed = events.map((event) => {
        const { contactId, personal } = dataOf('ActivityRecorded', event);
        return { person: personOf(debtorId, contactId), personal };
      });
      const notes = await this.notes.open(tx, tenantId, sealed);
      return { position, items: events.map((event, index) => toView(event, notes[index] ?? null)) };
    });
  }
}

function toView(event: StoredEvent, note: Note | null): ActivityView {
  const { activityId: id, personal: _personal, ...data } = dataOf('ActivityRecorded', event);
  const { recordedAt, principalId, position, version } = event;
  return { id, ...data, note, recordedAt, principalId, position, version };
}
