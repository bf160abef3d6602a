import { builtInScheme, type AgeingScheme } from '../ageing';
import { localDate } from '../values';
import fc from 'fast-check';
import { groupsOfPeriod, groupsOfSizes } from './bucket-groups';
import { absorption } from './markov';
import { addRow, emptyTable, type MigrationRow, type MigrationTable } from './migration';
import { Ratio } from '../values/ratio';
import { rollRates, type RollRateChoices } from './roll-rates';

const scheme = (id: string): AgeingScheme => {
  const found = builtInScheme(id);
  if (found === undefined) throw new Error(id);
  return found;
};
const THREE_YEARS = scheme('months-6-12-24-36');
const YEAR_2024 = { from: localDate('2023-12-31'), to: localDate('2024-12-31') };
const NET: RollRateChoices = {
  ...{ average: 'pooled', writeOffs: 'as-collected', tail: 'pooled', flow: 'net', unclassified: 'as-collected' },
  terminalLoss: Ratio.ONE,
};
const percent = (rate: Ratio | null): string => rate?.times(Ratio.of(100n)).toRate(2) ?? 'undefined';

/** A table of balances: `rows[i]` = what stood in bucket i and where it stands at the end; `collected` makes up the rest of the opening. */
function table(
  rows: readonly { readonly opening: bigint; readonly closing: readonly bigint[]; readonly more?: Partial<MigrationRow> }[],
  added: readonly bigint[] = [],
): MigrationTable {
  const made = emptyTable(YEAR_2024, rows.length);
  rows.forEach(({ opening, closing, more }, index) => {
    const row = made.rows[index];
    if (row === undefined) return;
    closing.forEach((amount, bucket) => (row.closing[bucket] = amount));
    Object.assign(row, { opening, receivables: 1, ...more });
    const out = closing.reduce((sum, amount) => sum + amount, 0n) + row.writtenOff + row.unclassified + row.disposed + row.reclassified;
    row.collected = opening - out;
  });
  added.forEach((amount, bucket) => (made.added.closing[bucket] = amount));
  return made;
}

/** SenseTime note 11(b), RMB'000: the cohorts of 2023 in the ageing of 2024; what is written off comes from the oldest. */
const SENSETIME = table(
  [
    { opening: 1_039_742n, closing: [0n, 0n, 212_773n, 0n, 0n] },
    { opening: 242_863n, closing: [0n, 0n, 49_695n, 0n, 0n] },
    { opening: 1_891_876n, closing: [0n, 0n, 0n, 1_748_177n, 0n] },
    { opening: 3_195_901n, closing: [0n, 0n, 0n, 0n, 2_782_356n] },
    { opening: 1_541_637n, closing: [0n, 0n, 0n, 0n, 1_038_729n], more: { writtenOff: 388_656n } },
  ],
  [863_425n, 278_411n],
);

describe('roll rates', () => {
  const groups = groupsOfPeriod(THREE_YEARS, 12);

  it('of the two published ageings are 20.46, 92.40 and 80.66 %, with the two half years merged into the year they make up', () => {
    expect(groups.map(({ buckets }) => buckets)).toEqual([[0, 1], [2], [3], [4]]);
    const { steps } = rollRates([SENSETIME], groups, NET);
    expect(steps.map(({ numerator, denominator }) => [numerator, denominator])).toEqual([
      [262_468n, 1_282_605n],
      [1_748_177n, 1_891_876n],
      [3_821_085n, 4_737_538n],
    ]);
    expect(steps.map(({ rate }) => percent(rate))).toEqual(['20.46', '92.4', '80.66']);
    expect(steps[2]).toMatchObject({ from: [2, 3], to: 3 });
  });

  it('add write-offs back, so that what was given up is not taken for collected: the tail is 88.86 %', () => {
    const { steps, lossRates } = rollRates([SENSETIME], groups, { ...NET, writeOffs: 'added-back' });
    expect(steps.map(({ rate }) => percent(rate))).toEqual(['20.46', '92.4', '88.86']);
    expect(lossRates.map(({ rate }) => percent(rate))).toEqual(['16.8', '82.11', '88.86', '100']);
  });

  it('count the same receivables wherever they stand when asked for cohorts, and agree with the net flow where nothing comes from aside', () => {
    const { steps } = rollRates([SENSETIME], groups, { ...NET, flow: 'cohort' });
    expect(steps.map(({ rate }) => percent(rate))).toEqual(['20.46', '92.4', '80.66']);
  });

  it('leave what nothing could roll from undefined, and every younger rate with it, for undefined is not free of loss', () => {
    const empty = table([
      { opening: 10n, closing: [0n, 5n, 0n] },
      { opening: 0n, closing: [0n, 0n, 0n] },
      { opening: 4n, closing: [0n, 0n, 4n] },
    ]);
    const three = groupsOfSizes(THREE_YEARS, [1, 1, 3]).map((group, index) => ({ ...group, buckets: [index] }));
    const { steps, lossRates } = rollRates([empty], three, { ...NET, tail: 'separate' });
    expect(steps.map(({ rate, flags }) => [percent(rate), flags])).toEqual([
      ['50', []],
      ['undefined', ['undefined']],
    ]);
    expect(lossRates.map(({ rate }) => percent(rate))).toEqual(['undefined', 'undefined', '100']);
  });

  it('above one are told and not capped: reclassified or re-dated claims do that', () => {
    const rising = table([
      { opening: 10n, closing: [0n, 12n], more: { raised: 2n } },
      { opening: 0n, closing: [0n, 0n] },
    ]);
    const two = [
      { label: 'a', buckets: [0] },
      { label: 'b', buckets: [1] },
    ];
    expect(rollRates([rising], two, NET).steps[0]).toMatchObject({ flags: ['above-one'] });
  });

  it('lie between two bounds while nobody has said how receivables were settled', () => {
    const open = table([
      { opening: 100n, closing: [0n, 40n], more: { unclassified: 10n } },
      { opening: 0n, closing: [0n, 0n] },
    ]);
    const two = [
      { label: 'a', buckets: [0] },
      { label: 'b', buckets: [1] },
    ];
    const [step] = rollRates([open], two, { ...NET, tail: 'separate', unclassified: 'as-written-off' }).steps;
    expect([percent(step?.low ?? null), percent(step?.high ?? null), percent(step?.rate ?? null)]).toEqual(['40', '50', '50']);
    expect(step?.flags).toEqual(['unclassified']);
  });

  it('are pooled by weight or averaged plainly, as declared: the two answers differ', () => {
    const two = [
      { label: 'a', buckets: [0] },
      { label: 'b', buckets: [1] },
    ];
    const years = [
      table([
        { opening: 100n, closing: [0n, 10n] },
        { opening: 0n, closing: [0n, 0n] },
      ]),
      table([
        { opening: 300n, closing: [0n, 90n] },
        { opening: 0n, closing: [0n, 0n] },
      ]),
    ];
    const rate = (average: 'pooled' | 'simple') =>
      percent(rollRates(years, two, { ...NET, average, tail: 'separate' }).steps[0]?.rate ?? null);
    expect([rate('pooled'), rate('simple')]).toEqual(['25', '20']);
  });

  it('give the loss factors of the published OCC table as products of its rolls', () => {
    // Rolls implied by 0.70 / 20.61 / 48.41 / 72.12 / 100 %; on 987.4, 30.2, 11.8, 8.2 and 5.9 (USD million) 30.6 is expected lost.
    const factors = ['0.007', '0.2061', '0.4841', '0.7212', '1'].map((text) => Ratio.parse(text));
    const rolls = factors.slice(0, -1).map((factor, index) => factor.dividedBy(factors[index + 1] ?? Ratio.ONE));
    const product = (from: number): Ratio => rolls.slice(from).reduce((sum, roll) => sum.times(roll), Ratio.ONE);
    expect(rolls.map((_, index) => product(index).toRate())).toEqual(['0.007', '0.2061', '0.4841', '0.7212']);
    const lines = [9_874n, 302n, 118n, 82n, 59n].map((amount, index) => (factors[index] ?? Ratio.ZERO).shareOf(amount));
    expect(lines).toEqual([69n, 62n, 57n, 59n, 59n]);
  });

  it('without cures or stays are what the chain of states gives, so that the two methods can be held against each other', () => {
    const amounts = fc.tuple(fc.bigInt(1n, 10_000n), fc.bigInt(0n, 100n), fc.bigInt(0n, 100n));
    fc.assert(
      fc.property(fc.array(amounts, { minLength: 2, maxLength: 6 }), (cells) => {
        const n = cells.length;
        const rows = cells.map(([opening, rolledPercent], index) => {
          const closing = Array.from({ length: n }, () => 0n);
          if (index + 1 < n) closing[index + 1] = (opening * rolledPercent) / 100n;
          return { opening, closing };
        });
        const groups = rows.map((_, index) => ({ label: String(index), buckets: [index] }));
        const { lossRates } = rollRates([table(rows)], groups, { ...NET, tail: 'separate' });
        const states = [...rows.map((_, index) => String(index)), 'Paid'];
        const chain = rows.map(({ opening, closing }) => [
          ...closing.map((amount) => Ratio.of(amount, opening)),
          Ratio.of(opening - closing.reduce((sum, amount) => sum + amount, 0n), opening),
        ]);
        const solved = absorption({ states, absorbing: [n - 1, n], rows: chain });
        expect(solved.probabilities.map(([bad]) => bad?.toRate())).toEqual(lossRates.slice(0, -1).map(({ rate }) => rate?.toRate()));
      }),
    );
  });
});

describe('translated rows', () => {
  it('foot as the original did, whatever rounding does to their parts', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 1_000n), { minLength: 5, maxLength: 5 }), fc.bigInt(1n, 997n), (parts, factor) => {
        const [paid = 0n, credited = 0n, lost = 0n, first = 0n, second = 0n] = parts;
        const [source, target] = [emptyTable(YEAR_2024, 2).added, emptyTable(YEAR_2024, 2).added];
        Object.assign(source, { opening: parts.reduce((sum, part) => sum + part, 0n), collected: paid, credited, writtenOff: lost });
        source.closing[0] = first;
        source.closing[1] = second;
        addRow(target, source, (minor) => (minor * factor + 50n) / 100n);
        const out = target.collected + target.credited + target.writtenOff + (target.closing[0] ?? 0n) + (target.closing[1] ?? 0n);
        expect(target.opening + target.raised).toBe(out);
      }),
    );
  });
});
