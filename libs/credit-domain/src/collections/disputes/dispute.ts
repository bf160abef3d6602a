import type { Refused } from '../../refusals';
import { aboveBalance, currencyDiffers, notPositive, owedIn, type OwedItem } from '../owed-items';

export const DISPUTE_REASONS = [
  'quality',
  'quantity',
  'price',
  'delivery',
  'not-ordered',
  'duplicate',
  'paid-already',
  'terms',
  'document',
  'other',
] as const;
export type DisputeReason = (typeof DISPUTE_REASONS)[number];

export const DISPUTE_RESOLUTIONS = ['accepted', 'rejected', 'withdrawn'] as const;
export type DisputeResolution = (typeof DISPUTE_RESOLUTIONS)[number];

/** Contested money: what was stated, or all that is owed on the items. */
export interface DisputedAmount {
  readonly amount: bigint;
  readonly currency: string;
}

/** Whether items can be disputed: each still owes something, all in one currency, and no more than they owe. */
export function decideDispute(
  items: readonly OwedItem[],
  stated: DisputedAmount | null,
): { readonly ok: true; readonly disputed: DisputedAmount } | { readonly ok: false; readonly refused: Refused } {
  const refuse = (refused: Refused) => ({ ok: false as const, refused });
  const settled = items.find(({ outstanding }) => outstanding <= 0n);
  if (settled !== undefined) {
    const detail = `receivable ${settled.receivableId} is settled: there is nothing left to dispute`;
    return refuse({ code: 'dispute-on-settled', detail, field: 'receivableIds' });
  }
  const currency = stated?.currency ?? items[0]?.currency ?? '';
  if (items.some((item) => item.currency !== currency)) return refuse(currencyDiffers(items, currency));
  const disputed = stated ?? { amount: owedIn(currency, items), currency };
  if (disputed.amount <= 0n) return refuse(notPositive('amount'));
  const refused = aboveBalance('dispute-above-balance', disputed, items);
  return refused === null ? { ok: true, disputed } : refuse(refused);
}
