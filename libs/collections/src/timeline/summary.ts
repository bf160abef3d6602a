import type { StoredEvent } from '@app/event-store';
import { formatAmount } from '@app/credit-domain';

export type Summary = (event: StoredEvent) => string;

export function amountText(minor: string | bigint, currency: string): string {
  return `${formatAmount(BigInt(minor), currency)} ${currency}`;
}

export function listText(items: readonly string[] | null): string {
  if (items === null || items.length === 0) return 'the account';
  const [first = '', second = '', third = ''] = items;
  return items.length <= 3
    ? [first, second, third].filter((item) => item !== '').join(', ')
    : `${first}, ${second} and ${String(items.length - 2)} more`;
}

/** A text out of the data of an event whose schema belongs to another feature. */
export function textOf({ data }: StoredEvent, field: string): string | null {
  const value = data[field];
  return typeof value === 'string' ? value : null;
}
