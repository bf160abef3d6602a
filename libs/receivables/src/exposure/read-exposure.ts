import type { AgeingBasis, AgeingScheme, LocalDate } from '@app/credit-domain';
import { anchorThresholds } from '@app/credit-domain';
import type { Position, Tx } from '@app/event-store';

/** The number under which a basis keeps its prefix sums, and the column that holds its anchor date. */
export const BASIS_COLUMNS: Readonly<Record<AgeingBasis, { readonly code: number; readonly column: string }>> = {
  recognition: { code: 1, column: 'recognised_on' },
  invoice: { code: 2, column: 'invoiced_on' },
  due: { code: 3, column: 'due_on' },
};

/** A balance at (asOf, position): one pool, one currency, one bucket. Amounts in minor units of the currency. */
export interface ExposureCell {
  readonly entityId: string;
  readonly kind: string;
  readonly class: string;
  readonly segment: string;
  readonly related: boolean;
  readonly assessed: boolean;
  readonly currency: string;
  /** Index into the buckets of the scheme. */
  readonly bucket: number;
  readonly amount: bigint;
}

export interface DebtorExposureCell extends ExposureCell {
  readonly debtorId: string;
}

export interface ExposureReading {
  readonly tenantId: number;
  readonly asOf: LocalDate;
  readonly position: Position;
  readonly scheme: AgeingScheme;
}

interface CellRow {
  entity_id: string;
  kind: string;
  class: string;
  segment: string;
  related: boolean;
  assessed: boolean;
  currency: string;
  /** Number of thresholds on or before the anchor, oldest first: 0 is the last bucket. */
  reached: number;
  amount: string;
}

const POOL_COLUMNS = 'p.entity_id, p.kind, p.class, p.segment, p.related, p.assessed';

/**
 * Exposure at (asOf, position) from the nearest checkpoint at or before both, plus
 * - what took effect after the checkpoint's date, up to asOf, and
 * - what took effect on or before the checkpoint's date but was recorded after it.
 * Both are bounded by how often checkpoints are taken, whatever the number of receivables. Without a
 * checkpoint (a young book, or a moment inside a running import) every entry is summed: slow, and exact.
 */
export async function readExposure(tx: Tx, reading: ExposureReading): Promise<ExposureCell[]> {
  const { tenantId, asOf, position, scheme } = reading;
  const oldestFirst = anchorThresholds(scheme, asOf).reverse();
  const basis = BASIS_COLUMNS[scheme.basis];
  const [checkpoint] = await tx.query<{ checkpoint_id: bigint; as_of: string; position: bigint; first_month: number }>(
    `SELECT checkpoint_id, as_of, position,
            (SELECT effective_month FROM rc.exposure_entry WHERE tenant_id = $1 ORDER BY effective_on LIMIT 1) AS first_month
     FROM rc.exposure_checkpoint
     WHERE tenant_id = $1 AND as_of <= $2 AND position <= $3
     ORDER BY as_of DESC, position DESC LIMIT 1`,
    [tenantId, asOf, position],
  );
  const rows =
    checkpoint === undefined
      ? await tx.query<CellRow>(fromEntriesAlone(basis.column), [tenantId, asOf, position, oldestFirst])
      : await tx.query<CellRow>(fromCheckpoint(basis.column), [
          tenantId,
          asOf,
          position,
          oldestFirst,
          checkpoint.checkpoint_id,
          checkpoint.as_of,
          checkpoint.position,
          basis.code,
          monthsUpTo(checkpoint.first_month, checkpoint.as_of),
        ]);
  return rows.map((row) => toCell(row, oldestFirst.length));
}

/**
 * The same for chosen debtors, each apart: what their entries say. Cost grows with those debtors' history.
 * With no debtors named, every debtor with a balance is returned.
 */
export async function readDebtorExposure(tx: Tx, reading: ExposureReading, debtorIds?: readonly string[]): Promise<DebtorExposureCell[]> {
  const oldestFirst = anchorThresholds(reading.scheme, reading.asOf).reverse();
  const basis = BASIS_COLUMNS[reading.scheme.basis];
  const rows = await tx.query<CellRow & { debtor_id: string }>(
    `SELECT d.debtor_id, ${POOL_COLUMNS}, s.currency, s.reached, s.amount::text AS amount
     FROM (
       SELECT e.debtor_no, e.pool_id, e.currency, width_bucket(e.${basis.column}, $4::date[]) AS reached, sum(e.amount) AS amount
       FROM rc.exposure_entry e
       WHERE e.tenant_id = $1 AND e.effective_on <= $2 AND e.position <= $3
         ${debtorIds === undefined ? '' : 'AND e.debtor_no = ANY(ARRAY(SELECT debtor_no FROM rc.debtor WHERE tenant_id = $1 AND debtor_id = ANY($5::text[])))'}
       GROUP BY 1, 2, 3, 4
       HAVING sum(e.amount) <> 0
     ) s
     JOIN rc.pool p ON p.tenant_id = $1 AND p.pool_id = s.pool_id
     JOIN rc.debtor d ON d.tenant_id = $1 AND d.debtor_no = s.debtor_no`,
    [reading.tenantId, reading.asOf, reading.position, oldestFirst, ...(debtorIds === undefined ? [] : [debtorIds])],
  );
  return rows.map((row) => ({ ...toCell(row, oldestFirst.length), debtorId: row.debtor_id }));
}

function fromEntriesAlone(anchor: string): string {
  return `
    SELECT ${POOL_COLUMNS}, s.currency, s.reached, s.amount::text AS amount
    FROM (
      SELECT e.pool_id, e.currency, width_bucket(e.${anchor}, $4::date[]) AS reached, sum(e.amount) AS amount
      FROM rc.exposure_entry e
      WHERE e.tenant_id = $1 AND e.effective_on <= $2 AND e.position <= $3
      GROUP BY 1, 2, 3
      HAVING sum(e.amount) <> 0
    ) s
    JOIN rc.pool p ON p.tenant_id = $1 AND p.pool_id = s.pool_id`;
}

/** The months a late row can lie in, so that the index is probed month by month and only rows after the checkpoint are touched. */
function monthsUpTo(firstMonth: number, asOf: string): number[] {
  const lastMonth = Number(asOf.slice(0, 4)) * 12 + Number(asOf.slice(5, 7));
  return Array.from({ length: Math.max(0, lastMonth - firstMonth + 1) }, (_, index) => firstMonth + index);
}

/** $5 checkpoint, $6 its date, $7 its position, $8 the basis, $9 the months up to its date. */
function fromCheckpoint(anchor: string): string {
  return `
    WITH threshold AS MATERIALIZED (
      SELECT reached, day FROM unnest($4::date[]) WITH ORDINALITY AS t(day, reached)
    ),
    -- The balance with an anchor before a threshold is read off the prefix sums by binary search. It lies below the
    -- threshold and not above it, so it is added to the bucket on the one side and taken from the one on the other.
    -- The arrays are fetched whole, once: indexing a stored array would fetch it again for every element.
    prefix AS MATERIALIZED (
      SELECT pool_id, currency, anchors || '{}'::int[] AS anchors, sums || '{}'::bigint[] AS sums
      FROM rc.exposure_prefix WHERE tenant_id = $1 AND checkpoint_id = $5 AND basis = $8
    ),
    folded AS (
      SELECT x.pool_id, x.currency, part.reached, part.amount
      FROM prefix x
      CROSS JOIN LATERAL (
        SELECT t.reached - side.above AS reached,
               (2 * side.above - 1) * COALESCE(x.sums[width_bucket(t.day - DATE '1970-01-01' - 1, x.anchors)], 0) AS amount
        FROM threshold t CROSS JOIN (VALUES (0), (1)) AS side(above)
        UNION ALL
        SELECT cardinality($4::date[]), x.sums[cardinality(x.sums)]
      ) part
    ),
    since AS (
      SELECT e.pool_id, e.currency, width_bucket(e.${anchor}, $4::date[]) AS reached, sum(e.amount) AS amount
      FROM (
        SELECT pool_id, currency, ${anchor}, amount FROM rc.exposure_entry
        WHERE tenant_id = $1 AND effective_on > $6 AND effective_on <= $2 AND position <= $3
        UNION ALL
        SELECT pool_id, currency, ${anchor}, amount FROM rc.exposure_entry
        WHERE tenant_id = $1 AND late AND effective_month = ANY($9::int[]) AND position > $7 AND position <= $3 AND effective_on <= $6
      ) e
      GROUP BY 1, 2, 3
    ),
    total AS (
      SELECT pool_id, currency, reached, sum(amount) AS amount
      FROM (SELECT * FROM folded UNION ALL SELECT * FROM since) u
      GROUP BY 1, 2, 3
      HAVING sum(amount) <> 0
    )
    SELECT ${POOL_COLUMNS}, t.currency, t.reached::int AS reached, t.amount::text AS amount
    FROM total t JOIN rc.pool p ON p.tenant_id = $1 AND p.pool_id = t.pool_id`;
}

function toCell(row: CellRow, thresholds: number): ExposureCell {
  return {
    entityId: row.entity_id,
    kind: row.kind,
    class: row.class,
    segment: row.segment,
    related: row.related,
    assessed: row.assessed,
    currency: row.currency,
    bucket: thresholds - row.reached,
    amount: BigInt(row.amount),
  };
}
