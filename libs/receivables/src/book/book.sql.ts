import { EVENT_CODES } from '../events';
import type { ReceivablesEventType } from '../events';

/**
 * The statements that turn facts into rows of the book. An import runs them on the events it has just appended, a dry run on events that
 * were never appended, a rebuild on ranges of the log: one reading of an event, so the three cannot disagree.
 */

/** Events in positions ($2, $3] of tenant $1. */
export const LOGGED_EVENTS =
  'SELECT position, stream_id, type, effective_on, data FROM es.event WHERE tenant_id = $1 AND position > $2 AND position <= $3';
/** The same of a dry run, which stages its events instead of appending them. */
export const STAGED_EVENTS =
  'SELECT position, stream_id, type, effective_on, data FROM rc.dry_run_event WHERE tenant_id = $1 AND position > $2 AND position <= $3';

/** One table of the book as the events of some types make it. */
export interface BookStatement {
  readonly types: readonly ReceivablesEventType[];
  /** $1 tenant, $2 after, $3 up to. */
  readonly sql: string;
}

/** In the order in which they must run: a movement finds its receivable, a receivable its debtor. */
export function bookStatements(eventsOfRange: string): readonly BookStatement[] {
  const statement = (types: readonly ReceivablesEventType[], sql: (events: string) => string): BookStatement => ({
    types,
    sql: sql(`(${eventsOfRange} AND type IN (${types.map((type) => EVENT_CODES[type]).join(', ')}))`),
  });
  return [
    statement(
      ['DebtorRegistered'],
      (events) => `INSERT INTO rc.debtor (tenant_id, debtor_no, debtor_id)
     SELECT $1, e.stream_id, e.data->>'debtorId' FROM ${events} e`,
    ),
    statement(
      ['DebtorRegistered', 'DebtorAmended'],
      (
        events,
      ) => `INSERT INTO rc.debtor_fact (tenant_id, debtor_no, effective_on, position, segment, related_party, country, terms_days, credit_limit,
                                 credit_limit_currency, dated, personal, credit_impaired)
     SELECT $1, e.stream_id, e.effective_on, e.position, e.data->>'segment', (e.data->>'relatedParty')::boolean, e.data->>'country',
            (e.data->>'termsDays')::int, (e.data->>'creditLimit')::bigint, e.data->>'creditLimitCurrency', (e.data->>'dated')::boolean, e.data->'personal',
            COALESCE((e.data->>'creditImpaired')::boolean, false)
     FROM ${events} e`,
    ),
    statement(
      ['ReceivableRecognised'],
      (
        events,
      ) => `INSERT INTO rc.receivable (tenant_id, receivable_no, debtor_no, amount, position, outstanding, written_off, own_credit, recognised_on,
                                invoiced_on, due_on, last_movement_on, receivable_id, entity_id, kind, class, currency, document_no, content_hash, taken_on,
                                tax_amount)
     SELECT $1, e.stream_id, d.debtor_no, (e.data->>'amount')::bigint, e.position, (e.data->>'amount')::bigint, 0, 0, e.effective_on,
            (e.data->>'invoicedOn')::date, (e.data->>'dueOn')::date, NULL, e.data->>'receivableId', e.data->>'entityId', e.data->>'kind',
            COALESCE(e.data->>'class', ''), e.data->>'currency', e.data->>'documentNo', decode(e.data->>'contentHash', 'base64'),
            (e.data->>'takenOn')::date, (e.data->>'taxAmount')::bigint
     FROM ${events} e
     JOIN rc.debtor d ON d.tenant_id = $1 AND d.debtor_id = (e.data->>'debtorId') COLLATE "C"`,
    ),
    statement(
      ['ReceivableMovementRecorded'],
      (
        events,
      ) => `INSERT INTO rc.movement (tenant_id, receivable_no, debtor_no, position, gross, credit, recovered, effective_on, movement_id, entity_id, type,
                              currency, content_hash)
     SELECT $1, r.receivable_no, r.debtor_no, e.position, (e.data->>'gross')::bigint, (e.data->>'credit')::bigint, (e.data->>'recovered')::bigint,
            e.effective_on, e.data->>'movementId', e.data->>'entityId', e.data->>'type', e.data->>'currency',
            decode(e.data->>'contentHash', 'base64')
     FROM ${events} e
     JOIN rc.receivable r ON r.tenant_id = $1 AND r.receivable_no = e.stream_id`,
    ),
    statement(
      ['DebtorCreditRecorded'],
      (
        events,
      ) => `INSERT INTO rc.movement (tenant_id, receivable_no, debtor_no, position, gross, credit, recovered, effective_on, movement_id, entity_id, type,
                              currency, content_hash)
     SELECT $1, NULL, e.stream_id, e.position, 0, (e.data->>'credit')::bigint, 0, e.effective_on, e.data->>'movementId', e.data->>'entityId',
            e.data->>'type', e.data->>'currency', decode(e.data->>'contentHash', 'base64')
     FROM ${events} e`,
    ),
    statement(
      ['ReceivableMovementRecorded'],
      (events) => `UPDATE rc.receivable r
     SET outstanding = r.outstanding + s.gross, written_off = r.written_off + s.written_off, own_credit = r.own_credit + s.credit,
         recovered = r.recovered + s.recovered, last_movement_on = GREATEST(r.last_movement_on, s.last_on)
     FROM (
       SELECT e.stream_id, sum((e.data->>'gross')::bigint) AS gross,
              sum(CASE WHEN e.data->>'type' = 'allocation' THEN 0 ELSE (e.data->>'credit')::bigint END) AS credit, max(e.effective_on) AS last_on,
              sum((e.data->>'recovered')::bigint) AS recovered,
              sum(CASE WHEN e.data->>'type' = 'write_off' THEN -(e.data->>'gross')::bigint ELSE 0 END - (e.data->>'recovered')::bigint) AS written_off
       FROM ${events} e
       GROUP BY e.stream_id
     ) s
     WHERE r.tenant_id = $1 AND r.receivable_no = s.stream_id`,
    ),
    statement(
      ['DebtorCreditRecorded'],
      (events) => `INSERT INTO rc.open_credit (tenant_id, item_id, position, debtor_no, entity_id, kind, currency, effective_on, credit)
     SELECT $1, e.data->>'openItemId', e.position, e.stream_id, e.data->>'entityId', COALESCE(e.data->>'openItemKind', ''), e.data->>'currency',
            e.effective_on, (e.data->>'credit')::bigint
     FROM ${events} e
     WHERE e.data->>'openItemId' IS NOT NULL`,
    ),
    statement(
      ['UnclassifiedSettlementClassified'],
      (events) => `INSERT INTO rc.movement_classification (tenant_id, movement_id, position, receivable_no, type, reason)
     SELECT $1, e.data->>'movementId', e.position, e.stream_id, e.data->>'type', e.data->>'reason'
     FROM ${events} e`,
    ),
    statement(
      ['UnclassifiedSettlementClassified'],
      (events) => `UPDATE rc.receivable r SET written_off = r.written_off + s.written_off
     FROM (
       SELECT m.receivable_no, sum(-m.gross) AS written_off
       FROM ${events} e
       JOIN rc.movement m ON m.tenant_id = $1 AND m.movement_id = (e.data->>'movementId') COLLATE "C"
       WHERE e.data->>'type' = 'write_off'
       GROUP BY m.receivable_no
     ) s
     WHERE r.tenant_id = $1 AND r.receivable_no = s.receivable_no`,
    ),
    statement(
      ['UnclassifiedSettlementClassified'],
      (events) => `UPDATE rc.movement m SET type = e.data->>'type'
     FROM ${events} e
     WHERE m.tenant_id = $1 AND m.movement_id = (e.data->>'movementId') COLLATE "C"`,
    ),
    statement(
      ['ControlTotalRecorded'],
      (events) => `INSERT INTO rc.control_total (tenant_id, entity_id, kind, currency, account, as_of, position, amount)
     SELECT $1, e.data->>'entityId', e.data->>'kind', e.data->>'currency', e.data->>'account', e.effective_on, e.position, (e.data->>'amount')::bigint
     FROM ${events} e`,
    ),
    statement(
      ['ControlDifferenceExplained'],
      (events) => `INSERT INTO rc.control_explanation (tenant_id, entity_id, kind, currency, account, as_of, position, amount, reason)
     SELECT $1, e.data->>'entityId', e.data->>'kind', e.data->>'currency', e.data->>'account', e.effective_on, e.position, (e.data->>'amount')::bigint,
            e.data->>'reason'
     FROM ${events} e`,
    ),
    statement(
      ['EnforcementEnded'],
      (events) => `INSERT INTO rc.enforcement_end (tenant_id, receivable_no, position, ended_on, reason)
     SELECT $1, e.stream_id, e.position, e.effective_on, e.data->>'reason'
     FROM ${events} e`,
    ),
    statement(
      ['ReceivableReclassified'],
      (
        events,
      ) => `INSERT INTO rc.reclassification (tenant_id, receivable_no, position, effective_on, movement_id, entity_id, kind, class, invoiced_on, due_on,
                                      document_no)
     SELECT $1, e.stream_id, e.position, e.effective_on, e.data->>'movementId', e.data->'to'->>'entityId', e.data->'to'->>'kind',
            COALESCE(e.data->'to'->>'class', ''), (e.data->'to'->>'invoicedOn')::date, (e.data->'to'->>'dueOn')::date, e.data->'to'->>'documentNo'
     FROM ${events} e`,
    ),
    statement(
      ['ReceivableReclassified'],
      (
        events,
      ) => `INSERT INTO rc.movement (tenant_id, receivable_no, debtor_no, position, gross, credit, recovered, effective_on, movement_id, entity_id, type,
                              currency, content_hash)
     SELECT $1, r.receivable_no, r.debtor_no, e.position, 0, 0, 0, e.effective_on, e.data->>'movementId', e.data->'from'->>'entityId', 'reclassify',
            e.data->>'currency', decode(e.data->>'contentHash', 'base64')
     FROM ${events} e
     JOIN rc.receivable r ON r.tenant_id = $1 AND r.receivable_no = e.stream_id`,
    ),
    statement(
      ['FxRateRecorded'],
      (events) => `INSERT INTO rc.fx_rate (tenant_id, base, quote, effective_on, position, rate)
     SELECT $1, e.data->>'base', e.data->>'quote', e.effective_on, e.position, (e.data->>'rate')::numeric
     FROM ${events} e`,
    ),
  ];
}
