import type { Classification } from '@app/credit-domain';

/** A recognition or reclassification as a statement answers it. */
export interface ClassificationRow {
  readonly effective_on: string;
  readonly position: bigint;
  readonly entity_id: string;
  readonly kind: string;
  readonly class: string;
  readonly invoiced_on: string;
  readonly due_on: string | null;
}

export function classificationOf(row: ClassificationRow): Classification {
  return {
    effectiveOn: row.effective_on,
    position: row.position,
    entityId: row.entity_id,
    kind: row.kind,
    class: row.class,
    invoicedOn: row.invoiced_on,
    dueOn: row.due_on,
  };
}
