import { formatAmount } from '@app/credit-domain';
import { FOREIGN_CURRENCIES } from './assumed-flow';
import type { Random } from './random';
import type { Row } from './rows';

export interface Debtor {
  readonly id: string;
  readonly termsDays: number;
  readonly row: Row;
}

/** Debtors by the part they play. A debtor that is individually assessed owes nothing outside its pool: whole debtors leave the matrix. */
export interface Debtors {
  readonly collective: readonly Debtor[];
  readonly foreign: Readonly<Record<string, readonly Debtor[]>>;
  readonly related: readonly Debtor[];
  /** Related from the middle of 2024 only: its balance at FY2023 is a third party's. */
  readonly joined: Debtor;
  /** Individually assessed at FY2023, by bucket. */
  readonly individual: Readonly<Record<string, readonly Debtor[]>>;
  /** Collective at FY2023, individually assessed during 2024, by bucket at FY2023. */
  readonly toIndividual: Readonly<Record<string, readonly Debtor[]>>;
  readonly collective2024: readonly Debtor[];
  readonly related2024: readonly Debtor[];
  /** New in 2024 and individually assessed, by bucket at FY2024. */
  readonly individual2024: Readonly<Record<string, readonly Debtor[]>>;
}

const KNOWN_SINCE_2023 = '2016-01-01';
const KNOWN_SINCE_2024 = '2024-01-01';
const SEGMENTS = ['enterprise', 'public-sector', 'consumer', 'automotive'] as const;
/** One segment for all that is owed in other currencies: each of its buckets up to a year has exposure at both year ends. */
const OVERSEAS = 'overseas';
const TERMS_DAYS = [90, 120, 180, 270] as const;
const FIRST_WORDS = [
  'Amber',
  'Birch',
  'Cedar',
  'Delta',
  'Ember',
  'Falcon',
  'Granite',
  'Harbour',
  'Indigo',
  'Jade',
  'Kestrel',
  'Lotus',
  'Maple',
  'North',
  'Opal',
  'Pine',
];
const SECOND_WORDS = [
  'Analytics',
  'Bureau',
  'Devices',
  'Estates',
  'Freight',
  'Holdings',
  'Imaging',
  'Logistics',
  'Mobility',
  'Networks',
  'Retail',
  'Systems',
  'Transit',
];

interface DebtorOptions {
  readonly country?: string;
  readonly related?: boolean;
  readonly since?: string;
  readonly segment?: string;
}

export function createDebtors(random: Random): Debtors {
  let last = 0;
  const make = (count: number, options: DebtorOptions = {}): Debtor[] =>
    Array.from({ length: count }, () => createDebtor(random, ++last, options));
  const since = KNOWN_SINCE_2024;
  return {
    collective: make(300),
    foreign: Object.fromEntries(FOREIGN_CURRENCIES.map(({ currency, country }) => [currency, make(10, { country, segment: OVERSEAS })])),
    related: make(3, { related: true }),
    joined: make(1)[0] ?? raiseMissing(),
    individual: {
      'Up to 6 months': make(1),
      '6 months to 1 year': make(1),
      '1 to 2 years': make(10),
      '2 to 3 years': make(16),
      '3 to 4 years': make(10),
      'Over 4 years': make(8),
    },
    toIndividual: { 'Up to 6 months': make(1), '1 to 2 years': make(7), '2 to 3 years': make(14) },
    collective2024: make(50, { since }),
    related2024: make(2, { related: true, since }),
    individual2024: { 'Up to 6 months': make(3, { since }), '6 months to 1 year': make(1, { since }) },
  };
}

function raiseMissing(): never {
  throw new RangeError('no debtor was made');
}

export function createDebtor(random: Random, number: number, options: DebtorOptions): Debtor {
  const id = `D${String(number).padStart(4, '0')}`;
  const termsDays = random.pick(TERMS_DAYS);
  const hasLimit = random.below(3) === 0;
  const row: Row = {
    debtor_id: id,
    name: `${random.pick(FIRST_WORDS)} ${random.pick(SECOND_WORDS)} ${String(number)}`,
    segment: options.segment ?? random.pick(SEGMENTS),
    related_party: options.related === true ? 'true' : 'false',
    country: options.country ?? 'CN',
    terms_days: String(termsDays),
    credit_limit: hasLimit ? formatAmount(BigInt(random.between(1, 80)) * 100_000_000n, 'CNY') : '',
    credit_limit_currency: hasLimit ? 'CNY' : '',
    effective_on: options.since ?? KNOWN_SINCE_2023,
    basis: 'assumed',
  };
  return { id, termsDays, row };
}

/** The same debtor from another date on. */
export function amended(debtor: Debtor, change: Row): Row {
  return { ...debtor.row, ...change };
}
