import { localDate } from '../values';
import { markovRates, type MarkovChoices } from './markov-rates';
import { emptyTable, type MigrationRow, type MigrationTable } from './migration';
import { Ratio } from '../values/ratio';

const PERIOD = { from: localDate('2024-11-30'), to: localDate('2024-12-31') };
const GROUPS = ['Current', '1-30', 'Over 30'].map((label, index) => ({ label, buckets: [index] }));
const CHOICES: MarkovChoices = { average: 'pooled', writeOffs: 'added-back', unclassified: 'as-written-off', terminalLoss: null };

function table(...rows: readonly Partial<MigrationRow>[]): MigrationTable {
  const made = emptyTable(PERIOD, 3);
  rows.forEach((row, index) => Object.assign(made.rows[index] ?? {}, row));
  return made;
}
const BOOK = table(
  { opening: 100n, closing: [0n, 10n, 0n], collected: 90n },
  { opening: 100n, closing: [20n, 50n, 0n], collected: 20n, writtenOff: 10n },
  { opening: 100n, closing: [0n, 0n, 50n], collected: 10n, writtenOff: 30n, unclassified: 10n },
);
const texts = (rates: { lossRates: readonly { rate: Ratio | null }[] }) => rates.lossRates.map(({ rate }) => rate?.toRate(6) ?? null);

describe('a chain counted from a book', () => {
  it('credits cures and waits for stays, write-offs being the only loss', () => {
    const rates = markovRates([BOOK], GROUPS, CHOICES);
    expect(texts(rates)).toEqual(['0.020833', '0.208333', '0.8']);
    expect(rates.matrix[1]?.map((value) => value.toRate())).toEqual(['0.2', '0.5', '0', '0.2', '0.1']);
    expect(rates.lossRates[2]).toMatchObject({ low: Ratio.of(3n, 5n), high: Ratio.of(4n, 5n) });
  });

  it('can take the last bucket for an end of its own, with the loss that was studied for it', () => {
    expect(texts(markovRates([BOOK], GROUPS, { ...CHOICES, terminalLoss: Ratio.parse('0.9') }))).toEqual(['0.020833', '0.208333', '0.9']);
  });

  it('leaves every state undefined that leads into one nothing was seen in', () => {
    const sparse = table(
      { opening: 100n, closing: [0n, 10n, 0n], collected: 90n },
      {},
      { opening: 10n, closing: [0n, 0n, 5n], writtenOff: 5n },
    );
    expect(texts(markovRates([sparse], GROUPS, CHOICES))).toEqual([null, null, '1']);
  });

  it('has no lifetime loss while claims never leave the last bucket', () => {
    const closed = table(
      { opening: 10n, closing: [0n, 0n, 5n], collected: 5n },
      { opening: 10n, closing: [0n, 0n, 10n] },
      { opening: 10n, closing: [0n, 0n, 10n] },
    );
    expect(() => markovRates([closed], GROUPS, CHOICES)).toThrow(expect.objectContaining({ code: 'markov-closed-class' }) as Error);
    expect(texts(markovRates([closed], GROUPS, { ...CHOICES, terminalLoss: Ratio.ONE }))).toEqual(['0.5', '1', '1']);
  });

  it('weighs periods by amount or equally, as declared', () => {
    const small = table({ opening: 10n, closing: [0n, 0n, 0n], writtenOff: 10n });
    const large = table({ opening: 90n, closing: [0n, 0n, 0n], collected: 90n });
    const first = (average: 'pooled' | 'simple') => texts(markovRates([small, large], GROUPS, { ...CHOICES, average }))[0];
    expect([first('pooled'), first('simple')]).toEqual(['0.1', '0.5']);
  });
});
