import type { AgeingScheme, ExchangeRate, NoteFacts } from '@app/credit-domain';
import { addDays, builtInScheme, findRate, KINDS_WITH_ECL, localDate, translate } from '@app/credit-domain';
import type { Position } from '@app/event-store';
import { Refusal } from '@app/platform';
import type { DebtorExposureCell, ExposureCell, WriteOffTotal } from '@app/receivables';
import {
  ReadDebtorExposureQuery,
  ReadDebtorHistoriesQuery,
  ReadExposureQuery,
  ReadFxRatesQuery,
  ReadWriteOffRegisterQuery,
} from '@app/receivables';
import type { QueryBus } from '@nestjs/cqrs';

/** The bands in which listed companies print the age of trade receivables. */
const TRADE_AGEING = 'months-6-12-24-36';
/** Notes run for months: what is older than a year stands out as one. */
const NOTES_SCHEME: AgeingScheme = {
  id: 'notes-6-12',
  basis: 'recognition',
  buckets: [
    { label: 'up to 6 months', upTo: { unit: 'months', count: 6 } },
    { label: '6 months to 1 year', upTo: { unit: 'months', count: 12 } },
    { label: 'over 1 year', over: true },
  ],
};
const NOTE_KINDS: readonly string[] = ['note_bank', 'note_commercial'];
/** How many of the largest debtors the note names. */
const MAJOR_DEBTORS = 5;
/** Debtors read at a time, so that memory stays flat whatever their number. */
const DEBTORS_PER_READING = 5_000;

export interface ReadingPoint {
  readonly tenantId: number;
  readonly asOf: string;
  readonly position: Position;
}

type FactsOfBook = Pick<NoteFacts, 'nonFinancial' | 'tradeAgeing' | 'notesAgeing' | 'concentration' | 'writtenOff'> & {
  readonly nonFinancialByCurrency: NoteFacts['byCurrency'];
  /** kinds with credit risk that have exposure. */
  readonly kindsWithExposure: readonly string[];
};

/**
 * What the book itself says at a run's date and position, translated at the closing rates of that date. The reporting period of write-offs
 * begins after `since`.
 */
export async function factsOfBook(queries: QueryBus, at: ReadingPoint, currency: string, since: string): Promise<FactsOfBook> {
  const translated = await translatorAt(queries, at, currency);
  const trade = schemeNamed(TRADE_AGEING);
  const cells = await queries.execute(new ReadExposureQuery(at.tenantId, { ...at, scheme: trade }));
  const notes = await queries.execute(new ReadExposureQuery(at.tenantId, { ...at, scheme: NOTES_SCHEME, kinds: NOTE_KINDS }));
  const carried = cells.filter(({ kind }) => kind === 'non_financial');
  return {
    tradeAgeing: ageingFacts(
      trade,
      cells.filter(({ kind }) => kind === 'trade'),
      translated,
    ),
    notesAgeing: ageingFacts(NOTES_SCHEME, notes, translated),
    nonFinancial: summed(carried, (cell) => cell.class, translated).map(([className, gross]) => ({ class: className, gross })),
    nonFinancialByCurrency: summed(carried, (cell) => cell.currency, translated).map(([code, gross]) => ({
      ...{ currency: code, kind: 'non_financial', gross },
      allowance: 0n,
    })),
    concentration: await concentrationOf(queries, at, trade, translated),
    writtenOff: await writtenOffOf(queries, at, since, translated),
    kindsWithExposure: KINDS_WITH_ECL.filter((kind) => cells.some((cell) => cell.kind === kind && cell.amount !== 0n)),
  };
}

type Translated = (minor: bigint, currency: string) => bigint;

async function translatorAt(queries: QueryBus, { tenantId, asOf, position }: ReadingPoint, presentation: string): Promise<Translated> {
  const known = await queries.execute(new ReadFxRatesQuery(tenantId, { asOf, position }));
  const rates = new Map<string, ExchangeRate>();
  return (minor, currency) => {
    let rate = rates.get(currency);
    if (rate === undefined) {
      const found = findRate(known, currency, presentation, localDate(asOf));
      if (!found.ok) throw new Refusal(found.refused.code, found.refused.detail, [{ field: 'currency' }]);
      rate = found.rate;
      rates.set(currency, rate);
    }
    return translate(minor, rate);
  };
}

function schemeNamed(id: string): AgeingScheme {
  const scheme = builtInScheme(id);
  if (scheme === undefined) throw new Error(`There is no built-in scheme '${id}'.`);
  return scheme;
}

/** Summed by currency before it is translated: one rounding for each figure and currency. */
function summed(cells: readonly ExposureCell[], keyOf: (cell: ExposureCell) => string, translated: Translated): [string, bigint][] {
  const byCurrency = new Map<string, { key: string; currency: string; minor: bigint }>();
  for (const cell of cells) {
    const key = keyOf(cell);
    const id = JSON.stringify([key, cell.currency]);
    const known = byCurrency.get(id);
    byCurrency.set(id, { key, currency: cell.currency, minor: (known?.minor ?? 0n) + cell.amount });
  }
  const sums = new Map<string, bigint>();
  for (const { key, currency, minor } of byCurrency.values()) sums.set(key, (sums.get(key) ?? 0n) + translated(minor, currency));
  return [...sums];
}

function ageingFacts(scheme: AgeingScheme, cells: readonly ExposureCell[], translated: Translated): NoteFacts['tradeAgeing'] {
  const keyOf = ({ kind, assessed, bucket }: ExposureCell): string => JSON.stringify([kind, assessed, bucket]);
  return {
    labels: scheme.buckets.map(({ label }) => label),
    cells: summed(cells, keyOf, translated).map(([key, gross]) => {
      const [kind, assessed, bucket] = JSON.parse(key) as [string, boolean, number];
      return { kind, assessed, bucket, gross };
    }),
  };
}

async function concentrationOf(
  queries: QueryBus,
  at: ReadingPoint,
  scheme: AgeingScheme,
  translated: Translated,
): Promise<NoteFacts['concentration']> {
  const [trade, all] = [new LargestDebtors('trade'), new LargestDebtors('all')];
  const debtors = await queries.execute(new ReadDebtorHistoriesQuery(at.tenantId, { position: at.position }));
  const ids = debtors.map(({ debtorId }) => debtorId);
  for (let from = 0; from < ids.length; from += DEBTORS_PER_READING) {
    const debtorIds = ids.slice(from, from + DEBTORS_PER_READING);
    const request = { ...at, scheme, debtorIds, kinds: KINDS_WITH_ECL };
    const cells = await queries.execute(new ReadDebtorExposureQuery(at.tenantId, request));
    trade.add(
      cells.filter(({ kind }) => kind === 'trade'),
      translated,
    );
    all.add(cells, translated);
  }
  return [trade.facts(), all.facts()];
}

async function writtenOffOf(
  queries: QueryBus,
  { tenantId, asOf, position }: ReadingPoint,
  since: string,
  translated: Translated,
): Promise<NoteFacts['writtenOff']> {
  const totals = async (from?: string): Promise<readonly WriteOffTotal[]> =>
    (await queries.execute(new ReadWriteOffRegisterQuery(tenantId, { asOf, position, from, limit: 0 }))).totals;
  const [all, ofPeriod] = [await totals(), await totals(addDays(localDate(since), 1))];
  const register = all.map(({ currency, writtenOff, recovered, underEnforcement }) => {
    const period = ofPeriod.find((each) => each.currency === currency);
    return {
      currency,
      inPeriod: translated(period?.writtenOff ?? 0n, currency),
      inPeriodEnforceable: translated(period?.underEnforcement ?? 0n, currency),
      total: translated(writtenOff, currency),
      recovered: translated(recovered, currency),
      enforceable: translated(underEnforcement, currency),
    };
  });
  return { since, register };
}

/** Keeps the largest debtors of any number, and the total of all. */
class LargestDebtors {
  private total = 0n;
  private largest: { readonly debtorId: string; readonly gross: bigint }[] = [];

  constructor(private readonly scope: 'trade' | 'all') {}

  add(cells: readonly DebtorExposureCell[], translated: Translated): void {
    const debtors = new Map<string, bigint>();
    for (const { debtorId, currency, amount } of cells) debtors.set(debtorId, (debtors.get(debtorId) ?? 0n) + translated(amount, currency));
    for (const [debtorId, gross] of debtors) {
      this.total += gross;
      if (gross !== 0n) this.largest.push({ debtorId, gross });
    }
    this.largest.sort((left, right) =>
      left.gross === right.gross ? (left.debtorId < right.debtorId ? -1 : 1) : left.gross > right.gross ? -1 : 1,
    );
    this.largest = this.largest.slice(0, MAJOR_DEBTORS);
  }

  facts(): NoteFacts['concentration'][number] {
    return { scope: this.scope, total: this.total, largest: this.largest };
  }
}
