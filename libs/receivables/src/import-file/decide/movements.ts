import type { LocalDate, MovementEffect, Refused } from '@app/credit-domain';
import { applyMovement, decideMovement, decideUnallocated, formatAmount, parseAmount } from '@app/credit-domain';
import type { EventStore, JsonObject, Tx } from '@app/event-store';
import type { MovementRow } from '../rows/movement-row';
import type { StatedTarget } from '../rows/reclassification-columns';
import { movementHash, readMovement } from '../rows/movement-row';
import { ENTITY_DEFAULT } from '../rows/receivable-row';
import { amountReason, quote } from '../rows/row-reader';
import type { RowRefusal } from '../rows/row-refusal';
import type { DecidedBatch, DecidingContext, RowKind } from './decided-batch';
import { emptyBatch } from './decided-batch';
import { entityOn } from './known-classifications';
import type { KnownDebtor, KnownReceivable, MovementBook, RunningCredit } from './movement-lookup';
import { creditKey, loadMovementBook } from './movement-lookup';
import { decideReclassifyRow } from './reclassify';

/** Movements of receivables and of debtors' unapplied credit: an id stands for one content for ever. */
export function movements(store: EventStore): RowKind<MovementRow> {
  return { read: readMovement, decide: (tx, rows, context) => decideMovements(store, tx, rows, context) };
}

/** What a movement is about, once its receivable or debtor is found. */
interface Subject {
  readonly stream: KnownReceivable | KnownDebtor;
  readonly receivable: KnownReceivable | undefined;
  readonly debtorNo: bigint;
  readonly debtorId: string;
  readonly entityId: string;
  readonly currency: string;
}

async function decideMovements(store: EventStore, tx: Tx, rows: readonly MovementRow[], context: DecidingContext): Promise<DecidedBatch> {
  const batch = emptyBatch();
  const book = await loadMovementBook(store, tx, context.tenantId, rows);
  for (const row of rows) {
    const refusal = decideRow(row, book, batch);
    if (refusal !== undefined) batch.refused.push({ row: row.row, refusal });
  }
  return batch;
}

/** The checks in their fixed order: who it is about, amount, content known, then the rules of the type. */
function decideRow(row: MovementRow, book: MovementBook, batch: DecidedBatch): RowRefusal | undefined {
  const subject = row.receivableId === '' ? unallocatedSubject(row, book) : receivableSubject(row, book);
  if ('code' in subject) return subject;
  const amount = parseAmount(row.amount, subject.currency);
  if (!amount.ok) return { column: 'amount', code: amount.code, reason: amountReason(amount.code, row.amount, subject.currency) };
  const contentHash = movementHash(row, amount.minor, subject.currency);
  const known = book.contents.get(row.movementId);
  if (known === contentHash) {
    batch.unchanged += 1;
    return undefined;
  }
  if (known !== undefined) {
    return { column: 'movement_id', code: 'conflict', reason: `Movement ${quote(row.movementId)} is on the books with other content.` };
  }

  // Asked only now: a receivable that changed its entity since must not turn a file sent again into refusals.
  if (subject.receivable !== undefined && row.entityId !== '' && row.entityId !== subject.entityId) return entityMismatch(row, subject);
  if (row.target !== undefined) return reclassify(row, row.target, subject, { amount: amount.minor, contentHash }, book, batch);
  const credit = creditOf(subject, book);
  const movement = { type: row.type, amount: amount.minor, effectiveOn: row.effectiveOn, reason: row.reason };
  const decision =
    subject.receivable === undefined
      ? decideUnallocated(credit ?? NO_CREDIT, movement)
      : decideMovement(subject.receivable.balance, movement, credit);
  if (!decision.ok) return refusalOf(decision.refused, subject.currency);

  const { effect } = decision;
  book.contents.set(row.movementId, contentHash);
  if (subject.receivable !== undefined) {
    subject.receivable.balance = applyMovement(subject.receivable.balance, { type: row.type, effectiveOn: row.effectiveOn, ...effect });
  }
  if (effect.credit !== 0n && book.creditDebtors.has(subject.debtorNo)) applyCredit(subject, book, row.effectiveOn, effect.credit);
  batch.events.push({
    sourceRow: row.row,
    category: subject.receivable === undefined ? 'debtor' : 'receivable',
    key: subject.receivable === undefined ? subject.debtorId : row.receivableId,
    expectedVersion: subject.stream.version,
    streamNo: subject.stream.streamNo,
    type: subject.receivable === undefined ? 'DebtorCreditRecorded' : 'ReceivableMovementRecorded',
    effectiveOn: row.effectiveOn,
    data: recorded(row, subject, amount.minor, effect, contentHash),
  });
  subject.stream.version += 1;
  return undefined;
}

function reclassify(
  row: MovementRow,
  target: StatedTarget,
  { receivable, currency }: Subject,
  stated: { readonly amount: bigint; readonly contentHash: string },
  book: MovementBook,
  batch: DecidedBatch,
): RowRefusal | undefined {
  if (receivable === undefined) return { column: 'receivable_id', code: 'receivable-missing', reason: 'A reclassify needs a receivable.' };
  const decided = decideReclassifyRow(row, target, receivable, stated, book);
  if (!decided.ok) return 'reason' in decided.refused ? decided.refused : refusalOf(decided.refused, currency);
  book.contents.set(row.movementId, stated.contentHash);
  batch.events.push({
    sourceRow: row.row,
    category: 'receivable',
    key: row.receivableId,
    expectedVersion: receivable.version,
    streamNo: receivable.streamNo,
    type: 'ReceivableReclassified',
    effectiveOn: row.effectiveOn,
    data: decided.data,
  });
  receivable.version += 1;
  return undefined;
}

function receivableSubject(row: MovementRow, book: MovementBook): Subject | RowRefusal {
  const receivable = book.receivables.get(row.receivableId);
  if (receivable === undefined) {
    return { column: 'receivable_id', code: 'receivable-unknown', reason: `There is no receivable ${quote(row.receivableId)}.` };
  }
  const { debtorNo, debtorId, currency } = receivable;
  const entityId = entityOn(receivable, row.effectiveOn);
  if (row.debtorId !== '' && row.debtorId !== debtorId) {
    return { column: 'debtor_id', code: 'debtor-mismatch', reason: `Receivable ${quote(row.receivableId)} is owed by ${quote(debtorId)}.` };
  }
  if (row.currency !== '' && row.currency !== currency) {
    return { column: 'currency', code: 'currency-mismatch', reason: `Receivable ${quote(row.receivableId)} is in ${currency}.` };
  }
  return { stream: receivable, receivable, debtorNo, debtorId, entityId, currency };
}

function entityMismatch(row: MovementRow, { entityId }: Subject): RowRefusal {
  const reason = `Receivable ${quote(row.receivableId)} belongs to the entity ${quote(entityId)} on ${row.effectiveOn}.`;
  return { column: 'entity_id', code: 'entity-mismatch', reason };
}

function unallocatedSubject(row: MovementRow, book: MovementBook): Subject | RowRefusal {
  const debtor = book.debtors.get(row.debtorId);
  if (debtor === undefined) return { column: 'debtor_id', code: 'debtor-unknown', reason: `There is no debtor ${quote(row.debtorId)}.` };
  const currency = row.currency !== '' ? row.currency : (book.onlyCurrencies.get(debtor.streamNo) ?? book.bookCurrency);
  if (currency === undefined) {
    return {
      column: 'currency',
      code: 'currency-missing',
      reason: 'A movement without a receivable needs a currency where neither the debtor nor the book has exactly one.',
    };
  }
  const entityId = row.entityId === '' ? ENTITY_DEFAULT : row.entityId;
  return { stream: debtor, receivable: undefined, debtorNo: debtor.streamNo, debtorId: debtor.debtorId, entityId, currency };
}

const NO_CREDIT = { credit: 0n, lastEffectiveOn: null, steps: [] };

/** The debtor's credit where the type of this batch's rows may draw on it; undefined where it was not loaded because nothing does. */
function creditOf(subject: Subject, book: MovementBook): RunningCredit | undefined {
  if (!book.creditDebtors.has(subject.debtorNo)) return undefined;
  return book.credits.get(creditKey(subject.debtorNo, subject.entityId, subject.currency)) ?? { ...NO_CREDIT, steps: [] };
}

function applyCredit(subject: Subject, book: MovementBook, effectiveOn: LocalDate, change: bigint): void {
  const key = creditKey(subject.debtorNo, subject.entityId, subject.currency);
  const credit = book.credits.get(key) ?? { credit: 0n, lastEffectiveOn: null, steps: [] };
  credit.credit += change;
  if (credit.lastEffectiveOn === null || effectiveOn > credit.lastEffectiveOn) credit.lastEffectiveOn = effectiveOn;
  credit.steps.push({ effectiveOn, credit: change });
  book.credits.set(key, credit);
}

/** The domain speaks in minor units; who reads the refusal thinks in the currency. */
function refusalOf(refused: Refused, currency: string): RowRefusal {
  const reason = refused.detail.replace(
    /(-?\d+) minor units/,
    (_all, minor: string) => `${formatAmount(BigInt(minor), currency)} ${currency}`,
  );
  return { column: refused.field ?? '', code: refused.code, reason: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.` };
}

/** One literal for each event: these objects are made by the million. */
function recorded(row: MovementRow, subject: Subject, amount: bigint, effect: MovementEffect, contentHash: string): JsonObject {
  const { debtorId, entityId, currency } = subject;
  const { movementId, receivableId, type, reference, reason, attributes } = row;
  const credit = String(effect.credit);
  if (subject.receivable === undefined) {
    return { movementId, debtorId, entityId, type, currency, amount: String(amount), credit, reference, reason, attributes, contentHash };
  }
  return {
    movementId,
    receivableId,
    debtorId,
    entityId,
    type,
    currency,
    amount: String(amount),
    gross: String(effect.gross),
    credit,
    recovered: String(effect.recovered),
    reference,
    reason,
    attributes,
    contentHash,
  };
}
