import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { QueryHandler } from '@nestjs/cqrs';
import type { EventStore, Tx } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { readAtPosition } from '../exposure/read-at';
import type { DebtorStanding, StandingBalance, StandingsRequest } from './debtor-standings.query';
import { ReadDebtorStandingsQuery } from './debtor-standings.query';

interface StandingRow {
  debtor_id: string;
  segment: string;
  credit_impaired: boolean;
  credit_limit: bigint | null;
  credit_limit_currency: string | null;
  entity_id: string | null;
  currency: string | null;
  outstanding: string | null;
  overdue: string | null;
  oldest_due_on: string | null;
}

@QueryHandler(ReadDebtorStandingsQuery)
export class ReadDebtorStandingsHandler implements IQueryHandler<ReadDebtorStandingsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ReadDebtorStandingsQuery): Promise<DebtorStanding[]> {
    return readAtPosition(this.store, tenantId, request.position, (tx) => readStandings(tx, tenantId, request));
  }
}

async function readStandings(tx: Tx, tenantId: number, request: StandingsRequest): Promise<DebtorStanding[]> {
  const { asOf, position, debtorIds, page, overdueOnly = false } = request;
  const rows = await tx.query<StandingRow>(standingsSql(request), [
    tenantId,
    asOf,
    position,
    overdueOnly,
    ...(debtorIds === undefined ? [] : [debtorIds]),
    ...(page === undefined ? [] : [page.after, page.limit]),
  ]);
  const standings = new Map<string, DebtorStanding & { balances: StandingBalance[] }>();
  for (const row of rows) {
    const standing = standings.get(row.debtor_id) ?? { ...standingOf(row), balances: [] };
    standings.set(row.debtor_id, standing);
    if (row.entity_id === null || row.currency === null) continue;
    standing.balances.push({
      entityId: row.entity_id,
      currency: row.currency,
      outstanding: BigInt(row.outstanding ?? 0),
      overdue: BigInt(row.overdue ?? 0),
      oldestDueOn: row.oldest_due_on,
    });
  }
  return [...standings.values()];
}

function standingOf(row: StandingRow): DebtorStanding {
  return {
    debtorId: row.debtor_id,
    segment: row.segment,
    creditImpaired: row.credit_impaired,
    creditLimit:
      row.credit_limit === null || row.credit_limit_currency === null
        ? null
        : { minor: row.credit_limit, currency: row.credit_limit_currency },
    balances: [],
  };
}

/**
 * $1 tenant, $2 as-of date, $3 position, $4 only debtors with something overdue; then the ids and the page where they are asked for. Entries
 * are summed by due date first: a balance that was paid or moved to another pool is zero there, whatever its history.
 */
function standingsSql({ debtorIds, page }: StandingsRequest): string {
  const pageAt = debtorIds === undefined ? 5 : 6;
  const chosen = debtorIds === undefined && page === undefined ? '' : 'AND e.debtor_no = ANY(ARRAY(SELECT debtor_no FROM chosen))';
  return `
    WITH chosen AS MATERIALIZED (
      SELECT d.debtor_no, d.debtor_id FROM rc.debtor d
      WHERE d.tenant_id = $1
        AND EXISTS (SELECT 1 FROM rc.debtor_fact f WHERE f.tenant_id = $1 AND f.debtor_no = d.debtor_no AND f.position <= $3)
        ${debtorIds === undefined ? '' : 'AND d.debtor_id = ANY($5::text[])'}
        ${page === undefined ? '' : `AND d.debtor_id > $${String(pageAt)} ORDER BY d.debtor_id LIMIT $${String(pageAt + 1)}`}
    ),
    fact AS (
      SELECT DISTINCT ON (f.debtor_no) f.debtor_no, f.segment, f.credit_impaired, f.credit_limit, f.credit_limit_currency
      FROM rc.debtor_fact f JOIN chosen c ON c.debtor_no = f.debtor_no
      WHERE f.tenant_id = $1 AND f.position <= $3
      ORDER BY f.debtor_no, f.effective_on <= $2::date DESC, CASE WHEN f.effective_on <= $2::date THEN f.effective_on END DESC,
               CASE WHEN f.effective_on > $2::date THEN f.effective_on END ASC, f.position DESC
    ),
    balance AS (
      SELECT x.debtor_no, p.entity_id, x.currency, sum(x.amount) AS outstanding,
             COALESCE(sum(x.amount) FILTER (WHERE x.due_on < $2), 0) AS overdue, min(x.due_on) FILTER (WHERE x.due_on < $2) AS oldest_due_on
      FROM (
        SELECT e.debtor_no, e.pool_id, e.currency, e.due_on, sum(e.amount) AS amount
        FROM rc.exposure_entry e
        WHERE e.tenant_id = $1 AND e.effective_on <= $2 AND e.position <= $3 ${chosen}
        GROUP BY 1, 2, 3, 4
        HAVING sum(e.amount) <> 0
      ) x
      JOIN rc.pool p ON p.tenant_id = $1 AND p.pool_id = x.pool_id AND p.kind <> 'non_financial'
      GROUP BY 1, 2, 3
    )
    SELECT c.debtor_id, f.segment, f.credit_impaired, f.credit_limit, f.credit_limit_currency,
           b.entity_id, b.currency, b.outstanding::text AS outstanding, b.overdue::text AS overdue, b.oldest_due_on
    FROM chosen c JOIN fact f ON f.debtor_no = c.debtor_no
    LEFT JOIN balance b ON b.debtor_no = c.debtor_no
    WHERE NOT $4 OR c.debtor_no IN (SELECT debtor_no FROM balance WHERE overdue > 0)
    ORDER BY c.debtor_id, b.entity_id, b.currency`;
}
