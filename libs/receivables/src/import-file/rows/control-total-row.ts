import type { LocalDate, ReceivableKind } from '@app/credit-domain';
import { isReceivableKind } from '@app/credit-domain';
import { ENTITY_DEFAULT } from './receivable-row';
import type { RowReader } from './row-reader';
import { quote } from './row-reader';

/** What another ledger says an account of receivables comes to. */
export interface ControlTotalRow {
  readonly row: number;
  readonly entityId: string;
  readonly kind: ReceivableKind;
  readonly currency: string;
  readonly account: string;
  readonly asOf: LocalDate;
  /** minor units; negative where the account stands on the other side. */
  readonly amount: bigint;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Reads a control total; undefined when refused (see `read.refusal`). */
export function readControlTotal(read: RowReader, row: number): ControlTotalRow | undefined {
  const entityId = read.label('entity_id') || ENTITY_DEFAULT;
  const kind = read.label('kind');
  if (kind === '') read.refuse('kind', 'value-missing', 'kind is blank.');
  else if (!isReceivableKind(kind)) read.refuse('kind', 'kind-unknown', `${quote(kind)} is no kind of receivable.`);
  const currency = read.requiredCurrency('currency');
  const account = read.label('account');
  if (account === '') read.refuse('account', 'value-missing', 'account is blank.');
  const asOf = read.requiredDate('as_of');
  const amount = read.amount('amount', currency);
  if (amount === null) read.refuse('amount', 'value-missing', 'amount is blank.');
  const attributes = read.attributes();
  if (read.refusal !== undefined || amount === null || asOf === null || !isReceivableKind(kind)) return undefined;
  return { row, entityId, kind, currency, account, asOf, amount, attributes };
}
