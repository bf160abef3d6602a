import type { RefusalCode, Refused } from '../refusals';
import { formatAmount } from '../values';

/** What is owed on a receivable by everything recorded, facts with later dates included. */
export interface OwedItem {
  readonly receivableId: string;
  readonly currency: string;
  readonly outstanding: bigint;
}

export function notPositive(field: string): Refused {
  return { code: 'amount-not-positive', detail: 'an amount above zero is expected', field };
}

export function currencyDiffers(items: readonly OwedItem[], currency: string): Refused {
  const other = items.find((item) => item.currency !== currency);
  return {
    code: 'currency-mismatch',
    detail: `receivable ${other?.receivableId ?? ''} is in ${other?.currency ?? ''}, not in ${currency}`,
    field: 'amount.currency',
  };
}

/** What items of a currency come to, against an amount that may not exceed it. */
export function aboveBalance(
  code: RefusalCode,
  { amount, currency }: { readonly amount: bigint; readonly currency: string },
  items: readonly OwedItem[],
): Refused | null {
  const owed = owedIn(currency, items);
  if (amount <= owed) return null;
  const detail = `${formatAmount(amount, currency)} ${currency} is more than the ${formatAmount(owed, currency)} ${currency} that is owed`;
  return { code, detail, field: 'amount' };
}

export function owedIn(currency: string, items: readonly OwedItem[]): bigint {
  return items.reduce((sum, item) => (item.currency === currency ? sum + item.outstanding : sum), 0n);
}
