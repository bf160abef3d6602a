import type { OpenItemChange } from '@app/credit-domain';
import type { BookItem } from '../book/load-items';
import type { PlannedEvent } from '../import-file/decide/decided-batch';
import { contentHash } from '../import-file/rows/content-hash';

/** What a list says of a credit item, as an event on its debtor. */
export interface CreditChange {
  readonly itemId: string;
  readonly kind: string;
  readonly debtorId: string;
  readonly entityId: string;
  readonly currency: string;
  /** signed change of the debtor's unapplied credit, minor units. */
  readonly credit: bigint;
}

interface Source {
  readonly importId: string;
  readonly asOf: string;
  /** 0 = the list as a whole. */
  readonly row: number;
}

/** One movement an item and import: the id says where it comes from, and no later list can meet it again. */
const movementIdOf = (importId: string, itemId: string, credit: boolean): string =>
  `open-items:${importId}:${credit ? 'credit:' : ''}${itemId}`;
const referenceOf = (asOf: string): string => `open items ${asOf}`;

/** The movement that brings a receivable to what the list says; moves the item's version on. */
export function itemEvent(item: BookItem, { movement, effect }: OpenItemChange, { importId, asOf, row }: Source): PlannedEvent {
  const movementId = movementIdOf(importId, item.receivableId, false);
  const { type, amount } = movement;
  const event: PlannedEvent = {
    sourceRow: row,
    category: 'receivable',
    key: item.receivableId,
    expectedVersion: item.version,
    streamNo: item.streamNo,
    type: 'ReceivableMovementRecorded',
    effectiveOn: asOf,
    data: {
      movementId,
      receivableId: item.receivableId,
      debtorId: item.debtorId,
      entityId: item.entityId,
      type,
      currency: item.currency,
      amount: String(amount),
      gross: String(effect.gross),
      credit: String(effect.credit),
      recovered: String(effect.recovered),
      reference: referenceOf(asOf),
      reason: movement.reason ?? '',
      attributes: {},
      contentHash: contentHash([movementId, type, String(amount), asOf], {}),
    },
  };
  item.version += 1;
  return event;
}

/** The change of a debtor's credit that brings a credit item to what the list says; moves the debtor's version on. */
export function creditEvent(
  debtor: { readonly debtorNo: bigint; version: number },
  change: CreditChange,
  { importId, asOf, row }: Source,
): PlannedEvent {
  const movementId = movementIdOf(importId, change.itemId, true);
  const credit = String(change.credit);
  const event: PlannedEvent = {
    sourceRow: row,
    category: 'debtor',
    key: change.debtorId,
    expectedVersion: debtor.version,
    streamNo: debtor.debtorNo,
    type: 'DebtorCreditRecorded',
    effectiveOn: asOf,
    data: {
      movementId,
      debtorId: change.debtorId,
      entityId: change.entityId,
      type: 'unclassified',
      currency: change.currency,
      amount: credit,
      credit,
      reference: referenceOf(asOf),
      reason: '',
      attributes: {},
      contentHash: contentHash([movementId, credit, asOf], {}),
      openItemId: change.itemId,
      openItemKind: change.kind,
    },
  };
  debtor.version += 1;
  return event;
}
