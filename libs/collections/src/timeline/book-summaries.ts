import type {
  DebtorCreditRecordedData,
  DebtorData,
  EnforcementEndedData,
  ReceivableMovementRecordedData,
  ReceivableReclassifiedData,
  ReceivableRecognisedData,
  UnclassifiedSettlementClassifiedData,
} from '@app/receivables';
import type { StoredEvent } from '@app/event-store';
import { amountText, type Summary } from './summary';

interface BookData {
  readonly ReceivableRecognised: ReceivableRecognisedData;
  readonly ReceivableMovementRecorded: ReceivableMovementRecordedData;
  readonly DebtorCreditRecorded: DebtorCreditRecordedData;
  readonly ReceivableReclassified: ReceivableReclassifiedData;
  readonly UnclassifiedSettlementClassified: UnclassifiedSettlementClassifiedData;
  readonly EnforcementEnded: EnforcementEndedData;
}

/** The data as the schema of receivables has it: what is stored was checked against it. */
function bookData<Type extends keyof BookData>(_type: Type, event: StoredEvent): BookData[Type] {
  return event.data as unknown as BookData[Type];
}

const words = (type: string): string => {
  const text = type.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

function debtorText(verb: string, { segment, creditLimit, creditLimitCurrency, termsDays, creditImpaired }: DebtorData): string {
  const parts = [
    segment === '' ? null : `segment ${segment}`,
    creditLimit === null || creditLimitCurrency === null ? null : `limit ${amountText(creditLimit, creditLimitCurrency)}`,
    termsDays === null ? null : `terms ${String(termsDays)} days`,
    creditImpaired === true ? 'credit-impaired' : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? `Debtor ${verb}` : `Debtor ${verb}: ${parts.join(', ')}`;
}

export const BOOK_SUMMARIES: Readonly<Record<string, Summary>> = {
  DebtorRegistered: (event) => debtorText('registered', event.data as unknown as DebtorData),
  DebtorAmended: (event) => debtorText('amended', event.data as unknown as DebtorData),
  ReceivableRecognised: (event) => {
    const { receivableId, amount, currency, dueOn } = bookData('ReceivableRecognised', event);
    return `Receivable ${receivableId} of ${amountText(amount, currency)}, ${dueOn === null ? 'due on demand' : `due ${dueOn}`}`;
  },
  ReceivableMovementRecorded: (event) => {
    const { type, amount, currency, receivableId, movementId } = bookData('ReceivableMovementRecorded', event);
    return `${words(type)} of ${amountText(amount, currency)} on ${receivableId} (${movementId})`;
  },
  DebtorCreditRecorded: (event) => {
    const { type, amount, currency, movementId } = bookData('DebtorCreditRecorded', event);
    return `${words(type)} of ${amountText(amount, currency)} on account (${movementId})`;
  },
  ReceivableReclassified: (event) => {
    const { receivableId, from, to } = bookData('ReceivableReclassified', event);
    return `Receivable ${receivableId} reclassified from ${from.kind} of ${from.entityId} to ${to.kind} of ${to.entityId}`;
  },
  UnclassifiedSettlementClassified: (event) => {
    const { movementId, receivableId, type } = bookData('UnclassifiedSettlementClassified', event);
    return `Settlement ${movementId} of ${receivableId} turned out to be a ${type.replaceAll('_', ' ')}`;
  },
  EnforcementEnded: (event) => `Enforcement of ${bookData('EnforcementEnded', event).receivableId} ended`,
};
