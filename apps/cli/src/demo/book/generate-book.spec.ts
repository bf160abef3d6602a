import type { AgeingScheme, FxRate, LocalDate, ReceivableBalance } from '@app/credit-domain';
import {
  Decimal,
  applyMovement,
  bucketOf,
  daysBetween,
  builtInScheme,
  decideMovement,
  findRate,
  isMovementType,
  localDate,
  openReceivable,
  parseAmount,
  roundHalfUp,
  translate,
} from '@app/credit-domain';
import type { PublishedYear } from '../published';
import { MINOR_PER_THOUSAND, PRESENTATION, PUBLISHED, thousands } from '../published';
import { BILLED_AND_COLLECTED_2024, COLLECTIONS_2024, FOREIGN_CURRENCIES, SALES_BILLED_2024 } from './assumed-flow';
import { generateBook } from './generate-book';
import type { Book, Row, YearName } from './rows';
import { COLUMNS, TABLES, YEAR_NAMES } from './rows';

const book = generateBook();
const field = (row: Row, name: string): string => {
  const value = row[name];
  if (value === undefined) throw new Error(`no column ${name}`);
  return value;
};
const minorOf = (row: Row, currency: string): bigint => {
  const parsed = parseAmount(field(row, 'amount'), currency);
  if (!parsed.ok) throw new Error(`${parsed.code}: ${field(row, 'amount')}`);
  return parsed.minor;
};
const minorOfTax = (row: Row): bigint => minorOf({ amount: field(row, 'tax_amount') }, 'CNY');
const rowsUpTo = (year: YearName, table: keyof Book['fy2023']): Row[] =>
  (year === 'fy2023' ? [book.fy2023] : [book.fy2023, book.fy2024]).flatMap((each) => [...each[table]]);
const scheme = (id: string): AgeingScheme => builtInScheme(id) ?? fail(id);
const fail = (message: string): never => {
  throw new Error(message);
};

interface OpenItem {
  readonly debtorId: string;
  readonly kind: string;
  readonly className: string;
  readonly dueOn: string;
  readonly currency: string;
  readonly recognisedOn: LocalDate;
  balance: ReceivableBalance;
}

/** Records every row of the years the way an import does and keeps what is effective at the year end. */
function replay(year: YearName): OpenItem[] {
  const items = new Map<string, OpenItem>();
  for (const row of rowsUpTo(year, 'receivables')) {
    const recognisedOn = localDate(field(row, 'recognised_on'));
    const currency = field(row, 'currency');
    const balance = openReceivable(recognisedOn, minorOf(row, currency));
    if (items.has(field(row, 'receivable_id'))) fail('a receivable twice');
    const identity = { debtorId: field(row, 'debtor_id'), kind: field(row, 'kind'), className: field(row, 'class') };
    items.set(field(row, 'receivable_id'), { ...identity, dueOn: field(row, 'due_on'), currency, recognisedOn, balance });
  }
  for (const row of rowsUpTo(year, 'movements')) {
    const item = items.get(field(row, 'receivable_id')) ?? fail('unknown receivable');
    const type = field(row, 'type');
    const movement = {
      type: isMovementType(type) ? type : fail(type),
      amount: minorOf(row, item.currency),
      effectiveOn: localDate(field(row, 'effective_on')),
      reason: field(row, 'reason'),
    };
    if (movement.effectiveOn > localDate(PUBLISHED[year].asOf)) fail('a movement of the next year');
    const decided = decideMovement(item.balance, movement);
    if (!decided.ok) return fail(decided.refused.detail);
    if (decided.effect.gross !== (type === 'adjustment' ? 1n : -1n) * movement.amount || movement.amount === 0n)
      fail('a movement that does not settle exactly what it says');
    item.balance = applyMovement(item.balance, { ...movement, ...decided.effect });
  }
  return [...items.values()];
}

const fxRates = (year: YearName): FxRate[] =>
  rowsUpTo(year, 'fx-rates').map((row) => ({
    base: field(row, 'base'),
    quote: field(row, 'quote'),
    rate: field(row, 'rate'),
    effectiveOn: field(row, 'effective_on'),
  }));
function inCny(year: YearName, minor: bigint, currency: string): bigint {
  const found = findRate(fxRates(year), currency, 'CNY', localDate(PUBLISHED[year].asOf));
  return found.ok ? translate(minor, found.rate) : fail(found.refused.detail);
}
const assessedRates = (year: YearName): Map<string, string> =>
  new Map(rowsUpTo(year, 'assessments').map((row) => [field(row, 'debtor_id'), field(row, 'loss_rate')]));
const ratesOf = (year: YearName, kind: string): Map<string, string> =>
  new Map(book[year]['loss-rates'].filter((row) => row['kind'] === kind).map((row) => [field(row, 'bucket'), field(row, 'rate')]));
const lossOf = (gross: bigint, rate: string): bigint => roundHalfUp(new Decimal(gross.toString()).times(rate));
const sum = (values: readonly bigint[]): bigint => values.reduce((left, right) => left + right, 0n);
const inThousands = (minor: bigint): number => Number((minor + MINOR_PER_THOUSAND / 2n) / MINOR_PER_THOUSAND);

describe.each(YEAR_NAMES)('the generated book at %s', (year: YearName) => {
  const published: PublishedYear = PUBLISHED[year];
  const asOf = localDate(published.asOf);
  const everything = replay(year).map((item) => ({ ...item, value: inCny(year, item.balance.outstanding, item.currency) }));
  const items = everything.filter(({ kind }) => kind === 'trade');
  const assessed = assessedRates(year);
  const labelOf = (id: string, item: OpenItem): string =>
    scheme(id).buckets[bucketOf(scheme(id), asOf, item.recognisedOn)]?.label ?? fail('no bucket');
  const collective = items.filter(({ debtorId }) => !assessed.has(debtorId));

  it('sums to the printed gross of every bucket to the fen, so that the demo’s tables are the note’s', () => {
    const byBucket = published.buckets.map(({ label }) => ({
      label,
      gross: sum(collective.filter((item) => labelOf('months-6-12-24-36-48', item) === label).map(({ value }) => value)),
    }));
    expect(byBucket).toEqual(published.buckets.map(({ label, gross }) => ({ label, gross: thousands(gross) })));
    expect(sum(items.filter(({ debtorId }) => assessed.has(debtorId)).map(({ value }) => value))).toBe(
      thousands(published.individual.gross),
    );
  });

  it('sums to the printed ageing table by recognition date, individually impaired included', () => {
    const byAge = published.ageingAll.map(({ label }) => ({
      label,
      gross: sum(items.filter((item) => labelOf('months-6-12-24-36', item) === label).map(({ value }) => value)),
    }));
    expect(byAge).toEqual(published.ageingAll.map(({ label, gross }) => ({ label, gross: thousands(gross) })));
  });

  it('gives the printed allowances from its rates, rounded per line in the line’s own currency', () => {
    const rates = ratesOf(year, 'trade');
    const segments = new Map(rowsUpTo(year, 'debtors').map((row) => [field(row, 'debtor_id'), field(row, 'segment')]));
    const lines = new Map<string, { label: string; currency: string; gross: bigint }>();
    for (const item of collective) {
      const label = labelOf('months-6-12-24-36-48', item);
      const key = [label, segments.get(item.debtorId), item.currency].join('|');
      lines.set(key, { label, currency: item.currency, gross: (lines.get(key)?.gross ?? 0n) + item.balance.outstanding });
    }
    const allowance = (label: string): bigint =>
      sum(
        [...lines.values()]
          .filter((line) => line.label === label)
          .map(({ currency, gross }) =>
            inCny(year, roundHalfUp(new Decimal(gross.toString()).times(rates.get(label) ?? fail(label))), currency),
          ),
      );
    expect(published.buckets.map(({ label }) => inThousands(allowance(label)))).toEqual(
      published.buckets.map((bucket) => bucket.allowance),
    );
    const byDebtor = new Map<string, bigint>();
    for (const item of items) byDebtor.set(item.debtorId, (byDebtor.get(item.debtorId) ?? 0n) + item.value);
    const individual = sum(
      [...assessed].map(([debtorId, rate]) => roundHalfUp(new Decimal((byDebtor.get(debtorId) ?? 0n).toString()).times(rate))),
    );
    expect(inThousands(individual)).toBe(published.individual.allowance);
    expect(inThousands(individual + sum(published.buckets.map(({ label }) => allowance(label))))).toBe(published.allowanceTotal);
  });

  it('carries the printed related parties and foreign currencies, the joined debtor only from its own date', () => {
    const related = new Map<string, boolean>();
    for (const row of rowsUpTo('fy2024', 'debtors'))
      if (field(row, 'effective_on') <= asOf) related.set(field(row, 'debtor_id'), field(row, 'related_party') === 'true');
    expect(sum(items.filter(({ debtorId }) => related.get(debtorId) === true).map(({ value }) => value))).toBe(
      thousands(published.relatedParties),
    );
  });

  it('carries the printed gross in every currency, prepayments and input VAT included and contract assets not', () => {
    const named = [{ published: PRESENTATION.published, currency: PRESENTATION.currency }, ...FOREIGN_CURRENCIES];
    const ofNote = everything.filter(({ kind }) => kind !== 'contract_asset');
    const byCurrency = named.map(({ published: currency, currency: code }) => ({
      currency,
      gross: inThousands(sum(ofNote.filter((item) => item.currency === code).map(({ value }) => value))),
    }));
    expect(byCurrency).toEqual(published.currencies);
    expect(sum(ofNote.map(({ value }) => value))).toBe(thousands(published.currenciesTotal));
  });

  it('carries the printed gross of every line that is not trade, to the fen', () => {
    const { other, contractAssets } = published;
    const gross = (kind: string, className = ''): bigint =>
      sum(everything.filter((item) => item.kind === kind && item.className === className).map(({ value }) => value));
    expect({
      bank: gross('note_bank'),
      commercial: gross('note_commercial'),
      deposits: gross('other', 'refundable-deposits'),
      loans: gross('other', 'loans-to-related-parties'),
      payments: gross('other', 'payments-on-behalf-of-customers'),
      others: gross('other', 'others'),
      current: gross('contract_asset', 'current'),
      nonCurrent: gross('contract_asset', 'non-current'),
      prepayments: gross('non_financial', 'prepayments'),
      vat: gross('non_financial', 'input-vat'),
    }).toEqual({
      bank: thousands(published.notes.ageing[0]?.gross ?? 0),
      commercial: thousands((published.notes.ageing[1]?.gross ?? 0) + (published.notes.ageing[2]?.gross ?? 0)),
      deposits: thousands(other.refundableDeposits),
      loans: thousands(other.loansToRelatedParties),
      payments: thousands(other.paymentsOnBehalfOfCustomers),
      others: thousands(other.others),
      current: thousands(contractAssets.current.gross),
      nonCurrent: thousands(contractAssets.nonCurrent.gross),
      prepayments: thousands(published.prepayments),
      vat: thousands(published.inputVat),
    });
    const commercial = everything.filter(({ kind }) => kind === 'note_commercial');
    const young = commercial.filter((item) => labelOf('months-6-12-24-36', item) === 'Up to 6 months');
    expect(sum(young.map(({ value }) => value))).toBe(thousands(published.notes.ageing[1]?.gross ?? 0));
  });

  it('gives the printed allowances of notes, contract assets and, by its stages, of other receivables', () => {
    const byMatrix = (kind: string): bigint => {
      const rates = ratesOf(year, kind);
      const ofKind = everything.filter((item) => item.kind === kind);
      return sum(ofKind.map((item) => lossOf(item.value, rates.get(labelOf('months-6-12-24-36-48', item)) ?? fail('no rate'))));
    };
    expect(inThousands(byMatrix('note_bank') + byMatrix('note_commercial'))).toBe(published.notes.allowance);
    const { current, nonCurrent } = published.contractAssets;
    expect(inThousands(byMatrix('contract_asset'))).toBe(current.allowance + nonCurrent.allowance);
    const parameters = new Map(book[year].staging.map((row) => [field(row, 'class'), row]));
    const staged = everything
      .filter(({ kind }) => kind === 'other')
      .map((item) => {
        const row = parameters.get(item.className) ?? fail(item.className);
        const pastDue = item.dueOn === '' ? 0 : daysBetween(localDate(item.dueOn), asOf);
        const probability = pastDue >= 90 ? '1' : field(row, pastDue > 30 ? 'pd_lifetime' : 'pd_12_months');
        return { pastDue, loss: lossOf(item.value, new Decimal(field(row, 'lgd')).times(probability).toFixed()) };
      });
    expect(inThousands(sum(staged.map(({ loss }) => loss)))).toBe(published.other.allowance);
    expect(new Set(staged.map(({ pastDue }) => (pastDue >= 90 ? 3 : pastDue > 30 ? 2 : 1)))).toEqual(new Set([1, 2, 3]));
  });
});

describe('the generated book', () => {
  it('is the same every time, so that two people see one demo', () => {
    expect(generateBook()).toEqual(book);
    expect(generateBook(7)).not.toEqual(book);
  });

  it('is several hundred debtors and thousands of receivables, each in use', () => {
    const debtors = new Set(rowsUpTo('fy2024', 'debtors').map((row) => field(row, 'debtor_id')));
    const owing = new Set(rowsUpTo('fy2024', 'receivables').map((row) => field(row, 'debtor_id')));
    expect([...owing].filter((id) => !debtors.has(id))).toEqual([]);
    expect([...debtors].filter((id) => !owing.has(id)).length).toBeLessThan(20);
    expect(debtors.size).toBeGreaterThan(400);
    expect(rowsUpTo('fy2024', 'receivables').length).toBeGreaterThan(4000);
    expect(rowsUpTo('fy2024', 'receivables').every((row) => minorOf(row, field(row, 'currency')) > 0n)).toBe(true);
  });

  it('has one column order per table, every value filled in or blank, and a basis on every row', () => {
    for (const year of YEAR_NAMES) {
      for (const table of TABLES) {
        for (const row of book[year][table]) {
          expect(Object.keys(row).sort()).toEqual([...COLUMNS[table]].sort());
          expect(['published', 'derived', 'assumed']).toContain(row['basis']);
        }
      }
    }
  });

  it('collects in 2024 what the assumed flow says, so that collections and days outstanding come out', () => {
    const currencies = new Map(rowsUpTo('fy2024', 'receivables').map((row) => [field(row, 'receivable_id'), field(row, 'currency')]));
    const paid = (prefix: string): bigint =>
      sum(
        book.fy2024.movements
          .filter((row) => row['type'] === 'payment' && field(row, 'receivable_id').startsWith(prefix))
          .map((row) => {
            const currency = currencies.get(field(row, 'receivable_id')) ?? fail('unknown');
            return inCny('fy2023', minorOf(row, currency), currency);
          }),
      );
    const billed = book.fy2024.receivables.filter((row) => row['kind'] === 'trade');
    const tax = billed.filter((row) => field(row, 'tax_amount') !== '' && row['currency'] === 'CNY').map((row) => minorOfTax(row));
    const sales = sum(billed.map((row) => inCny('fy2024', minorOf(row, field(row, 'currency')), field(row, 'currency'))));
    expect(inThousands(sales)).toBe(SALES_BILLED_2024);
    expect(sales - sum(tax)).toBe(thousands(PUBLISHED.fy2024.revenue));
    expect(inThousands(paid('N'))).toBe(BILLED_AND_COLLECTED_2024);
    expect(inThousands(paid('N') + paid('R'))).toBe(COLLECTIONS_2024);
    const writtenOff = sum(book.fy2024.movements.filter((row) => row['type'] === 'write_off').map((row) => minorOf(row, 'CNY')));
    expect(writtenOff).toBe(thousands(388_656));
  });

  it('dates every assessment of 2024 in 2024, so that FY2023 asked again still gives FY2023', () => {
    expect(
      book.fy2024.assessments.every(
        (row) => field(row, 'effective_on') > PUBLISHED.fy2023.asOf && field(row, 'effective_on') <= PUBLISHED.fy2024.asOf,
      ),
    ).toBe(true);
    expect(book.fy2024.movements.every((row) => field(row, 'effective_on') > PUBLISHED.fy2023.asOf)).toBe(true);
    expect(book.fy2024.receivables.every((row) => field(row, 'recognised_on') > PUBLISHED.fy2023.asOf)).toBe(true);
  });
});
