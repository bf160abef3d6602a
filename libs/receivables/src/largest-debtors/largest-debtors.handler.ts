import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { QueryHandler } from '@nestjs/cqrs';
import type { AgeingScheme, BookPart, FxRate } from '@app/credit-domain';
import { anchorThresholds, KINDS_WITH_ECL, localDate } from '@app/credit-domain';
import type { EventStore, Tx } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { fxRatesAt, Translator } from '../ageing/fx-rates';
import { schemeAt } from '../ageing/schemes';
import { EXPOSURE_PROCESSOR } from '../exposure/project-exposure.processor';
import { BASIS_COLUMNS } from '../exposure/read-exposure';
import type { LargestDebtor, LargestDebtorsRequest } from './largest-debtors.query';
import { ListLargestDebtorsQuery } from './largest-debtors.query';

interface PartRow {
  debtor_id: string;
  currency: string;
  amount: string;
}

type Reading = Pick<LargestDebtorsRequest, 'tenantId' | 'asOf' | 'position' | 'part'> & { readonly scheme: AgeingScheme | null };

@QueryHandler(ListLargestDebtorsQuery)
export class ListLargestDebtorsHandler implements IQueryHandler<ListLargestDebtorsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ tx, request }: ListLargestDebtorsQuery): Promise<readonly LargestDebtor[] | null> {
    const { tenantId, asOf, position, part, currency, limit, baseAsOf } = request;
    const [row] = await tx.query<{ reached: boolean }>('SELECT es.processor_reached($1, $2, $3) AS reached', [
      EXPOSURE_PROCESSOR,
      tenantId,
      position,
    ]);
    if (row?.reached !== true) return null;
    const scheme = part.aged === null ? null : await schemeAt(this.store, tx, part.aged.scheme, position);
    const reading = { tenantId, position, part, scheme };
    const rates = await fxRatesAt(tx, tenantId, asOf, position);
    const largest = ranked(await readLargest(tx, { ...reading, asOf }, rates, { currency, limit }), new Translator(rates, asOf, currency));
    const before = baseAsOf === null ? null : await this.#atBase(tx, { ...reading, asOf: baseAsOf }, currency, [...largest.keys()]);
    return [...largest].map(([debtorId, amount]) => ({ debtorId, amount, before: before === null ? null : (before.get(debtorId) ?? 0n) }));
  }

  async #atBase(tx: Tx, reading: Reading, currency: string, debtorIds: readonly string[]): Promise<Map<string, bigint> | null> {
    const rates = await fxRatesAt(tx, reading.tenantId, reading.asOf, reading.position);
    try {
      return ranked(await readNamed(tx, reading, debtorIds), new Translator(rates, reading.asOf, currency));
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  }
}

/** Exact amounts by debtor in one currency, largest first. */
function ranked(rows: readonly PartRow[], translator: Translator): Map<string, bigint> {
  const amounts = new Map<string, bigint>();
  for (const { debtor_id: debtorId, currency, amount } of rows) {
    amounts.set(debtorId, (amounts.get(debtorId) ?? 0n) + translator.translate(BigInt(amount), currency));
  }
  return new Map([...amounts].sort(([idA, a], [idB, b]) => (a === b ? (idA < idB ? -1 : 1) : a > b ? -1 : 1)));
}

/** $1 tenant, $2 as-of date, $3 position, $4 kinds, $5 segment, $6 assessed, $7 thresholds, oldest first, $8 how many of them are reached. */
const partOf = (anchor: string, condition = ''): string => `
  SELECT e.debtor_no, e.currency, sum(e.amount) AS amount
  FROM rc.exposure_entry e
  WHERE e.tenant_id = $1 AND e.effective_on <= $2 AND e.position <= $3 ${condition}
    AND e.pool_id = ANY(ARRAY(
      SELECT pool_id FROM rc.pool WHERE tenant_id = $1 AND kind = ANY($4::text[]) AND ($5::text IS NULL OR segment = $5)
        AND ($6::boolean IS NULL OR assessed = $6)))
    AND ($8::int[] IS NULL OR width_bucket(e.${anchor}, $7::date[]) = ANY($8::int[]))
  GROUP BY 1, 2
  HAVING sum(e.amount) <> 0`;

/** Ranked by what PostgreSQL makes of the rates; the amounts themselves are translated where every other figure is. */
async function readLargest(
  tx: Tx,
  reading: Reading,
  rates: readonly FxRate[],
  { currency, limit }: { currency: string; limit: number },
): Promise<PartRow[]> {
  const currencies = await tx.query<{ currency: string }>('SELECT currency FROM rc.book_currency WHERE tenant_id = $1 AND position <= $2', [
    reading.tenantId,
    reading.position,
  ]);
  const translator = new Translator(rates, reading.asOf, currency);
  const worth = currencies.map((row) => ({ currency: row.currency, of: worthOf(translator, row.currency) }));
  return tx.query<PartRow>(
    `WITH part AS MATERIALIZED (${partOf(anchorOf(reading.scheme))}),
     worth AS (SELECT * FROM unnest($9::text[], $10::numeric[]) AS w(currency, worth)),
     largest AS (
       SELECT p.debtor_no, d.debtor_id, sum(p.amount * COALESCE(w.worth, 0)) AS total
       FROM part p JOIN rc.debtor d ON d.tenant_id = $1 AND d.debtor_no = p.debtor_no LEFT JOIN worth w ON w.currency = p.currency
       GROUP BY 1, 2 HAVING sum(p.amount * COALESCE(w.worth, 0)) > 0
       ORDER BY 3 DESC, 2 LIMIT $11
     )
     SELECT l.debtor_id, p.currency, p.amount::text AS amount FROM largest l JOIN part p ON p.debtor_no = l.debtor_no`,
    [...partParams(reading), worth.map((each) => each.currency), worth.map(({ of }) => of.toString()), limit],
  );
}

function readNamed(tx: Tx, reading: Reading, debtorIds: readonly string[]): Promise<PartRow[]> {
  const named = `AND e.debtor_no = ANY(ARRAY(SELECT debtor_no FROM rc.debtor WHERE tenant_id = $1 AND debtor_id = ANY($9::text[])))`;
  return tx.query<PartRow>(
    `SELECT d.debtor_id, p.currency, p.amount::text AS amount
     FROM (${partOf(anchorOf(reading.scheme), named)}) p JOIN rc.debtor d ON d.tenant_id = $1 AND d.debtor_no = p.debtor_no`,
    [...partParams(reading), debtorIds],
  );
}

/** What so many units of a currency are worth: enough digits to rank by. A currency without a rate is refused where it is translated. */
const RANKING_UNITS = 10n ** 12n;
function worthOf(translator: Translator, currency: string): bigint {
  try {
    return translator.translate(RANKING_UNITS, currency);
  } catch (error) {
    if (error instanceof Refusal) return 0n;
    throw error;
  }
}

const anchorOf = (scheme: AgeingScheme | null): string => BASIS_COLUMNS[scheme?.basis ?? 'recognition'].column;

function partParams({ tenantId, asOf, position, part, scheme }: Reading): unknown[] {
  const kinds = part.kinds ?? KINDS_WITH_ECL;
  const assessed = part.assessed === 'all' ? null : part.assessed === 'individual';
  return [tenantId, asOf, position, kinds, part.segment, assessed, ...bucketParams(part, scheme, asOf)];
}

/** The thresholds and, of their counts, those that lie in the buckets of the part: no threshold reached is the last bucket. */
function bucketParams({ aged }: BookPart, scheme: AgeingScheme | null, asOf: string): [string[], number[] | null] {
  if (aged === null || scheme === null) return [[], null];
  const thresholds: string[] = anchorThresholds(scheme, localDate(asOf)).reverse();
  const reached = scheme.buckets.flatMap(({ label }, index) => (aged.buckets.includes(label) ? [thresholds.length - index] : []));
  return [thresholds, reached];
}
