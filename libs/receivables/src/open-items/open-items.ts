import type { CreditBalance } from '@app/credit-domain';
import { decideOpenItem } from '@app/credit-domain';
import type { Tx } from '@app/event-store';
import type { BookItem } from '../book/load-items';
import { NO_CREDIT, creditOf, findNumbers, loadCreditBalances, loadDebtorStreams, loadItems, withCredit } from '../book/load-items';
import type { DecidedBatch, DecidingContext, PlannedEvent, RowKind } from '../import-file/decide/decided-batch';
import { emptyBatch } from '../import-file/decide/decided-batch';
import { standingInFile } from '../import-file/decide/file-keys';
import { contentHash } from '../import-file/rows/content-hash';
import type { OpenItemRow } from '../import-file/rows/open-item-row';
import { readOpenItem } from '../import-file/rows/open-item-row';
import type { ReceivableRow } from '../import-file/rows/receivable-row';
import { quote } from '../import-file/rows/row-reader';
import type { RowRefusal } from '../import-file/rows/row-refusal';
import { readHeader } from '../import-file/reading/file-header';
import type { ImportRecord } from '../import-file/import-record';
import type { OpenItemsDeclaration } from './declaration';
import { openItemsDeclaration } from './declaration';
import type { OpenCredit } from './open-credits';
import { creditChange, loadOpenCredits } from './open-credits';
import { creditEvent, itemEvent } from './open-item-events';
import { concludeOpenItems, itemKey, kindKey } from './vanished-items';

/** A line that passed the checks which need no book. */
interface ListedItem {
  readonly row: number;
  readonly item: ReceivableRow;
  readonly open: bigint;
}

/** Everything the lines of a batch touch, kept as the batch goes on. */
interface ListedBook {
  readonly items: ReadonlyMap<string, BookItem>;
  readonly openCredits: ReadonlyMap<string, OpenCredit>;
  readonly debtors: ReadonlyMap<string, { readonly debtorNo: bigint; version: number }>;
  readonly credits: Map<string, CreditBalance>;
}

/**
 * A full list of open items: what it says differently from the book on its date becomes facts, and what it does not name is settled by
 * something unknown. New items are recognised by `recognitions`, with what is open of them.
 */
function openItems(declaration: OpenItemsDeclaration, recognitions: RowKind<ReceivableRow>, canConclude: boolean): RowKind<OpenItemRow> {
  const decide = (tx: Tx, rows: readonly OpenItemRow[], context: DecidingContext): Promise<DecidedBatch> =>
    decideOpenItems(tx, rows, context, declaration, recognitions);
  if (!canConclude) return { read: readOpenItem, decide };
  return { read: readOpenItem, decide, conclude: (tx, context, after) => concludeOpenItems(tx, context, declaration, after) };
}

async function decideOpenItems(
  tx: Tx,
  rows: readonly OpenItemRow[],
  context: DecidingContext,
  declaration: OpenItemsDeclaration,
  recognitions: RowKind<ReceivableRow>,
): Promise<DecidedBatch> {
  const batch = emptyBatch();
  const listed = await listedItems(tx, rows, context, declaration, batch);
  const book = await loadListedBook(tx, context.tenantId, listed, declaration);
  const recognised: ReceivableRow[] = [];
  let accepted = 0;
  for (const line of listed) {
    const events = decideLine(line, book, context, declaration);
    if ('code' in events) batch.refused.push({ row: line.row, refusal: events });
    else {
      const isNew = line.open > 0n && !book.items.has(line.item.receivableId);
      if (isNew) recognised.push({ ...line.item, amount: line.open });
      else if (events.length > 0) accepted += 1;
      else batch.unchanged += 1;
      batch.events.push(...events);
    }
  }
  const decided = await recognitions.decide(tx, recognised, context);
  batch.events.push(...decided.events);
  batch.refused.push(...decided.refused);
  batch.accepted = accepted + decided.events.length;
  return batch;
}

/** Leaves a mark of every item and kind the lines name, refused ones included, and sorts out what needs no book. */
async function listedItems(
  tx: Tx,
  rows: readonly OpenItemRow[],
  context: DecidingContext,
  declaration: OpenItemsDeclaration,
  batch: DecidedBatch,
): Promise<ListedItem[]> {
  const named = rows.filter((row) => row.itemId !== '');
  const kinds = [...new Set(rows.map((row) => row.kind))];
  await standingInFile(
    tx,
    context,
    kinds.map((kind) => ({ key: kindKey(kind), content: '' })),
  );
  const standings = await standingInFile(
    tx,
    context,
    named.map((row) => ({ key: itemKey(row.itemId), content: contentHash([row.item?.contentHash ?? '', String(row.open)], {}) })),
  );
  const standing = new Map(named.map((row, index) => [row, standings[index]]));
  const listed: ListedItem[] = [];
  for (const row of rows) {
    const refusal = row.refusal ?? refusalOf(row, standing.get(row) === 'contradicts', declaration);
    if (refusal !== undefined) batch.refused.push({ row: row.row, refusal });
    else if (standing.get(row) === 'repeated') batch.unchanged += 1;
    else if (row.item !== undefined) listed.push({ row: row.row, item: row.item, open: row.open });
  }
  return listed;
}

function refusalOf({ item, itemId }: OpenItemRow, contradicts: boolean, declaration: OpenItemsDeclaration): RowRefusal | undefined {
  if (item === undefined) return undefined;
  if (contradicts) return { column: 'receivable_id', code: 'conflict', reason: `The list names item ${quote(itemId)} with other content.` };
  const { asOf, entityId, kinds } = declaration;
  if (item.entityId !== entityId) {
    const reason = `The list is declared for the entity ${quote(entityId)}, the line names ${quote(item.entityId)}.`;
    return { column: 'entity_id', code: 'entity-not-declared', reason };
  }
  if (kinds !== null && !kinds.includes(item.kind)) {
    return {
      column: 'kind',
      code: 'kind-not-declared',
      reason: `The list is declared for ${kinds.join(', ')}, the line names ${item.kind}.`,
    };
  }
  if (item.recognisedOn > asOf) {
    const reason = `What is recognised on ${item.recognisedOn} cannot have been open on ${asOf}.`;
    return { column: 'recognised_on', code: 'before-recognition', reason };
  }
  return undefined;
}

async function loadListedBook(
  tx: Tx,
  tenantId: number,
  listed: readonly ListedItem[],
  { asOf, entityId }: OpenItemsDeclaration,
): Promise<ListedBook> {
  const ids = listed.map(({ item }) => item.receivableId);
  const items = await loadItems(tx, tenantId, await findNumbers(tx, tenantId, ids), asOf);
  const openCredits = await loadOpenCredits(tx, tenantId, ids);
  const creditors = listed.filter(({ item, open }) => open < 0n || openCredits.has(item.receivableId));
  const debtors = await loadDebtorStreams(
    tx,
    tenantId,
    creditors.map(({ item }) => item.debtorId),
  );
  const credits = await loadCreditBalances(
    tx,
    tenantId,
    [...debtors.values()].map(({ debtorNo }) => debtorNo),
  );
  const inEntity = [...credits].filter(([key]) => key.endsWith(`|${entityId}`));
  return { items: new Map(items.map((item) => [item.receivableId, item])), openCredits, debtors, credits: new Map(inEntity) };
}

/** The events that bring the book to what a line says of an item it knows; none where it agrees, or where the item is new. */
function decideLine(
  line: ListedItem,
  book: ListedBook,
  context: DecidingContext,
  declaration: OpenItemsDeclaration,
): PlannedEvent[] | RowRefusal {
  const known = book.items.get(line.item.receivableId);
  const source = { importId: context.importId, asOf: declaration.asOf, row: line.row };
  const events: PlannedEvent[] = [];
  const conflict = conflictOf(line.item, known, book.openCredits.get(line.item.receivableId));
  if (conflict !== undefined) return conflict;
  const credit = decideCredit(line, book, declaration);
  if (typeof credit !== 'bigint') return credit;
  if (known !== undefined) {
    const decided = decideOpenItem(known.balance, line.open > 0n ? line.open : 0n, declaration.asOf);
    if (!decided.ok) return { column: 'amount', code: decided.refused.code, reason: tooLittleLeft(line.item.receivableId, declaration) };
    if (decided.change !== null) events.push(itemEvent(known, decided.change, source));
  }
  const debtor = book.debtors.get(line.item.debtorId);
  if (credit === 0n || debtor === undefined) return events;
  const { receivableId: itemId, kind, debtorId, entityId, currency } = line.item;
  const key = creditOf(debtor.debtorNo, entityId, currency);
  book.credits.set(key, withCredit(book.credits.get(key), declaration.asOf, credit));
  events.push(creditEvent(debtor, { itemId, kind, debtorId, entityId, currency, credit }, source));
  return events;
}

/** The signed change of the debtor's credit; zero where the line is no credit and never was one. */
function decideCredit({ item, open }: ListedItem, book: ListedBook, { asOf }: OpenItemsDeclaration): bigint | RowRefusal {
  const before = book.openCredits.get(item.receivableId);
  if (open >= 0n && before === undefined) return 0n;
  const debtor = book.debtors.get(item.debtorId);
  if (debtor === undefined) return { column: 'debtor_id', code: 'debtor-unknown', reason: `There is no debtor ${quote(item.debtorId)}.` };
  const held = book.credits.get(creditOf(debtor.debtorNo, item.entityId, item.currency)) ?? NO_CREDIT;
  return creditChange(before?.balance ?? NO_CREDIT, held, open < 0n ? -open : 0n, asOf);
}

/** An id stands for one claim on one debtor in one currency, whoever names it. */
function conflictOf(item: ReceivableRow, ...known: readonly (BookItem | OpenCredit | undefined)[]): RowRefusal | undefined {
  for (const each of known) {
    if (each === undefined) continue;
    const columns = [
      ['debtor_id', item.debtorId, each.debtorId],
      ['currency', item.currency, each.currency],
      ['entity_id', item.entityId, each.entityId],
      ['kind', item.kind, each.kind],
    ] as const;
    const other = columns.find(([, listed, onBooks]) => listed !== onBooks);
    if (other === undefined) continue;
    const [column, , onBooks] = other;
    return { column, code: 'conflict', reason: `Item ${quote(item.receivableId)} is on the books with ${column} ${quote(onBooks)}.` };
  }
  return undefined;
}

/** The list of an import as it was declared. A mended file of refused rows is no full list: it settles nothing. */
export function openItemsOf(
  { asOf, entityId, kinds, maxVanishedShare, format, header }: ImportRecord,
  recognitions: RowKind<ReceivableRow>,
): RowKind<OpenItemRow> {
  const declaration = openItemsDeclaration({
    asOf: asOf ?? undefined,
    entityId: entityId ?? undefined,
    kinds: kinds ?? undefined,
    maxVanishedShare: maxVanishedShare ?? undefined,
  });
  const isMended = format === 'csv' && readHeader('open-items', header ?? []).mended;
  return openItems(declaration, recognitions, !isMended);
}

function tooLittleLeft(itemId: string, { asOf }: OpenItemsDeclaration): string {
  return `Movements dated after ${asOf} took more from item ${quote(itemId)} than the list leaves open.`;
}
