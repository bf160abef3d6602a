import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { CommandHandler } from '@nestjs/cqrs';
import type { EventStore, Tx } from '@app/event-store';
import { EVENT_STORE, Refusal, eventContext } from '@app/platform';
import { appendToBook } from '../book/append-to-book';
import { lockBook } from '../book/book-lock';
import type { SettlementClass } from './classify-settlement.command';
import { ClassifySettlementCommand } from './classify-settlement.command';

@CommandHandler(ClassifySettlementCommand)
export class ClassifySettlementHandler implements ICommandHandler<ClassifySettlementCommand> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ context, movementId, classification }: ClassifySettlementCommand): Promise<{ id: string; type: SettlementClass }> {
    const { tenantId } = context;
    const { type, reason } = classification;
    const position = await this.store.database.transaction(tenantId, async (tx) => {
      await lockBook(tx, tenantId);
      const { receivableId, effectiveOn, version } = await unclassified(tx, tenantId, movementId);
      const data = { movementId, receivableId, type, reason };
      return appendToBook(this.store, tx, eventContext(context), [
        {
          category: 'receivable',
          key: receivableId,
          expectedVersion: version,
          events: [{ type: 'UnclassifiedSettlementClassified', effectiveOn, data }],
        },
      ]);
    });
    await this.store.settle(position);
    return { id: movementId, type };
  }
}

async function unclassified(
  tx: Tx,
  tenantId: number,
  movementId: string,
): Promise<{ readonly receivableId: string; readonly effectiveOn: string; readonly version: number }> {
  const [found] = await tx.query<{ type: string; effective_on: string; receivable_id: string | null; version: number | null }>(
    `SELECT m.type, m.effective_on, r.receivable_id, s.version
     FROM rc.movement m
     LEFT JOIN rc.receivable r ON r.tenant_id = m.tenant_id AND r.receivable_no = m.receivable_no
     LEFT JOIN es.stream s ON s.tenant_id = m.tenant_id AND s.stream_id = m.receivable_no
     WHERE m.tenant_id = $1 AND m.movement_id = $2`,
    [tenantId, movementId],
  );
  if (found === undefined) throw new Refusal('movement-not-found', `There is no movement ${movementId}.`);
  if (found.type !== 'unclassified' || found.receivable_id === null) {
    throw new Refusal(
      'movement-not-unclassified',
      `Movement ${movementId} is no unclassified settlement of a receivable: it is a ${found.type}.`,
    );
  }
  return { receivableId: found.receivable_id, effectiveOn: found.effective_on, version: found.version ?? 0 };
}
