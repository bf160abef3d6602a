import type { LocalDate, ReceivableKind } from '@app/credit-domain';
import { largestRemainder } from '@app/credit-domain';
import type { PublishedYear } from '../published';
import { PUBLISHED, thousands } from '../published';
import type { Debtor } from './debtors';
import { createDebtor } from './debtors';
import type { Item } from './items';
import { dateWithin } from './items';
import type { Ledger } from './movements';
import { exactRate } from './policy-rows';
import type { Random } from './random';
import type { Basis, Row } from './rows';

/**
 * Everything of note 11 that is no trade receivable: notes, other receivables by class, contract assets, prepayments and input VAT. All in RMB.
 * The note prints both stocks of each line; which part of the opening one is still there at the end of 2024 is assumed.
 */
interface Line {
  readonly kind: ReceivableKind;
  readonly className: string;
  readonly pool: PoolName;
  /** RMB'000 at both year ends, and what of the first is part of the second. */
  readonly opening: number;
  readonly surviving: number;
  readonly closing: number;
  readonly openingWindow: Window;
  readonly newWindow: Window;
  /** Due dates of the receivables; null = repayable on demand, or not billed yet. */
  readonly openingDue: Window | null;
  readonly newDue: Window | null;
  readonly count: number;
  readonly basis: Basis;
  /** Why it goes without money; undefined = it is paid. */
  readonly usedUp?: string;
}

type Window = readonly [string, string];
type PoolName = keyof typeof POOLS;

interface OtherKinds {
  readonly debtors: readonly Row[];
  readonly opening: readonly Item[];
  readonly added: readonly Item[];
  /** Opening receivables that go during 2024, with the reason of those that are not paid. */
  readonly leaving: readonly { readonly item: Item; readonly usedUp: string | undefined }[];
}

/** Parties of their own: whoever owes trade receivables and leaves the matrix must not take a deposit or a note along. */
const POOLS = {
  banks: { count: 4, segment: 'bank', related: false },
  drawers: { count: 3, segment: 'note-drawer', related: false },
  landlords: { count: 12, segment: 'landlord', related: false },
  relatedBorrowers: { count: 3, segment: 'related-borrower', related: true },
  paidFor: { count: 14, segment: 'paid-on-behalf', related: false },
  others: { count: 15, segment: 'sundry', related: false },
  contracts: { count: 12, segment: 'contract-customer', related: false },
  suppliers: { count: 30, segment: 'supplier', related: false },
  taxOffices: { count: 3, segment: 'tax-office', related: false },
} as const;

const SECOND_HALF_2023: Window = ['2023-07-03', '2023-12-29'];
const SECOND_HALF_2024: Window = ['2024-07-01', '2024-12-30'];
const YEAR_2022: Window = ['2022-02-01', '2022-11-30'];
const YEAR_2023: Window = ['2023-01-03', '2023-12-29'];
const YEAR_2024: Window = ['2024-01-02', '2024-12-30'];
/** Not past due at the year end. */
const DUE_IN_2024: Window = ['2024-01-05', '2024-06-28'];
const DUE_IN_2025: Window = ['2025-01-06', '2025-06-27'];
/** 31 to 89 days past due at the year end: stage 2. */
const LATE_IN_2023: Window = ['2023-10-09', '2023-11-24'];
const LATE_IN_2024: Window = ['2024-10-09', '2024-11-25'];
/** More than 90 days past due at both year ends: stage 3. */
const DEFAULTED: Window = ['2022-03-31', '2023-06-30'];

/** Payments on behalf of customers that are more than 90 days past due at both year ends, and others 31 to 89 days past due. Assumed. */
const IMPAIRED_PAYMENTS = 403_000;
const LATE_OTHERS_2023 = 4_000;
const LATE_OTHERS_2024 = 6_000;

function linesOf(opening: PublishedYear, closing: PublishedYear): readonly Line[] {
  const notesOf = ({ notes }: PublishedYear): readonly number[] => notes.ageing.map(({ gross }) => gross);
  const [bankOpening = 0, commercialOpening = 0, oldOpening = 0] = notesOf(opening);
  const [bankClosing = 0, commercialClosing = 0, oldClosing = 0] = notesOf(closing);
  const { other: before, contractAssets: contractsBefore } = opening;
  const { other: after, contractAssets: contractsAfter } = closing;
  const recent = { openingWindow: SECOND_HALF_2023, newWindow: SECOND_HALF_2024, openingDue: DUE_IN_2024, newDue: DUE_IN_2025 };
  const open = { openingDue: null, newDue: null };
  const ofYear = { openingWindow: YEAR_2023, newWindow: YEAR_2024 };
  const published = 'published';
  const assumed = 'assumed';
  return [
    {
      kind: 'note_bank',
      className: '',
      pool: 'banks',
      opening: bankOpening,
      surviving: 0,
      closing: bankClosing,
      ...recent,
      count: 12,
      basis: published,
    },
    {
      kind: 'note_commercial',
      className: '',
      pool: 'drawers',
      opening: commercialOpening,
      surviving: 0,
      closing: commercialClosing,
      ...recent,
      count: 2,
      basis: published,
    },
    {
      ...{ kind: 'note_commercial', className: '', pool: 'drawers', opening: oldOpening, surviving: oldOpening, closing: oldClosing },
      ...{
        openingWindow: YEAR_2022,
        newWindow: YEAR_2022,
        openingDue: ['2022-08-01', '2023-05-31'],
        newDue: null,
        count: 3,
        basis: published,
      },
    },
    {
      kind: 'other',
      className: 'refundable-deposits',
      pool: 'landlords',
      opening: before.refundableDeposits,
      surviving: 40_000,
      closing: after.refundableDeposits,
      ...ofYear,
      ...open,
      count: 20,
      basis: published,
    },
    {
      kind: 'other',
      className: 'loans-to-related-parties',
      pool: 'relatedBorrowers',
      opening: before.loansToRelatedParties,
      surviving: before.loansToRelatedParties,
      closing: after.loansToRelatedParties,
      ...ofYear,
      ...open,
      count: 4,
      basis: published,
    },
    {
      ...{
        kind: 'other',
        className: 'payments-on-behalf-of-customers',
        pool: 'paidFor',
        opening: IMPAIRED_PAYMENTS,
        surviving: IMPAIRED_PAYMENTS,
        closing: IMPAIRED_PAYMENTS,
      },
      ...{
        openingWindow: ['2021-02-01', '2022-02-28'],
        newWindow: YEAR_2024,
        openingDue: DEFAULTED,
        newDue: null,
        count: 24,
        basis: assumed,
      },
    },
    {
      kind: 'other',
      className: 'payments-on-behalf-of-customers',
      pool: 'paidFor',
      opening: before.paymentsOnBehalfOfCustomers - IMPAIRED_PAYMENTS,
      surviving: 0,
      closing: after.paymentsOnBehalfOfCustomers - IMPAIRED_PAYMENTS,
      ...recent,
      count: 12,
      basis: assumed,
    },
    {
      kind: 'other',
      className: 'others',
      pool: 'others',
      opening: LATE_OTHERS_2023,
      surviving: 0,
      closing: LATE_OTHERS_2024,
      ...recent,
      openingDue: LATE_IN_2023,
      newDue: LATE_IN_2024,
      openingWindow: ['2023-04-03', '2023-09-29'],
      newWindow: ['2024-04-01', '2024-09-30'],
      count: 3,
      basis: assumed,
    },
    {
      kind: 'other',
      className: 'others',
      pool: 'others',
      opening: before.others - LATE_OTHERS_2023,
      surviving: 0,
      closing: after.others - LATE_OTHERS_2024,
      ...recent,
      count: 30,
      basis: assumed,
    },
    {
      kind: 'contract_asset',
      className: 'current',
      pool: 'contracts',
      opening: contractsBefore.current.gross,
      surviving: 0,
      closing: contractsAfter.current.gross,
      ...ofYear,
      ...open,
      count: 10,
      basis: published,
    },
    {
      kind: 'contract_asset',
      className: 'non-current',
      pool: 'contracts',
      opening: contractsBefore.nonCurrent.gross,
      surviving: contractsBefore.nonCurrent.gross,
      closing: contractsAfter.nonCurrent.gross,
      ...ofYear,
      ...open,
      count: 10,
      basis: published,
    },
    {
      kind: 'non_financial',
      className: 'prepayments',
      pool: 'suppliers',
      opening: opening.prepayments,
      surviving: 0,
      closing: closing.prepayments,
      ...ofYear,
      ...open,
      count: 60,
      basis: published,
      usedUp: 'goods and services received',
    },
    {
      kind: 'non_financial',
      className: 'input-vat',
      pool: 'taxOffices',
      opening: opening.inputVat,
      surviving: 0,
      closing: closing.inputVat,
      ...ofYear,
      ...open,
      count: 24,
      basis: published,
      usedUp: 'set off against output VAT',
    },
  ];
}

/** Receivables of every kind but trade for both years, each line summing to its printed gross at both year ends. */
export function generateOtherKinds(random: Random): OtherKinds {
  const pools = createPools(random);
  const maker = new LineMaker(random, pools);
  const opening: Item[] = [];
  const added: Item[] = [];
  const leaving: OtherKinds['leaving'][number][] = [];
  for (const line of linesOf(PUBLISHED.fy2023, PUBLISHED.fy2024)) {
    const gone = maker.items('P', line, line.opening - line.surviving, line.openingWindow, line.openingDue);
    const staying = maker.items('P', line, line.surviving, line.openingWindow, line.openingDue);
    opening.push(...gone, ...staying);
    leaving.push(...gone.map((item) => ({ item, usedUp: line.usedUp })));
    added.push(...maker.items('Q', line, line.closing - line.surviving, line.newWindow, line.newDue));
  }
  return { debtors: Object.values(pools).flatMap((pool) => pool.map(({ row }) => row)), opening, added, leaving };
}

export function recordOtherKinds(ledger: Ledger, { leaving }: OtherKinds): void {
  for (const { item, usedUp } of leaving) {
    if (usedUp === undefined) ledger.collect(item, item.minor);
    else ledger.useUp(item, usedUp);
  }
}

function createPools(random: Random): Readonly<Record<PoolName, readonly Debtor[]>> {
  let last = 5000;
  const make = ({ count, segment, related }: (typeof POOLS)[PoolName]): Debtor[] =>
    Array.from({ length: count }, () => {
      const debtor = createDebtor(random, ++last, { related, segment });
      return { ...debtor, row: { ...debtor.row, terms_days: '', credit_limit: '', credit_limit_currency: '' } };
    });
  const names = Object.keys(POOLS) as PoolName[];
  return Object.fromEntries(names.map((name) => [name, make(POOLS[name])])) as Record<PoolName, Debtor[]>;
}

class LineMaker {
  private made = 0;

  constructor(
    private readonly random: Random,
    private readonly pools: Readonly<Record<PoolName, readonly Debtor[]>>,
  ) {}

  /** Splits a total of RMB'000 over the line's receivables, dated within the window. */
  items(prefix: string, line: Line, total: number, window: Window, due: Window | null): Item[] {
    if (total === 0) return [];
    return largestRemainder(thousands(total), this.random.weights(line.count)).map((minor) => {
      const id = `${prefix}${String(++this.made).padStart(5, '0')}`;
      const recognisedOn = dateWithin(this.random, ...window);
      const dueOn: LocalDate | null = due === null ? null : later(recognisedOn, dateWithin(this.random, ...due));
      const { kind, className, basis } = line;
      const debtor = this.random.pick(this.pools[line.pool]);
      return {
        ...{ id, debtor, currency: 'CNY', minor, value: minor, bucket: '', recognisedOn, dueOn, basis },
        kind,
        className,
        tax: null,
      };
    });
  }
}

const later = (left: LocalDate, right: LocalDate): LocalDate => (left > right ? left : right);

/** Probabilities and loss given default of each class of other receivables; the last loss given default is solved for below. */
const PARAMETERS: readonly {
  readonly className: string;
  readonly pd12Months: number;
  readonly pdLifetime: number;
  readonly lgd: number;
}[] = [
  { className: 'refundable-deposits', pd12Months: 1, pdLifetime: 3, lgd: 45 },
  { className: 'loans-to-related-parties', pd12Months: 1, pdLifetime: 3, lgd: 45 },
  { className: 'others', pd12Months: 2, pdLifetime: 8, lgd: 45 },
];
const PAYMENTS = { className: 'payments-on-behalf-of-customers', pd12Months: 2, pdLifetime: 8 };
const PERCENT = 100n;

/**
 * Stage parameters of the other receivables, in percent above, as fractions here. Assumed but for one: the loss given default of payments on
 * behalf of customers is what gives the printed allowance, stage 3 of it in full and stage 1 by its probability.
 */
export function stagingRows(year: PublishedYear): Row[] {
  const { other } = year;
  const lateOthers = year === PUBLISHED.fy2023 ? LATE_OTHERS_2023 : LATE_OTHERS_2024;
  const grossBy: Readonly<Record<string, readonly [young: number, late: number]>> = {
    'refundable-deposits': [other.refundableDeposits, 0],
    'loans-to-related-parties': [other.loansToRelatedParties, 0],
    others: [other.others - lateOthers, lateOthers],
  };
  // In fen times 10,000, because two percentages are multiplied.
  const assumedPart = PARAMETERS.reduce((sum, { className, pd12Months, pdLifetime, lgd }) => {
    const [young = 0, late = 0] = grossBy[className] ?? [];
    return sum + (thousands(young) * BigInt(pd12Months) + thousands(late) * BigInt(pdLifetime)) * BigInt(lgd);
  }, 0n);
  const performing = thousands(other.paymentsOnBehalfOfCustomers - IMPAIRED_PAYMENTS);
  const weighted = thousands(IMPAIRED_PAYMENTS) * PERCENT * PERCENT + performing * BigInt(PAYMENTS.pd12Months) * PERCENT;
  const solved = exactRate(thousands(other.allowance) * PERCENT * PERCENT - assumedPart, weighted);
  const row = (className: string, pd12Months: number, pdLifetime: number, lgd: string, basis: Basis): Row => ({
    kind: 'other',
    class: className,
    segment: '*',
    pd_12_months: percent(pd12Months),
    pd_lifetime: percent(pdLifetime),
    lgd,
    basis,
  });
  return [
    ...PARAMETERS.map(({ className, pd12Months, pdLifetime, lgd }) => row(className, pd12Months, pdLifetime, percent(lgd), 'assumed')),
    row(PAYMENTS.className, PAYMENTS.pd12Months, PAYMENTS.pdLifetime, solved, 'derived'),
  ];
}

const percent = (value: number): string => exactRate(BigInt(value), PERCENT).replace(/0+$/, '');

/** The tax in sales billed in 2024, shared over the receivables in RMB: exports are zero-rated. */
export function withTax(items: readonly Item[], tax: bigint): Item[] {
  const weights = items.map(({ currency, minor }) => (currency === 'CNY' ? minor : 0n));
  const shares = largestRemainder(tax, weights);
  return items.map((item, index) => ({ ...item, tax: shares[index] ?? 0n }));
}
