import type { AgeingScheme, FxRate, LocalDate, ReceivableBalance } from '@app/credit-domain';
import {
  Decimal,
  applyMovement,
  bucketOf,
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
import { MINOR_PER_THOUSAND, PUBLISHED, thousands } from '../published';
import { BILLED_AND_COLLECTED_2024, COLLECTIONS_2024, FOREIGN_CURRENCIES } from './assumed-flow';
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
const rowsUpTo = (year: YearName, table: keyof Book['fy2023']): Row[] =>
  (year === 'fy2023' ? [book.fy2023] : [book.fy2023, book.fy2024]).flatMap((each) => [...each[table]]);
const scheme = (id: string): AgeingScheme => builtInScheme(id) ?? fail(id);
const fail = (message: string): never => {
  throw new Error(message);
};

interface OpenItem {
  readonly debtorId: string;
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
    items.set(field(row, 'receivable_id'), { debtorId: field(row, 'debtor_id'), currency, recognisedOn, balance });
  }
  for (const row of rowsUpTo(year, 'movements')) {
    const item = items.get(field(row, 'receivable_id')) ?? fail('unknown receivable');
    const type = field(row, 'type');
    const movement = {
      type: isMovementType(type) ? type : fail(type),
      amount: minorOf(row, item.currency),
      effectiveOn: localDate(field(row, 'effective_on')),
    };
    if (movement.effectiveOn > localDate(PUBLISHED[year].asOf)) fail('a movement of the next year');
    const decided = decideMovement(item.balance, movement);
    if (!decided.ok) return fail(decided.refused.detail);
    if (decided.effect.gross !== -movement.amount || movement.amount === 0n) fail('a movement that does not settle exactly what it says');
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
const sum = (values: readonly bigint[]): bigint => values.reduce((left, right) => left + right, 0n);
const inThousands = (minor: bigint): number => Number((minor + MINOR_PER_THOUSAND / 2n) / MINOR_PER_THOUSAND);

describe.each(YEAR_NAMES)('the generated book at %s', (year: YearName) => {
  const published: PublishedYear = PUBLISHED[year];
  const asOf = localDate(published.asOf);
  const items = replay(year).map((item) => ({ ...item, value: inCny(year, item.balance.outstanding, item.currency) }));
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
    const rates = new Map(rowsUpTo(year, 'loss-rates').map((row) => [field(row, 'bucket'), field(row, 'rate')]));
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
    const foreign = FOREIGN_CURRENCIES.map((currency) => ({
      currency: currency.published,
      gross: inThousands(sum(items.filter((item) => item.currency === currency.currency).map(({ value }) => value))),
    }));
    expect(foreign).toEqual(published.foreignCurrencies);
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
