import type { ReclassificationTarget } from '@app/credit-domain';
import { isReceivableKind } from '@app/credit-domain';
import type { RowReader } from './row-reader';
import { quote } from './row-reader';

/** What a `reclassify` may name besides the columns of every movement; in the order of their names. On other types they are attributes. */
export const RECLASSIFICATION_COLUMNS = ['document_no', 'due_on', 'invoiced_on', 'to_class', 'to_entity_id', 'to_kind'] as const;

/** What a row says a receivable becomes; a blank cell leaves a thing as it is. */
export interface StatedTarget extends ReclassificationTarget {
  /** '' = as it is. */
  readonly documentNo: string;
}

/** Reads the target of a reclassify; refusals are kept in `read.refusal`. */
export function readTarget(read: RowReader): StatedTarget {
  const kind = read.label('to_kind');
  if (kind !== '' && !isReceivableKind(kind)) read.refuse('to_kind', 'kind-unknown', `${quote(kind)} is no kind of receivable.`);
  return {
    kind: isReceivableKind(kind) ? kind : null,
    class: read.label('to_class') || null,
    entityId: read.label('to_entity_id') || null,
    invoicedOn: read.date('invoiced_on'),
    dueOn: read.date('due_on'),
    documentNo: read.text('document_no'),
  };
}

/** The part of a row's hash that says what the receivable becomes. */
export function statedTarget({ kind, class: className, entityId, invoicedOn, dueOn, documentNo }: StatedTarget): (string | null)[] {
  return [kind, className, entityId, invoicedOn, dueOn, documentNo];
}

/** Attributes of a movement of another type: what stands in these columns is free text there, in its place among the others. */
export function withColumnsAsText(attributes: Record<string, string>, read: RowReader): Record<string, string> {
  let all: Record<string, string> | undefined;
  for (const column of RECLASSIFICATION_COLUMNS) {
    const text = read.text(column);
    if (text !== '') all = { ...(all ?? attributes), [column]: text };
  }
  if (all === undefined) return attributes;
  return Object.fromEntries(Object.entries(all).sort(([left], [right]) => (left < right ? -1 : 1)));
}
