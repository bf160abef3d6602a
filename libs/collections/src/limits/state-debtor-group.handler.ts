import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { type EventStore, VersionConflict } from '@app/event-store';
import { eventContext, EVENT_STORE, Refusal } from '@app/platform';
import { FindUnknownDebtorsQuery } from '@app/receivables';
import { appendAndSettle } from '../append-and-settle';
import { newEvent } from '../event-data';
import { DEBTOR_GROUP, foldGroups } from './debtor-group.fold';
import { StateDebtorGroupCommand, type DebtorGroupStatement } from './limits.commands';
import type { DebtorGroup } from './limits.queries';

@CommandHandler(StateDebtorGroupCommand)
export class StateDebtorGroupHandler implements ICommandHandler<StateDebtorGroupCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly queries: QueryBus,
  ) {}

  async execute({ context, groupId, statement, expectedVersion }: StateDebtorGroupCommand): Promise<{ id: string; streamVersion: number }> {
    await this.#refuseUnknownMembers(context.tenantId, statement.members);
    const id = groupId ?? context.newId();
    return appendAndSettle(this.store, eventContext(context), async (tx) => {
      const events = await this.store.readStream(tx, DEBTOR_GROUP, id);
      if (groupId !== null && events.length === 0) throw new Refusal('debtor-group-not-found', `There is no debtor group ${id}.`);
      const version = events.length;
      if (expectedVersion !== undefined && expectedVersion !== version)
        throw new VersionConflict(DEBTOR_GROUP, id, expectedVersion, version);
      const [known] = foldGroups(events, statement.effectiveOn);
      // The same identifier on a second attempt with the same Idempotency-Key, or the same statement again: nothing is new.
      if (known !== undefined && isSame(known, statement)) return { appends: [], result: { id, streamVersion: version } };
      const { name, members, limit, effectiveOn } = statement;
      const data = { groupId: id, name, members: [...members], limit: limit === null ? null : stored(limit) };
      const append = {
        category: DEBTOR_GROUP,
        key: id,
        expectedVersion: version,
        events: [newEvent('DebtorGroupStated', effectiveOn, data)],
      };
      return { appends: [append], result: { id, streamVersion: version + 1 } };
    });
  }

  async #refuseUnknownMembers(tenantId: number, members: readonly string[]): Promise<void> {
    const [unknown] = await this.queries.execute(new FindUnknownDebtorsQuery(tenantId, members));
    if (unknown === undefined) return;
    const index = String(members.indexOf(unknown));
    throw new Refusal('debtor-unknown', `There is no debtor ${unknown}.`, [{ field: `members[${index}]`, pointer: `/members/${index}` }]);
  }
}

const stored = ({ minor, currency }: { minor: bigint; currency: string }) => ({ amount: String(minor), currency });

function isSame(known: DebtorGroup, { name, members, limit }: DebtorGroupStatement): boolean {
  return (
    known.name === name &&
    JSON.stringify(known.members) === JSON.stringify(members) &&
    known.limit?.minor === limit?.minor &&
    known.limit?.currency === limit?.currency
  );
}
