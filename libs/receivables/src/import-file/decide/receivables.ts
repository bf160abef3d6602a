import { addDays } from '@app/credit-domain';
import type { LocalDate } from '@app/credit-domain';
import type { EventStore, JsonObject, Tx } from '@app/event-store';
import type { Entities } from '../../entities/entity.fold';
import { hasLeft, readEntities } from '../../entities/entity.fold';
import { readReceivable } from '../rows/receivable-row';
import type { ReceivableRow } from '../rows/receivable-row';
import { quote } from '../rows/row-reader';
import type { RowRefusal } from '../rows/row-refusal';
import { knownDebtors } from './debtor-lookup';
import type { TermsOfDebtor } from './debtor-lookup';
import { loadTerms, termsOn } from './debtor-lookup';
import type { DecidedBatch, DecidingContext, RowKind } from './decided-batch';
import { emptyBatch } from './decided-batch';
import { KINDS_WITHOUT_DUE_DATE } from './due-dates';
import { eachOf } from './look-up';

/** Receivables: an id stands for one content for ever. */
export function receivables(store: EventStore): RowKind<ReceivableRow> {
  const debtors = knownDebtors();
  return {
    read: readReceivable,
    decide: async (tx, rows, context) => decideReceivables(tx, rows, context, { debtors, entities: await readEntities(store, tx) }),
  };
}

/** What an import of receivables knows besides its rows. */
interface Surroundings {
  readonly debtors: ReturnType<typeof knownDebtors>;
  readonly entities: Entities;
}

async function decideReceivables(
  tx: Tx,
  rows: readonly ReceivableRow[],
  context: DecidingContext,
  { debtors, entities }: Surroundings,
): Promise<DecidedBatch> {
  const batch = emptyBatch();
  const contents = await loadContents(tx, context.tenantId, rows);
  const debtorNumbers = await debtors.numbersOf(tx, context.tenantId, rows);
  const withoutDueDate = rows.filter((row) => row.dueOn === null && !row.onDemand).map((row) => debtorNumbers.get(row.debtorId));
  const terms = await loadTerms(tx, context.tenantId, withoutDueDate);

  for (const row of rows) {
    const content = contents.get(row.receivableId);
    if (content === row.contentHash) {
      batch.unchanged += 1;
      continue;
    }
    const planned = content === undefined ? plan(row, debtorNumbers.get(row.debtorId), terms, entities) : conflict(row);
    if ('code' in planned) {
      batch.refused.push({ row: row.row, refusal: planned });
      continue;
    }
    contents.set(row.receivableId, row.contentHash);
    batch.events.push({
      sourceRow: row.row,
      category: 'receivable',
      key: row.receivableId,
      expectedVersion: 0,
      streamNo: null,
      type: 'ReceivableRecognised',
      effectiveOn: row.recognisedOn,
      data: planned.data,
    });
  }
  return batch;
}

function conflict(row: ReceivableRow): RowRefusal {
  return { column: 'receivable_id', code: 'conflict', reason: `Receivable ${quote(row.receivableId)} is on the books with other content.` };
}

function plan(
  row: ReceivableRow,
  debtorNo: bigint | undefined,
  terms: TermsOfDebtor,
  entities: Entities,
): { readonly data: JsonObject } | RowRefusal {
  if (debtorNo === undefined) return { column: 'debtor_id', code: 'debtor-unknown', reason: `There is no debtor ${quote(row.debtorId)}.` };
  const entity = entities.get(row.entityId);
  // Before it joined is another matter: a business that is acquired brings older claims.
  if (hasLeft(entity, row.recognisedOn)) {
    const reason = `The entity ${quote(row.entityId)} left the group on ${entity.leftOn}.`;
    return { column: 'entity_id', code: 'entity-left', reason };
  }
  if (row.dueOn !== null || row.onDemand) return { data: recognised(row, row.dueOn, undefined) };
  const termsDays = termsOn(terms, debtorNo, row.invoicedOn);
  if (termsDays !== null) return { data: recognised(row, addDays(row.invoicedOn, termsDays), termsDays) };
  if (KINDS_WITHOUT_DUE_DATE.includes(row.kind)) return { data: recognised(row, null, undefined) };
  return {
    column: 'due_on',
    code: 'due-date-missing',
    reason: `due_on is blank, on_demand is not set and debtor ${quote(row.debtorId)} has no terms on ${row.invoicedOn}.`,
  };
}

function recognised(row: ReceivableRow, dueOn: LocalDate | null, termsDays: number | undefined): JsonObject {
  const data: JsonObject = {
    receivableId: row.receivableId,
    debtorId: row.debtorId,
    entityId: row.entityId,
    kind: row.kind,
    class: row.className === '' ? null : row.className,
    currency: row.currency,
    amount: String(row.amount),
    recognisedOn: row.recognisedOn,
    invoicedOn: row.invoicedOn,
    dueOn,
    documentNo: row.documentNo,
    attributes: row.attributes,
    contentHash: row.contentHash,
  };
  if (termsDays !== undefined) data['termsDays'] = termsDays;
  if (row.onDemand) data['onDemand'] = true;
  if (row.taxAmount !== null) data['taxAmount'] = String(row.taxAmount);
  if (row.expectedOn !== null) data['expectedOn'] = row.expectedOn;
  if (row.takenOn !== null) data['takenOn'] = row.takenOn;
  if (row.contractNo !== '') data['contractNo'] = row.contractNo;
  return data;
}

/** Receivable id -> hash of what it was recognised with. */
async function loadContents(tx: Tx, tenantId: number, rows: readonly ReceivableRow[]): Promise<Map<string, string>> {
  const found = await tx.query<{ receivable_id: string; content: string }>(
    `SELECT r.receivable_id, encode(r.content_hash, 'base64') AS content
     FROM unnest($2::text[]) AS w(id)
     ${eachOf('SELECT receivable_id, content_hash FROM rc.receivable WHERE tenant_id = $1 AND receivable_id = w.id COLLATE "C"')} r`,
    [tenantId, rows.map((row) => row.receivableId)],
  );
  return new Map(found.map((row) => [row.receivable_id, row.content]));
}
