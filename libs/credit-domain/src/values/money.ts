import { currencyExponent } from './currency';
import { PLAIN_DECIMAL, plainDecimal } from './plain-decimal';

/** The largest single amount, in minor units: hundreds of them still sum within a PostgreSQL bigint. */
export const AMOUNT_MINOR_MAX = 10n ** 16n;
const AMOUNT_TEXT_LENGTH_MAX = 40;

export type AmountRefusal = 'amount-decimals' | 'amount-format' | 'amount-too-large';
export type ParsedAmount = { readonly ok: true; readonly minor: bigint } | { readonly ok: false; readonly code: AmountRefusal };

const refuse = (code: AmountRefusal): ParsedAmount => ({ ok: false, code });

/**
 * Reads a plain decimal (`-1234.50`) into minor units of the currency. Thousands separators, decimal commas, spaces, exponents and a leading
 * plus are refused, not guessed at: `1,234` is a thousand to one exporter and one and a bit to another. Decimals beyond the minor unit are
 * refused even when they are zeros.
 */
export function parseAmount(text: string, currency: string): ParsedAmount {
  const parts = text.length <= AMOUNT_TEXT_LENGTH_MAX ? PLAIN_DECIMAL.exec(text) : null;
  if (parts === null) return refuse('amount-format');
  const [, sign, whole = '', decimals = ''] = parts;
  const exponent = currencyExponent(currency);
  if (decimals.length > exponent) return refuse('amount-decimals');
  const magnitude = BigInt(whole + decimals.padEnd(exponent, '0'));
  if (magnitude > AMOUNT_MINOR_MAX) return refuse('amount-too-large');
  return { ok: true, minor: sign === '-' ? -magnitude : magnitude };
}

/** Minor units as a plain decimal string with every decimal of the currency (`123450n` CNY is `1234.50`). */
export function formatAmount(minor: bigint, currency: string): string {
  return plainDecimal(minor, currencyExponent(currency));
}
