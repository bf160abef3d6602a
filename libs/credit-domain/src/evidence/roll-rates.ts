import type { BucketGroup } from './bucket-groups';
import { emptyRow, addRow, type MigrationRow, type MigrationTable } from './migration';
import type { Period } from './period-ends';
import { Ratio } from '../values/ratio';

/** Over several periods: the sum of the numerators over that of the denominators, or the mean of the rates. */
export const AVERAGE_CHOICES = ['pooled', 'simple'] as const;
export type AverageChoice = (typeof AVERAGE_CHOICES)[number];
/** Write-offs count as lost (added back to what rolled), or are taken for collected, which understates the rate. */
export const WRITE_OFF_CHOICES = ['added-back', 'as-collected'] as const;
export type WriteOffChoice = (typeof WRITE_OFF_CHOICES)[number];
/** The last two groups together into the last, because a tail never empties by itself; or the last but one alone. */
export const TAIL_CHOICES = ['pooled', 'separate'] as const;
export type TailChoice = (typeof TAIL_CHOICES)[number];
/** `net`: the balance found in the next group at the end, whoever it came from. `cohort`: what the same receivables still owe, wherever they stand. */
export const FLOW_CHOICES = ['net', 'cohort'] as const;
export type FlowChoice = (typeof FLOW_CHOICES)[number];
/** What settlements nobody has classified are taken for. */
export const UNCLASSIFIED_CHOICES = ['as-written-off', 'as-collected'] as const;
export type UnclassifiedChoice = (typeof UNCLASSIFIED_CHOICES)[number];

export interface RollRateChoices {
  readonly average: AverageChoice;
  readonly writeOffs: WriteOffChoice;
  readonly tail: TailChoice;
  readonly flow: FlowChoice;
  readonly unclassified: UnclassifiedChoice;
  /** share of the last group that is lost in the end, 0..1. */
  readonly terminalLoss: Ratio;
}

/** A rate with the two ends between which it lies while settlements are unclassified: all collected, all written off. */
export interface BoundedRate {
  /** null = undefined: there was nothing that could have rolled. */
  readonly rate: Ratio | null;
  readonly low: Ratio | null;
  readonly high: Ratio | null;
}

/** The rate with its bounds: `low` when unclassified settlements are taken for collected, else `high`. */
export function boundedRate(
  bounds: { readonly low: Ratio | null; readonly high: Ratio | null },
  unclassified: UnclassifiedChoice,
): BoundedRate {
  const { low, high } = bounds;
  return { rate: unclassified === 'as-collected' ? low : high, low, high };
}

export interface RollSample {
  /** what rolled, unclassified settlements as chosen. */
  readonly numerator: bigint;
  /** what stood at the start, less what was disposed of or reclassified. */
  readonly denominator: bigint;
  readonly writtenOff: bigint;
  readonly unclassified: bigint;
  readonly receivables: number;
}

export interface RollStep extends BoundedRate, RollSample {
  /** group indexes; two for a pooled tail. */
  readonly from: readonly number[];
  readonly to: number;
  readonly periods: readonly (RollSample & { readonly period: Period; readonly rate: Ratio | null })[];
  readonly flags: readonly RollFlag[];
}
export type RollFlag = 'above-one' | 'undefined' | 'period-undefined' | 'unclassified';

export interface RollRates {
  readonly steps: readonly RollStep[];
  /** by group: the product of the rolls from it to the last group, times the terminal loss. */
  readonly lossRates: readonly BoundedRate[];
}

/**
 * Roll rates and the loss rates they make up (domain reference 7.1): roll = (balance in the next group at the end + written off from the cohort)
 * / balance in the group at the start; loss = product of the rolls to the last group x terminal loss. Nothing is capped: a roll above one is
 * flagged. A denominator of zero leaves the roll, and every younger loss rate, undefined.
 */
export function rollRates(tables: readonly MigrationTable[], groups: readonly BucketGroup[], choices: RollRateChoices): RollRates {
  const merged = tables.map((table) => ({ period: table.period, ...mergeTable(table, groups) }));
  const steps: RollStep[] = [];
  for (let index = 0; index + 1 < groups.length; index++) {
    const isTail = index + 2 === groups.length;
    const from = isTail && choices.tail === 'pooled' ? [index, index + 1] : [index];
    steps.push(stepOf(merged, from, index + 1, choices));
  }
  const lossRates = groups.map((_, index): BoundedRate => {
    const ahead = steps.slice(index);
    const lossAt = (bound: 'low' | 'high'): Ratio | null =>
      Ratio.productOfDefined([...ahead.map((step) => step[bound]), choices.terminalLoss]);
    return boundedRate({ low: lossAt('low'), high: lossAt('high') }, choices.unclassified);
  });
  return { steps, lossRates };
}

interface MergedTable {
  readonly period: Period;
  readonly rows: readonly MigrationRow[];
  readonly added: MigrationRow;
}

/** The table by groups in place of buckets. */
export function mergeTable(table: MigrationTable, groups: readonly BucketGroup[]): { rows: MigrationRow[]; added: MigrationRow } {
  const rows = groups.map(({ buckets }) => {
    const sum = emptyRow(groups.length);
    for (const bucket of buckets) {
      const row = table.rows[bucket];
      if (row !== undefined) addRow(sum, mergedColumns(row, groups));
    }
    return sum;
  });
  return { rows, added: mergedColumns(table.added, groups) };
}

function mergedColumns(row: MigrationRow, groups: readonly BucketGroup[]): MigrationRow {
  const closing = groups.map(({ buckets }) => buckets.reduce((sum, bucket) => sum + (row.closing[bucket] ?? 0n), 0n));
  return { ...row, closing };
}

function stepOf(tables: readonly MergedTable[], from: readonly number[], to: number, choices: RollRateChoices): RollStep {
  const samples = tables.map((table) => ({ period: table.period, ...sampleOf(table, from, to, choices) }));
  const chosen = choices.unclassified === 'as-collected' ? 'low' : 'high';
  const periods = samples.map((each) => {
    const { low: _low, high: _high, ...sample } = each;
    return { ...sample, numerator: each[chosen], rate: rateOfSample(each, chosen) };
  });
  const average = (end: 'low' | 'high'): Ratio | null =>
    choices.average === 'simple'
      ? Ratio.meanOfDefined(samples.map((sample) => rateOfSample(sample, end)))
      : Ratio.ofOrNull(
          sumBy(samples, (sample) => (sample.denominator > 0n ? sample[end] : 0n)),
          sumBy(samples, ({ denominator }) => (denominator > 0n ? denominator : 0n)),
        );
  const bounded = boundedRate({ low: average('low'), high: average('high') }, choices.unclassified);
  const { rate } = bounded;
  const unclassified = sumBy(samples, (sample) => sample.unclassified);
  const flags: RollFlag[] = [];
  if (rate === null) flags.push('undefined');
  else if (rate.exceeds(Ratio.ONE)) flags.push('above-one');
  if (rate !== null && samples.some(({ denominator }) => denominator <= 0n)) flags.push('period-undefined');
  if (unclassified > 0n) flags.push('unclassified');
  return {
    ...{ from, to, ...bounded, unclassified, periods, flags },
    numerator: sumBy(periods, ({ numerator }) => numerator),
    denominator: sumBy(periods, ({ denominator }) => denominator),
    writtenOff: sumBy(periods, ({ writtenOff }) => writtenOff),
    receivables: periods.reduce((sum, { receivables }) => sum + receivables, 0),
  };
}

/** Numerators at both ends: unclassified settlements all collected (`low`), all written off (`high`). */
function sampleOf(
  table: MergedTable,
  from: readonly number[],
  to: number,
  choices: RollRateChoices,
): Omit<RollSample, 'numerator'> & { low: bigint; high: bigint } {
  const cohort = from.map((index) => table.rows[index] ?? emptyRow(0));
  const writtenOff = sumBy(cohort, (row) => row.writtenOff);
  const unclassified = sumBy(cohort, (row) => row.unclassified);
  const rolled =
    choices.flow === 'cohort' ? sumBy(cohort, ({ closing }) => sumBy(closing, (amount) => amount)) : netBalance(table, from, to);
  const low = rolled + (choices.writeOffs === 'added-back' ? writtenOff : 0n);
  const denominator = sumBy(cohort, ({ opening, disposed, reclassified }) => opening - disposed - reclassified);
  const receivables = cohort.reduce((sum, row) => sum + row.receivables, 0);
  return { low, high: low + unclassified, denominator, writtenOff, unclassified, receivables };
}

/** Everything found in the group at the end; with a tail rolled apart, less what had been in the last group before. */
function netBalance(table: MergedTable, from: readonly number[], to: number): bigint {
  const found = sumBy([...table.rows, table.added], ({ closing }) => closing[to] ?? 0n);
  const isLast = to === table.rows.length - 1;
  return isLast && !from.includes(to) ? found - (table.rows[to]?.closing[to] ?? 0n) : found;
}

function rateOfSample(sample: { low: bigint; high: bigint; denominator: bigint }, end: 'low' | 'high'): Ratio | null {
  return sample.denominator > 0n ? Ratio.of(sample[end], sample.denominator) : null;
}

function sumBy<Item>(items: readonly Item[], amountOf: (item: Item) => bigint): bigint {
  return items.reduce((sum, item) => sum + amountOf(item), 0n);
}
