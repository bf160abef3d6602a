import type { LocalDate, ReceivableKind } from '@app/credit-domain';
import { isReceivableKind } from '@app/credit-domain';
import { MAIN_ENTITY } from '../../entities/entity.fold';
import { contentHash } from './content-hash';
import type { RowReader } from './row-reader';
import { quote } from './row-reader';

/** The entity of rows that name none. */
export const ENTITY_DEFAULT = MAIN_ENTITY;

/** A receivable as the file states it. */
export interface ReceivableRow {
  readonly row: number;
  readonly receivableId: string;
  readonly debtorId: string;
  readonly entityId: string;
  readonly kind: ReceivableKind;
  readonly className: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly recognisedOn: LocalDate;
  readonly invoicedOn: LocalDate;
  /** null when the file leaves it to the debtor's terms, or when the receivable is due on demand. */
  readonly dueOn: LocalDate | null;
  readonly onDemand: boolean;
  readonly documentNo: string;
  readonly taxAmount: bigint | null;
  readonly expectedOn: LocalDate | null;
  readonly takenOn: LocalDate | null;
  readonly contractNo: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly contentHash: string;
}

/**
 * Reads a receivable; undefined when refused (see `read.refusal`). Decided here: a zero amount is accepted, a negative one is not; dates may lie
 * in the future, and invoice and due dates may lie before recognition or each other, as with instalments billed in advance or in arrears.
 * Lists of open items alone have `signed` amounts.
 */
export function readReceivable(read: RowReader, row: number, amounts: 'owed' | 'signed' = 'owed'): ReceivableRow | undefined {
  const receivableId = read.requiredIdentifier('receivable_id');
  const debtorId = read.requiredIdentifier('debtor_id');
  const kind = read.label('kind');
  if (kind === '') read.refuse('kind', 'value-missing', 'kind is blank.');
  else if (!isReceivableKind(kind)) read.refuse('kind', 'kind-unknown', `${quote(kind)} is no kind of receivable.`);
  const currency = read.requiredCurrency('currency');
  const amount = read.amount('amount', currency);
  if (amount === null) read.refuse('amount', 'value-missing', 'amount is blank.');
  else if (amounts === 'owed' && amount < 0n)
    read.refuse('amount', 'amount-negative', 'A receivable is not negative: send a credit note or unapplied cash as a movement.');
  const recognisedOn = read.requiredDate('recognised_on');
  const invoicedOn = read.date('invoiced_on') ?? recognisedOn;
  const dueOn = read.date('due_on');
  const documentNo = read.text('document_no');
  const entityId = read.label('entity_id') || ENTITY_DEFAULT;
  const className = read.label('class');
  const taxAmount = read.amount('tax_amount', currency);
  const expectedOn = read.date('expected_on');
  const onDemand = read.truth('on_demand') ?? false;
  const takenOn = read.date('taken_on');
  const contractNo = read.text('contract_no');
  const attributes = read.attributes();
  if (read.refusal !== undefined || amount === null || recognisedOn === null || invoicedOn === null || !isReceivableKind(kind))
    return undefined;
  const stated = [
    receivableId,
    debtorId,
    entityId,
    kind,
    className,
    currency,
    String(amount),
    recognisedOn,
    invoicedOn,
    dueOn,
    onDemand ? '1' : '0',
    documentNo,
    taxAmount === null ? null : String(taxAmount),
    expectedOn,
    takenOn,
    contractNo,
  ];
  return {
    row,
    receivableId,
    debtorId,
    entityId,
    kind,
    className,
    currency,
    amount,
    recognisedOn,
    invoicedOn,
    dueOn,
    onDemand,
    documentNo,
    taxAmount,
    expectedOn,
    takenOn,
    contractNo,
    attributes,
    contentHash: contentHash(stated, attributes),
  };
}
