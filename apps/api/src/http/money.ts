import { formatAmount, isCurrency, parseAmount } from '@app/credit-domain';
import { z } from 'zod';

/** Money on the wire: a decimal string with every decimal of the currency, never a JSON number. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** Minor units as money: `money(123450n, 'CNY')` is `{ amount: '1234.50', currency: 'CNY' }`. */
export function money(minor: bigint, currency: string): Money {
  return { amount: formatAmount(minor, currency), currency };
}

/** Shape of money in answers. */
export const moneySchema = z
  .object({ amount: z.string().meta({ example: '1234.50' }), currency: z.string().meta({ example: 'CNY' }) })
  .meta({ id: 'Money' });

/** Money in a command body, read into minor units: `{ minor: 123450n, currency: 'CNY' }`. Decimals beyond the currency's own are refused. */
export const moneyInput = z
  .strictObject({
    amount: z.string().meta({ example: '1234.50' }),
    currency: z.string().refine(isCurrency, 'Expected an ISO 4217 currency code in capitals'),
  })
  .transform(({ amount, currency }, issues): { minor: bigint; currency: string } => {
    const parsed = parseAmount(amount, currency);
    if (parsed.ok) return { minor: parsed.minor, currency };
    issues.addIssue({ code: 'custom', message: `Expected a plain decimal amount of ${currency} (${parsed.code})`, path: ['amount'] });
    return z.NEVER;
  });
