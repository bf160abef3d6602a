import type { LocalDate } from '@app/credit-domain';
import { TERMS_DAYS_MAX } from '../import-limits';
import type { RowReader } from './row-reader';
import { quote } from './row-reader';

/** A debtor as the file states it: the whole of it, a blank cell is a blank. */
export interface DebtorRow {
  readonly row: number;
  readonly debtorId: string;
  readonly segment: string;
  readonly relatedParty: boolean;
  readonly country: string | null;
  readonly termsDays: number | null;
  /** minor units of `creditLimitCurrency`. */
  readonly creditLimit: bigint | null;
  readonly creditLimitCurrency: string | null;
  /** evidence of default (IFRS 9 Appendix A); null where the file does not say: what is known holds on. */
  readonly creditImpaired: boolean | null;
  /** null when the file leaves it to the day of the import. */
  readonly effectiveOn: LocalDate | null;
  /** Kept encrypted: the name, and every column without a meaning of its own. */
  readonly personal: Readonly<Record<string, string>>;
}

const COUNTRY = /^[A-Z]{2}$/;

/** Reads a debtor; undefined when refused (see `read.refusal`). */
export function readDebtor(read: RowReader, row: number): DebtorRow | undefined {
  const debtorId = read.requiredIdentifier('debtor_id');
  const name = read.text('name');
  const segment = read.label('segment');
  const relatedParty = read.truth('related_party') ?? false;
  const country = read.label('country');
  if (country !== '' && !COUNTRY.test(country))
    read.refuse('country', 'country-format', `${quote(country)} is no country code of two capital letters.`);
  const termsDays = read.count('terms_days', TERMS_DAYS_MAX);
  const creditLimitCurrency = read.currency('credit_limit_currency');
  if (read.text('credit_limit') !== '' && creditLimitCurrency === '') {
    read.refuse('credit_limit_currency', 'value-missing', 'A credit limit needs its currency.');
  }
  const creditLimit = read.amount('credit_limit', creditLimitCurrency);
  if (creditLimit !== null && creditLimit < 0n) read.refuse('credit_limit', 'amount-negative', 'A credit limit is not negative.');
  const creditImpaired = read.truth('credit_impaired');
  const effectiveOn = read.date('effective_on');
  const attributes = read.attributes();
  if (read.refusal !== undefined) return undefined;
  return {
    row,
    debtorId,
    segment,
    relatedParty,
    country: country === '' ? null : country,
    termsDays,
    creditLimit,
    creditLimitCurrency: creditLimit === null ? null : creditLimitCurrency,
    creditImpaired,
    effectiveOn,
    personal: { name, ...attributes },
  };
}
