import { VersionConflict, type EventStore } from '@app/event-store';
import { EVENT_STORE, eventContext, Refusal } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { newEvent } from '../event-data';
import { requireOtherPrincipal } from '../policy/approval';
import { foldLossRateSets, LOSS_RATE_SET_CATEGORY } from '../policy/loss-rate-set.fold';
import { ApproveLossRatesCommand } from './approve-loss-rates.command';

@CommandHandler(ApproveLossRatesCommand)
export class ApproveLossRatesHandler implements ICommandHandler<ApproveLossRatesCommand> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute(command: ApproveLossRatesCommand): Promise<{ id: string; status: 'approved' }> {
    const { context, setId } = command;
    const events = await this.store.database.read(context.tenantId, (tx) => this.store.readStream(tx, LOSS_RATE_SET_CATEGORY, setId));
    const [set] = foldLossRateSets(events);
    if (set === undefined) throw new Refusal('loss-rate-set-not-found', `There is no loss-rate set '${setId}'.`);
    requireOtherPrincipal(set.proposedBy, context.principalId);
    let position = events.at(-1)?.position ?? 0n;
    if (set.status === 'proposed') {
      const { kind, scheme, effectiveOn } = set;
      const data = { setId, kind, scheme, approvedBy: context.principalId };
      try {
        const appended = await this.store.appendSingle(eventContext(context), {
          category: LOSS_RATE_SET_CATEGORY,
          key: setId,
          expectedVersion: set.version,
          events: [newEvent('LossRateSetApproved', effectiveOn, data)],
        });
        position = appended.lastPosition;
      } catch (error) {
        // Another approver was faster: the set is approved, which is what was asked for.
        if (!(error instanceof VersionConflict)) throw error;
        return this.execute(command);
      }
    }
    await this.store.settle(position);
    return { id: setId, status: 'approved' };
  }
}
