import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { CommandHandler } from '@nestjs/cqrs';
import type { EventStore, Tx } from '@app/event-store';
import { EVENT_STORE, Refusal, eventContext } from '@app/platform';
import { appendToBook } from '../book/append-to-book';
import { lockBook } from '../book/book-lock';
import { EndEnforcementCommand } from './end-enforcement.command';

@CommandHandler(EndEnforcementCommand)
export class EndEnforcementHandler implements ICommandHandler<EndEnforcementCommand> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ context, receivableId, end }: EndEnforcementCommand): Promise<{ id: string }> {
    const { tenantId } = context;
    const position = await this.store.database.transaction(tenantId, async (tx) => {
      await lockBook(tx, tenantId);
      const expectedVersion = await versionOfWrittenOff(tx, tenantId, receivableId, end.on);
      const data = { receivableId, endedOn: end.on, reason: end.reason };
      return appendToBook(this.store, tx, eventContext(context), [
        { category: 'receivable', key: receivableId, expectedVersion, events: [{ type: 'EnforcementEnded', effectiveOn: end.on, data }] },
      ]);
    });
    await this.store.settle(position);
    return { id: receivableId };
  }
}

/** The version of a receivable's stream that has write-offs of which enforcement has not ended. */
async function versionOfWrittenOff(tx: Tx, tenantId: number, receivableId: string, on: string): Promise<number> {
  const [found] = await tx.query<{ version: number | null; last_on: string | null; ended_on: string | null }>(
    `SELECT s.version,
            (SELECT max(m.effective_on) FROM rc.movement m
             WHERE m.tenant_id = $1 AND m.receivable_no = r.receivable_no AND m.type = 'write_off' AND m.effective_on <= $3) AS last_on,
            (SELECT max(e.ended_on) FROM rc.enforcement_end e WHERE e.tenant_id = $1 AND e.receivable_no = r.receivable_no) AS ended_on
     FROM rc.receivable r LEFT JOIN es.stream s ON s.tenant_id = r.tenant_id AND s.stream_id = r.receivable_no
     WHERE r.tenant_id = $1 AND r.receivable_id = $2`,
    [tenantId, receivableId, on],
  );
  if (found === undefined || found.last_on === null) {
    throw new Refusal('write-off-not-found', `Nothing of receivable ${receivableId} was written off by ${on}.`);
  }
  if (found.ended_on !== null && found.ended_on >= found.last_on) {
    throw new Refusal('enforcement-ended-already', `Enforcement of receivable ${receivableId} ended on ${found.ended_on}.`);
  }
  return found.version ?? 0;
}
