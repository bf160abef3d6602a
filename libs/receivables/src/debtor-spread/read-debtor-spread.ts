import { anchorThresholds, currencyExponent, localDate, type ExchangeRate } from '@app/credit-domain';
import type { Tx } from '@app/event-store';
import { z } from 'zod';
import { BASIS_COLUMNS } from '../exposure/read-exposure';
import type { DebtorShares, DebtorSpread, DebtorSpreadRequest, SpreadOfDebtors } from './debtor-spread.query';

/** Shares by segment are for books whose segments are groups of debtors, not one a debtor. */
const SEGMENTS_MAX = 200;
const FIRST_SCHEME_PARAMETER = 8;

const wholeNumber = z.string().transform(BigInt);
const spreadRows = z.array(
  z.object({
    scheme: z.int(),
    kind: z.string().nullable(),
    segment: z.string(),
    assessed: z.boolean(),
    reached: z.int(),
    debtors: z.int(),
    squares: wholeNumber,
    products: wholeNumber,
  }),
);
const groupRows = z.array(
  z.object({ kind: z.string().nullable(), segment: z.string(), assessed: z.boolean(), debtors: z.int(), squares: wholeNumber }),
);
const shareRows = z.array(
  z.object({
    kind: z.string().nullable(),
    segment: z.string().nullable(),
    debtors: z.int(),
    total: wholeNumber,
    squares: wholeNumber,
    debtor_id: z.string(),
    amount: wholeNumber,
  }),
);

interface SpreadRow {
  readonly spreads: unknown;
  readonly groups: unknown;
  readonly shares: unknown;
}

export async function readDebtorSpread(tx: Tx, tenantId: number, request: DebtorSpreadRequest): Promise<DebtorSpread | null> {
  const [state] = await tx.query<{ entries: bigint }>('SELECT entries FROM rc.exposure_state WHERE tenant_id = $1', [tenantId]);
  const { schemes, asOf, position, rates, kinds, largest, entriesMax } = request;
  if ((state?.entries ?? 0n) > BigInt(entriesMax)) return null;
  const thresholds = schemes.map((scheme) => anchorThresholds(scheme, localDate(asOf)).reverse());
  const [row] = await tx.query<SpreadRow>(spreadSql(schemes.map(({ basis }) => BASIS_COLUMNS[basis].column)), [
    tenantId,
    asOf,
    position,
    [...rates.keys()],
    [...rates.values()].map(factorOf),
    [...kinds],
    largest,
    ...thresholds,
  ]);
  if (row === undefined) return { spreads: [], shares: [] };
  const groups = groupRows.parse(row.groups ?? []);
  const cells = spreadRows.parse(row.spreads ?? []);
  return {
    spreads: schemes.flatMap(({ id }, index) =>
      groups.map((group) => spreadOf(id, group, cells, { index, limits: thresholds[index]?.length ?? 0 })),
    ),
    shares: sharesOf(shareRows.parse(row.shares ?? [])),
  };
}

function spreadOf(
  scheme: string,
  group: z.output<typeof groupRows>[number],
  cells: z.output<typeof spreadRows>,
  { index, limits }: { index: number; limits: number },
): SpreadOfDebtors {
  const own = cells.filter(
    (cell) => cell.scheme === index + 1 && cell.kind === group.kind && cell.segment === group.segment && cell.assessed === group.assessed,
  );
  return {
    scheme,
    ...group,
    buckets: Array.from({ length: limits + 1 }, (_, bucket) => {
      const found = own.find(({ reached }) => limits - reached === bucket);
      return { debtors: found?.debtors ?? 0, squares: found?.squares ?? 0n, products: found?.products ?? 0n };
    }),
  };
}

/** Rows come largest first within each part. */
function sharesOf(rows: z.output<typeof shareRows>): DebtorShares[] {
  const parts = new Map<string, DebtorShares & { largest: { debtorId: string; amount: bigint }[] }>();
  for (const { debtor_id: debtorId, amount, ...part } of rows) {
    const key = JSON.stringify([part.kind, part.segment]);
    const known = parts.get(key) ?? { ...part, largest: [] };
    known.largest.push({ debtorId, amount });
    parts.set(key, known);
  }
  return [...parts.values()];
}

/** What a minor unit of a currency is in minor units of the other, as a quotient that PostgreSQL divides. */
function factorOf(rate: ExchangeRate): string {
  const shift = currencyExponent(rate.to) - currencyExponent(rate.from);
  const numerator = rate.numerator * (shift > 0 ? 10n ** BigInt(shift) : 1n);
  const denominator = rate.denominator * (shift < 0 ? 10n ** BigInt(-shift) : 1n);
  return rate.from === rate.to ? '1' : decimalQuotient(numerator, denominator);
}

/** Thirty decimals: more than any amount times a rate can show in a whole minor unit. */
function decimalQuotient(numerator: bigint, denominator: bigint): string {
  const decimals = 30;
  const digits = ((numerator * 10n ** BigInt(decimals)) / denominator).toString().padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * $4 currencies and $5 their factors, $6 kinds, $7 how many are named, from $8 the thresholds of each scheme.
 * One scan for all schemes: a balance is summed by debtor, pool, currency and its buckets in every scheme at once.
 */
function spreadSql(anchors: readonly string[]): string {
  const reached = anchors.map((anchor, index) => `width_bucket(e.${anchor}, $${String(FIRST_SCHEME_PARAMETER + index)}::date[])`);
  return `
    WITH balance AS (
      SELECT e.debtor_no, e.pool_id, e.currency, ${reached.map((each, index) => `${each} AS reached_${String(index)}`).join(', ')}, sum(e.amount) AS amount
      FROM rc.exposure_entry e
      WHERE e.tenant_id = $1 AND e.effective_on <= $2 AND e.position <= $3
      GROUP BY ${Array.from({ length: anchors.length + 3 }, (_, index) => String(index + 1)).join(', ')}
      HAVING sum(e.amount) <> 0
    ),
    cell AS MATERIALIZED (
      SELECT b.debtor_no, p.kind, p.segment, p.assessed,
             ARRAY[${anchors.map((_, index) => `b.reached_${String(index)}`).join(', ')}] AS reached, sum(round(b.amount * f.factor)) AS amount
      FROM balance b
      JOIN rc.pool p ON p.tenant_id = $1 AND p.pool_id = b.pool_id
      JOIN unnest($4::text[], $5::numeric[]) AS f(currency, factor) ON f.currency = b.currency
      WHERE p.kind = ANY ($6::text[])
      GROUP BY 1, 2, 3, 4, 5
    ),
    -- All kinds together are counted beside each of them only where there is more than one.
    counted AS MATERIALIZED (
      SELECT debtor_no, kind, segment, assessed, reached, amount FROM cell
      UNION ALL
      SELECT debtor_no, NULL, segment, assessed, reached, sum(amount) FROM cell
      WHERE (SELECT count(DISTINCT kind) FROM cell) > 1
      GROUP BY debtor_no, segment, assessed, reached
    ),
    whole AS MATERIALIZED (
      SELECT debtor_no, kind, segment, assessed, sum(amount) AS amount FROM counted GROUP BY 1, 2, 3, 4
    ),
    bucket AS (
      SELECT s.scheme, c.debtor_no, c.kind, c.segment, c.assessed, s.reached, sum(c.amount) AS amount
      FROM counted c CROSS JOIN LATERAL unnest(c.reached) WITH ORDINALITY AS s(reached, scheme)
      GROUP BY 1, 2, 3, 4, 5, 6
    ),
    spread AS (
      SELECT b.scheme, b.kind, b.segment, b.assessed, b.reached, count(*) AS debtors,
             sum(b.amount * b.amount)::text AS squares, sum(b.amount * w.amount)::text AS products
      FROM bucket b
      JOIN whole w ON w.debtor_no = b.debtor_no AND coalesce(w.kind, '') = coalesce(b.kind, '') AND w.segment = b.segment AND w.assessed = b.assessed
      GROUP BY 1, 2, 3, 4, 5
    ),
    grouped AS (
      SELECT kind, segment, assessed, count(*) AS debtors, sum(amount * amount)::text AS squares
      FROM whole GROUP BY 1, 2, 3 ORDER BY kind NULLS FIRST, segment, assessed
    ),
    owed AS (
      SELECT d.debtor_id, c.kind, c.segment, sum(c.amount) AS amount
      FROM cell c JOIN rc.debtor d ON d.tenant_id = $1 AND d.debtor_no = c.debtor_no
      GROUP BY 1, 2, 3
    ),
    part AS (
      SELECT NULL AS kind, NULL AS segment, debtor_id, sum(amount) AS amount FROM owed GROUP BY 3
      UNION ALL
      SELECT kind, NULL, debtor_id, sum(amount) FROM owed GROUP BY 1, 3
      UNION ALL
      SELECT NULL, segment, debtor_id, sum(amount) FROM owed
      WHERE (SELECT count(DISTINCT segment) FROM owed) <= ${String(SEGMENTS_MAX)}
      GROUP BY 2, 3
    ),
    ranked AS (
      SELECT kind, segment, debtor_id, amount,
             row_number() OVER (PARTITION BY kind, segment ORDER BY amount DESC, debtor_id COLLATE "C") AS rank,
             count(*) OVER (PARTITION BY kind, segment) AS debtors,
             sum(amount) OVER (PARTITION BY kind, segment) AS total,
             sum(amount * amount) OVER (PARTITION BY kind, segment) AS squares
      FROM part
    )
    SELECT (SELECT json_agg(spread) FROM spread) AS spreads,
           (SELECT json_agg(grouped) FROM grouped) AS groups,
           (SELECT json_agg(json_build_object('kind', kind, 'segment', segment, 'debtors', debtors, 'total', total::text, 'squares', squares::text,
                                              'debtor_id', debtor_id, 'amount', amount::text)
                            ORDER BY kind COLLATE "C" NULLS FIRST, segment COLLATE "C" NULLS FIRST, rank)
              FROM ranked WHERE rank <= $7) AS shares`;
}
