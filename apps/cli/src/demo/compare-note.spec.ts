import { FOREIGN_CURRENCIES } from './book/assumed-flow';
import { differencesFromNote } from './compare-note';
import type { NoteFigures } from './note-figures';
import { ageingTable, exactTotals, percentOf, provisionTable } from './print-note';
import { PUBLISHED, thousands } from './published';

const published = PUBLISHED.fy2024;
const pair = (gross: number, allowance: number): { gross: bigint; allowance: bigint } => ({
  gross: thousands(gross),
  allowance: thousands(allowance),
});
const asPublished: NoteFigures = {
  asOf: published.asOf,
  buckets: published.buckets.map(({ label, gross, allowance }) => ({ label, ...pair(gross, allowance) })),
  collective: pair(published.collectiveGross, published.collectiveAllowance),
  individual: pair(published.individual.gross, published.individual.allowance),
  total: pair(published.grossTotal, published.allowanceTotal),
  individualByMatrix: thousands(939_230),
  ageing: published.ageingAll.map(({ label, gross }) => ({ label, gross: thousands(gross) })),
  related: thousands(published.relatedParties),
  thirdParties: thousands(published.thirdParties),
  currencies: published.currencies.slice(1).map(({ currency, gross }) => ({
    currency: FOREIGN_CURRENCIES.find((foreign) => foreign.published === currency)?.currency ?? '',
    gross: thousands(gross),
  })),
};

describe('differencesFromNote', () => {
  it('says nothing when every figure is the published one, a few fen of rounding in an allowance aside', () => {
    expect(differencesFromNote(asPublished, published)).toEqual([]);
    expect(
      differencesFromNote({ ...asPublished, total: { ...asPublished.total, allowance: asPublished.total.allowance + 49_999n } }, published),
    ).toEqual([]);
  });

  it('names a receivable changed by 1.00, so that the tables are seen to be computed', () => {
    const total = { ...asPublished.total, gross: asPublished.total.gross + 100n };
    expect(differencesFromNote({ ...asPublished, total }, published)).toEqual([
      '2024-12-31 gross, total: computed 6973566001.00, published 6973566000.00, difference 1.00 RMB',
    ]);
  });

  it('names every figure that is missing or off, so that no wrong table passes for the note', () => {
    const nothing = pair(0, 0);
    const empty: NoteFigures = {
      ...asPublished,
      buckets: [],
      collective: nothing,
      individual: nothing,
      total: nothing,
      ageing: [],
      related: 0n,
      thirdParties: 0n,
      currencies: [],
    };
    expect(differencesFromNote(empty, published)).toHaveLength(12 + 7 + 5 + 2 + 7);
  });
});

describe('the printed tables', () => {
  it('print the note’s rows in RMB thousands with rates from allowance over gross', () => {
    const printed = provisionTable(asPublished);
    expect(printed).toContain('Up to 6 months');
    expect(printed).toMatch(/Trade receivables +65\.70 % +6,973,566 +4,581,875/);
    expect(printed).toMatch(/Collective +63\.29 % +5,759,506 +3,645,108/);
    expect(printed).toMatch(/Net +2,391,691/);
    expect(ageingTable(asPublished)).toMatch(/More than 3 years +3,821,085/);
    expect(exactTotals(asPublished)).toContain('gross 6,973,566,000.00 = 5,759,506,000.00 collective + 1,214,060,000.00 individual');
  });

  it('print n/a without exposure and round a percentage half up', () => {
    expect([percentOf(0n, 0n), percentOf(1n, 8n), percentOf(5n, 100_000n), percentOf(1n, 1n)]).toEqual([
      'n/a',
      '12.50 %',
      '0.01 %',
      '100.00 %',
    ]);
  });
});
