import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { QueryHandler } from '@nestjs/cqrs';
import type { CashMovement, LocalDate, MovementType } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { TYPE_AT_POSITION, classifiedLater } from '../classification/type-at-position';
import { ReadDebtorCashQuery, ReadDebtorStreamsQuery } from './debtor-cases.queries';
import { debtorNoOf } from './owed-items.handler';

const COLUMNS = `m.movement_id, m.position, ${TYPE_AT_POSITION} AS type, m.effective_on, m.entity_id, m.currency, m.gross, m.credit, m.recovered`;

/** $1 tenant, $2 debtors, $3 the day for each, $4 position. OFFSET 0 keeps each look-up an index scan, whatever the planner thinks of the array. */
const MOVEMENTS = `
  SELECT d.debtor_id, r.receivable_id, ${COLUMNS}
  FROM unnest($2::text[], $3::date[]) AS w(debtor_id, from_on)
  JOIN rc.debtor d ON d.tenant_id = $1 AND d.debtor_id = w.debtor_id COLLATE "C"
  CROSS JOIN LATERAL (SELECT receivable_no, receivable_id FROM rc.receivable WHERE tenant_id = $1 AND debtor_no = d.debtor_no OFFSET 0) r
  CROSS JOIN LATERAL (SELECT * FROM rc.movement WHERE tenant_id = $1 AND receivable_no = r.receivable_no OFFSET 0) m
  ${classifiedLater('$4')}
  WHERE m.position <= $4 AND (m.effective_on >= w.from_on OR m.credit <> 0)
  UNION ALL
  SELECT d.debtor_id, NULL, ${COLUMNS}
  FROM unnest($2::text[]) AS w(debtor_id)
  JOIN rc.debtor d ON d.tenant_id = $1 AND d.debtor_id = w.debtor_id COLLATE "C"
  CROSS JOIN LATERAL (SELECT * FROM rc.movement WHERE tenant_id = $1 AND debtor_no = d.debtor_no AND credit <> 0 OFFSET 0) m
  ${classifiedLater('$4')}
  WHERE m.position <= $4 AND m.receivable_no IS NULL`;

interface MovementRow {
  debtor_id: string;
  receivable_id: string | null;
  movement_id: string;
  position: bigint;
  type: MovementType;
  effective_on: LocalDate;
  entity_id: string;
  currency: string;
  gross: bigint;
  credit: bigint;
  recovered: bigint;
}

@QueryHandler(ReadDebtorCashQuery)
export class ReadDebtorCashHandler implements IQueryHandler<ReadDebtorCashQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ tenantId, request: { position, debtors } }: ReadDebtorCashQuery): Promise<ReadonlyMap<string, readonly CashMovement[]>> {
    if (debtors.length === 0) return new Map();
    const rows = await this.store.database.read(tenantId, (tx) =>
      tx.query<MovementRow>(MOVEMENTS, [tenantId, debtors.map(({ debtorId }) => debtorId), debtors.map(({ from }) => from), position]),
    );
    const byDebtor = new Map<string, CashMovement[]>();
    for (const row of rows) {
      const list = byDebtor.get(row.debtor_id) ?? [];
      list.push(toMovement(row));
      byDebtor.set(row.debtor_id, list);
    }
    return byDebtor;
  }
}

function toMovement(row: MovementRow): CashMovement {
  return {
    movementId: row.movement_id,
    position: row.position,
    type: row.type,
    effectiveOn: row.effective_on,
    receivableId: row.receivable_id,
    entityId: row.entity_id,
    currency: row.currency,
    gross: row.gross,
    credit: row.credit,
    recovered: row.recovered,
  };
}

@QueryHandler(ReadDebtorStreamsQuery)
export class ReadDebtorStreamsHandler implements IQueryHandler<ReadDebtorStreamsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, debtorId }: ReadDebtorStreamsQuery): Promise<{ streamIds: bigint[] }> {
    return this.store.database.read(tenantId, async (tx) => {
      const debtorNo = await debtorNoOf(tx, tenantId, debtorId);
      const sql = 'SELECT receivable_no FROM rc.receivable WHERE tenant_id = $1 AND debtor_no = $2';
      const rows = await tx.query<{ receivable_no: bigint }>(sql, [tenantId, debtorNo]);
      return { streamIds: [debtorNo, ...rows.map((row) => row.receivable_no)] };
    });
  }
}
