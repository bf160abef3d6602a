import { formatAmount, isCurrency } from '@app/credit-domain';
import { csvLine } from '@app/platform';
import type { JournalLineView, RunJournalView } from '@app/provisioning';
import { amountOf } from './figures-on-the-wire';

export function journalLineOnTheWire({ debit, credit, ...line }: JournalLineView, currency: string) {
  return { ...line, debit: amountOf(debit, currency), credit: amountOf(credit, currency) };
}

/** One line for each line of the journal, amounts in the currency beside them. Text cannot become a formula. */
export function journalCsv({ runId, asOf, status, currency, lines }: RunJournalView): string {
  const amount = (minor: bigint): string => (minor === 0n ? '' : isCurrency(currency) ? formatAmount(minor, currency) : minor.toString());
  const header = [
    'run_id',
    'status',
    'as_of',
    'entry',
    'entity_id',
    'kind',
    'cause',
    'account',
    'account_code',
    'debit',
    'credit',
    'currency',
    'memorandum',
  ];
  const rows = lines.map((line) => [
    ...[runId, status, asOf, String(line.entry), line.entityId, line.kind, line.cause, line.account, line.accountCode],
    ...[amount(line.debit), amount(line.credit), currency, String(line.memorandum)],
  ]);
  return [header, ...rows].map(csvLine).join('');
}
