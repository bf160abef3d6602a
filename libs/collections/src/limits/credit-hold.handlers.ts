import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import type { EventStore, Tx } from '@app/event-store';
import { CLOCK, type Clock, eventContext, EVENT_STORE, PersonalDataVault, Refusal, type RequestContext } from '@app/platform';
import { FindUnknownDebtorsQuery } from '@app/receivables';
import { appendAndSettle } from '../append-and-settle';
import { businessDateOf } from '../business-date';
import { newEvent } from '../event-data';
import { CREDIT_HOLD, foldHolds } from './credit-hold.fold';
import { PlaceCreditHoldCommand, ReleaseCreditHoldCommand } from './limits.commands';

/** What placing and releasing have in common: the debtor is known, the day is not ahead, and the hold is as it has to be. */
abstract class CreditHoldChange {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly queries: QueryBus,
    private readonly vault: PersonalDataVault,
  ) {}

  protected async change(
    context: RequestContext,
    debtorId: string,
    { on, reason, type, pausesDunning }: { on: string | undefined; reason: string; type: HoldEvent; pausesDunning?: boolean },
  ): Promise<{ id: string }> {
    const today = await this.store.database.read(context.tenantId, (tx) => businessDateOf(tx, this.clock, context.tenantId));
    if (on !== undefined && on > today) {
      throw new Refusal('date-in-future', `A hold is told as of today, ${today}, or of a day before.`, [{ field: 'on', pointer: '/on' }]);
    }
    const [unknown] = await this.queries.execute(new FindUnknownDebtorsQuery(context.tenantId, [debtorId]));
    if (unknown !== undefined) throw new Refusal('debtor-not-found', `There is no debtor ${debtorId}.`);
    const effectiveOn = on ?? today;
    const id = context.newId();
    return appendAndSettle(this.store, eventContext(context), async (tx) => {
      const events = await this.store.readStream(tx, CREDIT_HOLD, debtorId);
      // The same identifier on a second attempt with the same Idempotency-Key: then the work is already done.
      if (events.some(({ data }) => data['holdId'] === id || data['releaseId'] === id)) return { appends: [], result: { id } };
      const isHeld = foldHolds(events, effectiveOn).has(debtorId);
      if (type === 'CreditHoldPlaced' && isHeld) {
        throw new Refusal('credit-hold-placed-already', `Debtor ${debtorId} is on hold on ${effectiveOn} already.`);
      }
      if (type === 'CreditHoldReleased' && !isHeld) {
        throw new Refusal('credit-hold-not-found', `Debtor ${debtorId} is not on hold on ${effectiveOn}.`);
      }
      const personal = await this.#sealed(tx, context.tenantId, debtorId, reason);
      const event =
        type === 'CreditHoldPlaced'
          ? newEvent(type, effectiveOn, { holdId: id, debtorId, pausesDunning: pausesDunning === true, personal })
          : newEvent(type, effectiveOn, { releaseId: id, debtorId, personal });
      return { appends: [{ category: CREDIT_HOLD, key: debtorId, expectedVersion: events.length, events: [event] }], result: { id } };
    });
  }

  #sealed(tx: Tx, tenantId: number, debtorId: string, reason: string) {
    return this.vault.encrypt(tx, tenantId, `debtor/${debtorId}`, { reason });
  }
}
type HoldEvent = 'CreditHoldPlaced' | 'CreditHoldReleased';

@CommandHandler(PlaceCreditHoldCommand)
export class PlaceCreditHoldHandler extends CreditHoldChange implements ICommandHandler<PlaceCreditHoldCommand> {
  execute({ context, debtorId, hold }: PlaceCreditHoldCommand): Promise<{ id: string }> {
    return this.change(context, debtorId, { ...hold, type: 'CreditHoldPlaced' });
  }
}

@CommandHandler(ReleaseCreditHoldCommand)
export class ReleaseCreditHoldHandler extends CreditHoldChange implements ICommandHandler<ReleaseCreditHoldCommand> {
  execute({ context, debtorId, release }: ReleaseCreditHoldCommand): Promise<{ id: string }> {
    return this.change(context, debtorId, { ...release, type: 'CreditHoldReleased' });
  }
}
