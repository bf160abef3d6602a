import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { QueryHandler } from '@nestjs/cqrs';
import type { EventStore, JsonObject, Position, StoredEvent, Tx } from '@app/event-store';
import { EVENT_STORE, PersonalDataVault, Refusal } from '@app/platform';
import { TYPE_AT_POSITION, classifiedLater } from '../classification/type-at-position';
import { creditBalancesAt } from '../exposure/credit-balances';
import { readAt } from '../exposure/read-at';
import type { ClassificationRow } from '../histories/classification-row';
import { classificationOf } from '../histories/classification-row';
import type { BalanceRow } from './balances.sql';
import { BALANCES, toBalance } from './balances.sql';
import type { ClassificationView, DebtorView, Known, PointInTime, ReceivableView } from './drill-down.queries';
import { GetDebtorQuery, GetReceivableQuery, ListDebtorReceivablesQuery, ListReceivableEventsQuery } from './drill-down.queries';

/** $1 tenant, $2 receivable, $3 as-of date, $4 position: what it was taken for over time, its recognition first. */
const LINEAGE = `
  SELECT NULL AS movement_id, recognised_on AS effective_on, position, entity_id, kind, class, invoiced_on, due_on, document_no
  FROM rc.receivable WHERE tenant_id = $1 AND receivable_no = $2
  UNION ALL
  (SELECT movement_id, effective_on, position, entity_id, kind, class, invoiced_on, due_on, document_no
   FROM rc.reclassification WHERE tenant_id = $1 AND receivable_no = $2 AND effective_on <= $3 AND position <= $4
   ORDER BY effective_on, position)`;

interface LineageRow extends ClassificationRow {
  readonly movement_id: string | null;
  readonly document_no: string;
}

async function lineageOf(tx: Tx, tenantId: number, receivableNo: bigint, asOf: string, position: Position): Promise<ClassificationView[]> {
  const rows = await tx.query<LineageRow>(LINEAGE, [tenantId, receivableNo, asOf, position]);
  return rows.map((row) => ({ movementId: row.movement_id, ...classificationOf(row), documentNo: row.document_no }));
}

interface DebtorFactRow {
  debtor_no: bigint;
  segment: string;
  related_party: boolean;
  country: string | null;
  terms_days: number | null;
  credit_limit: bigint | null;
  credit_limit_currency: string | null;
  credit_impaired: boolean;
  personal: JsonObject;
}

/** The fact in force at (asOf, position); before the first fact's date the first one stands in. */
async function debtorFactAt(tx: Tx, tenantId: number, debtorId: string, asOf: string, position: Position): Promise<DebtorFactRow> {
  const [fact] = await tx.query<DebtorFactRow>(
    `SELECT f.debtor_no, f.segment, f.related_party, f.country, f.terms_days, f.credit_limit, f.credit_limit_currency, f.credit_impaired, f.personal
     FROM rc.debtor d JOIN rc.debtor_fact f ON f.tenant_id = d.tenant_id AND f.debtor_no = d.debtor_no
     WHERE d.tenant_id = $1 AND d.debtor_id = $2 AND f.position <= $4
     ORDER BY f.effective_on <= $3::date DESC,
              CASE WHEN f.effective_on <= $3::date THEN f.effective_on END DESC,
              CASE WHEN f.effective_on > $3::date THEN f.effective_on END ASC,
              f.position DESC
     LIMIT 1`,
    [tenantId, debtorId, asOf, position],
  );
  if (fact === undefined) throw new Refusal('debtor-not-found', `There is no debtor ${debtorId}.`);
  return fact;
}

@QueryHandler(GetDebtorQuery)
export class GetDebtorHandler implements IQueryHandler<GetDebtorQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly vault: PersonalDataVault,
  ) {}

  execute({ at, debtorId }: GetDebtorQuery): Promise<DebtorView> {
    return readAt(this.store, at.tenantId, at.knownAt, (tx, known) => this.viewOf(tx, at, debtorId, known));
  }

  private async viewOf(tx: Tx, { tenantId, asOf }: PointInTime, debtorId: string, known: Omit<Known, 'asOf'>): Promise<DebtorView> {
    const fact = await debtorFactAt(tx, tenantId, debtorId, asOf, known.position);
    const personal = await this.vault.decrypt(tx, tenantId, `debtor/${debtorId}`, fact.personal);
    const balances = await tx.query<{ entity_id: string; kind: string; currency: string; assessed: boolean; outstanding: string }>(
      `SELECT p.entity_id, p.kind, e.currency, bool_or(p.assessed) AS assessed, sum(e.amount)::text AS outstanding
       FROM rc.exposure_entry e JOIN rc.pool p ON p.tenant_id = e.tenant_id AND p.pool_id = e.pool_id
       WHERE e.tenant_id = $1 AND e.debtor_no = $2 AND e.effective_on <= $3 AND e.position <= $4
       GROUP BY 1, 2, 3, p.assessed
       HAVING sum(e.amount) <> 0
       ORDER BY 1, 2, 3`,
      [tenantId, fact.debtor_no, asOf, known.position],
    );
    const credits = await creditBalancesAt(tx, tenantId, asOf, known.position, debtorId);
    const name = personal?.['name'];
    return {
      asOf,
      ...known,
      debtorId,
      name: typeof name === 'string' ? name : null,
      personal,
      segment: fact.segment,
      relatedParty: fact.related_party,
      country: fact.country,
      termsDays: fact.terms_days,
      creditImpaired: fact.credit_impaired,
      creditLimit:
        fact.credit_limit === null || fact.credit_limit_currency === null
          ? null
          : { minor: fact.credit_limit, currency: fact.credit_limit_currency },
      individuallyAssessed: balances.some((row) => row.assessed),
      balances: balances.map((row) => ({
        entityId: row.entity_id,
        kind: row.kind,
        currency: row.currency,
        outstanding: BigInt(row.outstanding),
      })),
      creditBalances: credits.map(({ entityId, currency, amount }) => ({ entityId, currency, amount })),
    };
  }
}

@QueryHandler(ListDebtorReceivablesQuery)
export class ListDebtorReceivablesHandler implements IQueryHandler<ListDebtorReceivablesQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ at, debtorId, page }: ListDebtorReceivablesQuery) {
    return readAt(this.store, at.tenantId, at.knownAt, async (tx, known) => {
      const fact = await debtorFactAt(tx, at.tenantId, debtorId, at.asOf, known.position);
      const rows = await tx.query<BalanceRow>(
        `SELECT * FROM (${BALANCES} AND r.debtor_no = $4 AND r.receivable_id > $5) balance
         WHERE outstanding <> '0' ORDER BY receivable_id LIMIT $6`,
        [at.tenantId, at.asOf, known.position, fact.debtor_no, page.after ?? '', page.limit + 1],
      );
      return {
        asOf: at.asOf,
        ...known,
        items: rows.slice(0, page.limit).map((row) => toBalance(row, at.asOf)),
        hasMore: rows.length > page.limit,
      };
    });
  }
}

@QueryHandler(GetReceivableQuery)
export class GetReceivableHandler implements IQueryHandler<GetReceivableQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ at, receivableId }: GetReceivableQuery): Promise<ReceivableView> {
    return readAt(this.store, at.tenantId, at.knownAt, async (tx, known) => {
      const [row] = await tx.query<BalanceRow>(`${BALANCES} AND r.receivable_id = $4`, [
        at.tenantId,
        at.asOf,
        known.position,
        receivableId,
      ]);
      if (row === undefined)
        throw new Refusal('receivable-not-found', `There is no receivable ${receivableId} on that date, as known then.`);
      const movements = await tx.query<{
        movement_id: string;
        type: string;
        effective_on: string;
        gross: bigint;
        credit: bigint;
        recovered: bigint;
        position: bigint;
      }>(
        `SELECT m.movement_id, ${TYPE_AT_POSITION} AS type, m.effective_on, m.gross, m.credit, m.recovered, m.position
         FROM rc.movement m ${classifiedLater('$4')}
         WHERE m.tenant_id = $1 AND m.receivable_no = $2 AND m.effective_on <= $3 AND m.position <= $4 ORDER BY m.effective_on, m.position`,
        [at.tenantId, row.receivable_no, at.asOf, known.position],
      );
      return {
        asOf: at.asOf,
        ...known,
        ...toBalance(row, at.asOf),
        classifications: await lineageOf(tx, at.tenantId, row.receivable_no, at.asOf, known.position),
        movements: movements.map((m) => ({
          movementId: m.movement_id,
          type: m.type,
          effectiveOn: m.effective_on,
          gross: m.gross,
          credit: m.credit,
          recovered: m.recovered,
          position: m.position,
        })),
      };
    });
  }
}

@QueryHandler(ListReceivableEventsQuery)
export class ListReceivableEventsHandler implements IQueryHandler<ListReceivableEventsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, receivableId, knownAt }: ListReceivableEventsQuery): Promise<StoredEvent[]> {
    return this.store.database.read(tenantId, async (tx) => {
      const { position } = await this.store.resolveKnownAt(tx, knownAt);
      const events = await this.store.readStream(tx, 'receivable', receivableId, position);
      if (events.length === 0) throw new Refusal('receivable-not-found', `There is no receivable ${receivableId}.`);
      return events;
    });
  }
}
