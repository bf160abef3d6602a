import type { LocalDate, Refused } from '@app/credit-domain';
import { addDays, decideReclassification } from '@app/credit-domain';
import type { JsonObject } from '@app/event-store';
import { hasLeft, isToJoin } from '../../entities/entity.fold';
import type { MovementRow } from '../rows/movement-row';
import type { StatedTarget } from '../rows/reclassification-columns';
import { quote } from '../rows/row-reader';
import type { RowRefusal } from '../rows/row-refusal';
import { termsOn } from './debtor-lookup';
import { KINDS_WITHOUT_DUE_DATE } from './due-dates';
import type { KnownClassification } from './known-classifications';
import { classificationOn, nextPosition } from './known-classifications';
import type { KnownReceivable, MovementBook } from './movement-lookup';

export type ReclassifiedRow =
  { readonly ok: true; readonly data: JsonObject } | { readonly ok: false; readonly refused: Refused | RowRefusal };

/**
 * Decides a row that reclassifies a receivable, and remembers what it becomes for later rows. The checks in order: those of
 * `decideReclassification`, then `entity-left` and `entity-not-joined` of the entity it goes to, when that one is registered.
 */
export function decideReclassifyRow(
  row: MovementRow,
  target: StatedTarget,
  receivable: KnownReceivable,
  stated: { readonly amount: bigint; readonly contentHash: string },
  book: MovementBook,
): ReclassifiedRow {
  const classifications = receivable.classifications ?? [];
  const from = classificationOn(classifications, row.effectiveOn);
  const termsDays = termsOfInvoice(target, from, receivable.debtorNo, book);
  const dueOn = termsDays === null || target.invoicedOn === null ? target.dueOn : addDays(target.invoicedOn, termsDays);
  const decided = decideReclassification(receivable.balance, from, {
    effectiveOn: row.effectiveOn,
    amount: stated.amount,
    to: { ...target, dueOn },
  });
  if (!decided.ok) return decided;
  const refused = decided.to.entityId === from.entityId ? undefined : refuseByEntity(decided.to.entityId, row.effectiveOn, book);
  if (refused !== undefined) return { ok: false, refused };

  const to = { ...decided.to, documentNo: target.documentNo || from.documentNo };
  classifications.push({ ...to, effectiveOn: row.effectiveOn, position: nextPosition(classifications) });
  const { movementId, receivableId, reference, reason, attributes } = row;
  return {
    ok: true,
    data: {
      movementId,
      receivableId,
      debtorId: receivable.debtorId,
      currency: receivable.currency,
      amount: String(stated.amount),
      moved: String(decided.moved),
      from: placeOf(from),
      to: placeOf(to),
      ...(termsDays === null ? {} : { termsDays }),
      reference,
      reason,
      attributes,
      contentHash: stated.contentHash,
    },
  };
}

/** A contract asset that is billed without a due date is due by the debtor's terms, as an invoice is; null where a date is stated or stays. */
function termsOfInvoice(
  { kind, invoicedOn, dueOn }: StatedTarget,
  from: KnownClassification,
  debtorNo: bigint,
  book: MovementBook,
): number | null {
  if (invoicedOn === null || dueOn !== null || from.dueOn !== null) return null;
  const becomes: string = kind ?? from.kind;
  return KINDS_WITHOUT_DUE_DATE.some((without) => without === becomes) ? null : termsOn(book.terms, debtorNo, invoicedOn);
}

function refuseByEntity(entityId: string, on: LocalDate, book: MovementBook): RowRefusal | undefined {
  const entity = book.entities.get(entityId);
  if (hasLeft(entity, on)) {
    return { column: 'to_entity_id', code: 'entity-left', reason: `The entity ${quote(entityId)} left the group on ${entity.leftOn}.` };
  }
  if (isToJoin(entity, on)) {
    return {
      column: 'to_entity_id',
      code: 'entity-not-joined',
      reason: `The entity ${quote(entityId)} joins the group on ${entity.joinedOn} only.`,
    };
  }
  return undefined;
}

const placeOf = ({
  entityId,
  kind,
  class: className,
  invoicedOn,
  dueOn,
  documentNo,
}: Omit<KnownClassification, 'effectiveOn' | 'position'>) => ({
  entityId,
  kind,
  class: className === '' ? null : className,
  invoicedOn,
  dueOn,
  documentNo,
});
