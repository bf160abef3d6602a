import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { CommandHandler } from '@nestjs/cqrs';
import { formatAmount } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE, Refusal, eventContext } from '@app/platform';
import { appendToBook } from '../book/append-to-book';
import { lockBook } from '../book/book-lock';
import { readAt } from '../exposure/read-at';
import { CONTROL_TOTAL_CATEGORY, controlStream } from './control-key';
import type { DifferenceExplanation } from './explain-difference.command';
import { ExplainDifferenceCommand } from './explain-difference.command';
import { readControlDifferences } from './read-control-differences';

@CommandHandler(ExplainDifferenceCommand)
export class ExplainDifferenceHandler implements ICommandHandler<ExplainDifferenceCommand> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ context, explanation }: ExplainDifferenceCommand): Promise<{ id: string }> {
    const { tenantId } = context;
    const id = context.newId();
    await this.requireDifference(tenantId, explanation);
    const { asOf, amount, entityId, kind, currency, account, reason } = explanation;
    const key = controlStream(explanation);
    const position = await this.store.database.transaction(tenantId, async (tx) => {
      await lockBook(tx, tenantId);
      const events = await this.store.readStream(tx, CONTROL_TOTAL_CATEGORY, key);
      const repeated = events.find(({ data }) => data['explanationId'] === id);
      if (repeated !== undefined) return repeated.position;
      const data = { entityId, kind, currency, account, explanationId: id, amount: String(amount), reason };
      return appendToBook(this.store, tx, eventContext(context), [
        {
          category: CONTROL_TOTAL_CATEGORY,
          key,
          expectedVersion: events.at(-1)?.version ?? 0,
          events: [{ type: 'ControlDifferenceExplained', effectiveOn: asOf, data }],
        },
      ]);
    });
    await this.store.settle(position);
    return { id };
  }

  /** Whoever explains has seen a difference; explaining another one unseen would wave it through. */
  private async requireDifference(tenantId: number, explanation: DifferenceExplanation): Promise<void> {
    const { asOf, amount, entityId, kind, currency, account } = explanation;
    const differences = await readAt(this.store, tenantId, undefined, (tx, { position }) =>
      readControlDifferences(tx, tenantId, { asOf, position }),
    );
    const found = differences.find(
      (each) => each.entityId === entityId && each.kind === kind && each.currency === currency && each.account === account,
    );
    if (found === undefined) {
      const detail = `No control total is stated for account ${account} of ${entityId}, ${kind}, ${currency} on ${asOf}.`;
      throw new Refusal('control-total-not-found', detail, [{ field: 'account', pointer: '/account' }]);
    }
    if (found.difference !== amount) {
      const detail = `The difference is ${formatAmount(found.difference, currency)} ${currency}, not ${formatAmount(amount, currency)}.`;
      throw new Refusal('control-difference-changed', detail, [{ field: 'amount', pointer: '/amount' }], {
        difference: formatAmount(found.difference, currency),
      });
    }
  }
}
