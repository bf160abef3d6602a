import type { PublishedYear } from '../published';
import { PUBLISHED, thousands } from '../published';
import {
  BILLED_AND_COLLECTED_2024,
  COHORT_FLOWS,
  FOREIGN_CURRENCIES,
  FOREIGN_SHARES_2023,
  FOREIGN_SHARES_2024,
  INDIVIDUAL_BY_AGE_2023,
  NEW_INDIVIDUAL,
  RELATED_JOINED_2024,
  RELATED_JOINED_ON,
  RELATED_PAID_2024,
} from './assumed-flow';
import type { Debtor, Debtors } from './debtors';
import { amended, createDebtors } from './debtors';
import type { Item } from './items';
import { ItemMaker, WINDOWS_2023, WINDOWS_2024, receivableRow, sumOf } from './items';
import { Ledger } from './movements';
import { generateOtherKinds, recordOtherKinds, stagingRows, withTax } from './other-kinds';
import { closingAssessments, fxRateRows, lossRateRows, openingAssessments } from './policy-rows';
import { Random } from './random';
import type { Book, Row, YearName } from './rows';

const DEMO_SEED = 20_231_231;
const COLLECTIVE_COUNTS_2023: Readonly<Record<string, number>> = {
  'Up to 6 months': 700,
  '6 months to 1 year': 300,
  '1 to 2 years': 600,
  '2 to 3 years': 700,
  '3 to 4 years': 300,
  'Over 4 years': 120,
};
const COLLECTIVE_COUNTS_2024: Readonly<Record<string, number>> = { 'Up to 6 months': 600, '6 months to 1 year': 250 };
const ITEMS_PER_INDIVIDUAL_DEBTOR = 4;
const COLLECTED_IN_YEAR_COUNT = 900;

interface OpeningBook {
  readonly foreign: readonly Item[];
  readonly related: readonly Item[];
  readonly joined: readonly Item[];
  readonly toIndividual: readonly Item[];
  readonly individual: readonly Item[];
  readonly collective: readonly Item[];
}

interface NewBook {
  readonly foreign: readonly Item[];
  readonly related: readonly Item[];
  readonly individual: readonly Item[];
  readonly collective: readonly Item[];
  readonly collectedInYear: readonly Item[];
}

/**
 * The book of the published note at receivable level, the same for the same seed: the receivables of every line and bucket sum to the printed
 * gross exactly, at both year ends. Amounts are in RMB; the note is in RMB'000.
 */
export function generateBook(seed: number = DEMO_SEED): Book {
  const random = new Random(seed);
  const debtors = createDebtors(random);
  const opening = generateOpening(random, debtors);
  const added = generateNew(random, debtors);
  const ledger = new Ledger(random);
  recordFlow(ledger, opening, added);
  // A seed of their own: the trade book stays what it is when another kind changes.
  const otherKinds = generateOtherKinds(new Random(seed + 1));
  recordOtherKinds(ledger, otherKinds);
  const survivors = opening.individual.filter(({ bucket }) => bucket !== 'Over 4 years');
  const { fy2023, fy2024 } = PUBLISHED;
  return {
    fy2023: {
      debtors: [...openingDebtors(debtors).map(({ row }) => row), ...otherKinds.debtors],
      receivables: [...itemsOf(opening), ...otherKinds.opening].map((item) => receivableRow(item, fy2023.asOf)),
      movements: [],
      'fx-rates': fxRateRows(fy2023.asOf),
      'loss-rates': lossRateRows(fy2023),
      assessments: openingAssessments(fy2023, opening.individual, thousands(fy2023.individual.allowance)),
      staging: stagingRows(fy2023),
    },
    fy2024: {
      debtors: newDebtors(debtors),
      receivables: [...withTax(itemsOf(added), taxOf2024(added)), ...otherKinds.added].map((item) => receivableRow(item, '')),
      movements: ledger.rows,
      'fx-rates': fxRateRows(fy2024.asOf),
      'loss-rates': lossRateRows(fy2024),
      assessments: closingAssessments(
        fy2024,
        survivors,
        [...opening.toIndividual, ...added.individual],
        thousands(fy2024.individual.allowance),
        random,
      ),
      staging: stagingRows(fy2024),
    },
  };
}

const itemsOf = (part: OpeningBook | NewBook): Item[] => Object.values(part).flatMap((items: readonly Item[]) => items);

/** What was billed in the year above the printed revenue is value-added tax. */
const taxOf2024 = (added: NewBook): bigint => sumOf(itemsOf(added)) - thousands(PUBLISHED.fy2024.revenue);

const lists = (pools: Readonly<Record<string, readonly Debtor[]>>): Debtor[] => Object.values(pools).flat();

function openingDebtors(debtors: Debtors): Debtor[] {
  const { collective, foreign, related, joined, individual, toIndividual } = debtors;
  return [...collective, ...lists(foreign), ...related, joined, ...lists(individual), ...lists(toIndividual)];
}

function newDebtors(debtors: Debtors): Row[] {
  const added = [...debtors.collective2024, ...debtors.related2024, ...lists(debtors.individual2024)].map(({ row }) => row);
  return [...added, amended(debtors.joined, { related_party: 'true', effective_on: RELATED_JOINED_ON })];
}

function generateForeign(maker: ItemMaker, year: YearName, debtors: Debtors): Item[] {
  const shares = year === 'fy2023' ? FOREIGN_SHARES_2023 : FOREIGN_SHARES_2024;
  return FOREIGN_CURRENCIES.flatMap((foreign) => {
    const printed = PUBLISHED[year].currencies.find(({ currency }) => currency === foreign.published);
    return maker.inForeign(foreign, thousands(printed?.gross ?? 0), shares, debtors.foreign[foreign.currency] ?? []);
  });
}

/** What the collective RMB items of each bucket must add up to: the printed gross less everything that was put there by name. */
function generateCollective(
  maker: ItemMaker,
  year: PublishedYear,
  counts: Readonly<Record<string, number>>,
  named: readonly Item[],
  debtors: readonly Debtor[],
): Item[] {
  return year.buckets.flatMap(({ label, gross }) => {
    const count = counts[label];
    if (count === undefined) return [];
    const rest = thousands(gross) - sumOf(named.filter(({ bucket }) => bucket === label));
    return maker.inRmb(label, rest, count, debtors, 'published');
  });
}

function generateOpening(random: Random, debtors: Debtors): OpeningBook {
  const maker = new ItemMaker(random, 'R', WINDOWS_2023);
  const foreign = generateForeign(maker, 'fy2023', debtors);
  const surviving = PUBLISHED.fy2023.relatedParties - RELATED_PAID_2024;
  // The first three items are paid in 2024, the others survive: one of each for every related debtor.
  const related = [
    ...maker.inRmb('Up to 6 months', thousands(RELATED_PAID_2024), 3, debtors.related, 'published'),
    ...maker.inRmb('Up to 6 months', thousands(surviving), 3, debtors.related, 'published'),
  ];
  const joined = maker.inRmb('1 to 2 years', thousands(RELATED_JOINED_2024), 3, [debtors.joined], 'assumed');
  const toIndividual = COHORT_FLOWS.filter((flow) => flow.toIndividual > 0).flatMap(({ bucket, toIndividual: gross }) => {
    const pool = debtors.toIndividual[bucket] ?? [];
    return maker.inRmb(bucket, thousands(gross), pool.length * ITEMS_PER_INDIVIDUAL_DEBTOR, pool, 'assumed');
  });
  const individual = INDIVIDUAL_BY_AGE_2023.flatMap(({ bucket, gross, splitAssumed }) => {
    const pool = debtors.individual[bucket] ?? [];
    return maker.inRmb(bucket, thousands(gross), pool.length * ITEMS_PER_INDIVIDUAL_DEBTOR, pool, splitAssumed ? 'assumed' : 'derived');
  });
  const named = [...foreign, ...related, ...joined, ...toIndividual];
  const collective = generateCollective(maker, PUBLISHED.fy2023, COLLECTIVE_COUNTS_2023, named, debtors.collective);
  return { foreign, related, joined, toIndividual, individual, collective };
}

function generateNew(random: Random, debtors: Debtors): NewBook {
  const maker = new ItemMaker(random, 'N', WINDOWS_2024);
  const pool = [...debtors.collective2024, ...debtors.collective];
  const foreign = generateForeign(maker, 'fy2024', debtors);
  const relatedOpening = PUBLISHED.fy2023.relatedParties - RELATED_PAID_2024 + RELATED_JOINED_2024;
  const related = maker.inRmb(
    'Up to 6 months',
    thousands(PUBLISHED.fy2024.relatedParties - relatedOpening),
    6,
    [...debtors.related2024, ...debtors.related],
    'published',
  );
  const individual = NEW_INDIVIDUAL.flatMap(({ bucket, gross }) => {
    const own = debtors.individual2024[bucket] ?? [];
    return maker.inRmb(bucket, thousands(gross), own.length * 2, own, 'derived');
  });
  const collective = generateCollective(maker, PUBLISHED.fy2024, COLLECTIVE_COUNTS_2024, [...foreign, ...related], pool);
  const collectedInYear = maker.inRmb('6 months to 1 year', thousands(BILLED_AND_COLLECTED_2024), COLLECTED_IN_YEAR_COUNT, pool, 'assumed');
  return { foreign, related, individual, collective, collectedInYear };
}

function recordFlow(ledger: Ledger, opening: OpeningBook, added: NewBook): void {
  for (const item of opening.foreign) ledger.collect(item, item.minor);
  const relatedPaid = opening.related.slice(0, 3);
  for (const item of relatedPaid) ledger.collect(item, item.minor);
  for (const { bucket, cash } of COHORT_FLOWS) {
    const within = (items: readonly Item[]): Item[] => items.filter((item) => item.bucket === bucket);
    const named = sumOf(within(opening.foreign)) + sumOf(within(relatedPaid));
    ledger.collectTotal(within(opening.collective), thousands(cash) - named);
  }
  for (const item of [...opening.collective, ...opening.individual]) if (item.bucket === 'Over 4 years') ledger.writeOff(item);
  for (const item of added.collectedInYear) ledger.collectSoonAfter(item);
}
