import type { LocalDate, MovementType } from '@app/credit-domain';
import { DERIVED_MOVEMENT_TYPES, isMovementType } from '@app/credit-domain';
import { contentHash } from './content-hash';
import type { StatedTarget } from './reclassification-columns';
import { readTarget, statedTarget, withColumnsAsText } from './reclassification-columns';
import type { RowReader } from './row-reader';
import { quote } from './row-reader';

/** A movement as the file states it. The amount stays text until the receivable says in which currency it is. */
export interface MovementRow {
  readonly row: number;
  readonly movementId: string;
  /** '' for unapplied cash and credit notes, which name the debtor instead. */
  readonly receivableId: string;
  readonly debtorId: string;
  /** '' when the file leaves it to the receivable or to the main entity. */
  readonly entityId: string;
  readonly type: MovementType;
  /** '' when the file leaves it to the receivable. */
  readonly currency: string;
  readonly amount: string;
  readonly effectiveOn: LocalDate;
  readonly reference: string;
  readonly reason: string;
  /** what a `reclassify` makes of the receivable; undefined for every other type. */
  readonly target: StatedTarget | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Reads a movement; undefined when refused (see `read.refusal`). What depends on the receivable is decided later. */
export function readMovement(read: RowReader, row: number): MovementRow | undefined {
  const movementId = read.requiredIdentifier('movement_id');
  const receivableId = read.identifier('receivable_id');
  const debtorId = read.identifier('debtor_id');
  if (receivableId === '' && debtorId === '') {
    read.refuse('receivable_id', 'value-missing', 'A movement names a receivable, or a debtor when it is not allocated yet.');
  }
  const type = read.label('type');
  if (type === '') read.refuse('type', 'value-missing', 'type is blank.');
  else if (!isMovementType(type)) read.refuse('type', 'movement-type-unknown', `${quote(type)} is no type of movement.`);
  else if (DERIVED_MOVEMENT_TYPES.includes(type)) {
    read.refuse(
      'type',
      'movement-type-derived',
      `${quote(type)} follows from open-item lists or allocations and is not stated in a file of movements.`,
    );
  }
  const target = type === 'reclassify' ? readTarget(read) : undefined;
  // A reclassify moves all there is: its amount may be left out.
  const amount = target === undefined ? read.requiredText('amount') : read.text('amount') || '0';
  const effectiveOn = read.requiredDate('effective_on');
  const reference = read.text('reference');
  const reason = read.text('reason');
  const currency = read.currency('currency');
  const entityId = read.label('entity_id');
  const attributes = target === undefined ? withColumnsAsText(read.attributes(), read) : read.attributes();
  if (read.refusal !== undefined || effectiveOn === null || !isMovementType(type)) return undefined;
  return { row, movementId, receivableId, debtorId, entityId, type, currency, amount, effectiveOn, reference, reason, target, attributes };
}

/** The hash of a movement, once its amount is known in minor units of its currency. */
export function movementHash(row: MovementRow, amount: bigint, currency: string): string {
  const stated = [
    row.movementId,
    row.receivableId,
    row.debtorId,
    row.entityId,
    row.type,
    currency,
    String(amount),
    row.effectiveOn,
    row.reference,
    row.reason,
  ];
  if (row.target !== undefined) return contentHash([...stated, ...statedTarget(row.target)], row.attributes);
  return contentHash(stated, row.attributes);
}
