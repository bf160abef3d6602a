import type { Tx } from '@app/event-store';
import { contentHash } from '../rows/content-hash';
import { readFxRate } from '../rows/fx-rate-row';
import type { FxRateRow } from '../rows/fx-rate-row';
import type { DecidedBatch, DecidingContext, RowKind } from './decided-batch';
import { emptyBatch } from './decided-batch';
import { standingInFile } from './file-keys';

/** Rates: another rate for a date that has one is a correction, known from now on; the same rate again is nothing new. */
export const fxRates: RowKind<FxRateRow> = { read: readFxRate, decide: decideFxRates };

interface Pair {
  streamNo: bigint | null;
  version: number;
}

async function decideFxRates(tx: Tx, rows: readonly FxRateRow[], context: DecidingContext): Promise<DecidedBatch> {
  const batch = emptyBatch();
  const standing = await standingInFile(
    tx,
    context,
    rows.map((row) => ({ key: `${pairOf(row)} ${row.effectiveOn}`, content: contentHash([row.rate], {}) })),
  );
  const pairs = await loadPairs(tx, context.tenantId, [...new Set(rows.map(pairOf))]);
  const known = await loadRates(tx, context.tenantId, rows);
  rows.forEach((row, index) => {
    if (standing[index] === 'contradicts') {
      const reason = `The file states another rate of ${pairOf(row)} on ${row.effectiveOn}.`;
      batch.refused.push({ row: row.row, refusal: { column: 'rate', code: 'conflict', reason } });
      return;
    }
    if (standing[index] === 'repeated' || known.get(`${pairOf(row)} ${row.effectiveOn}`) === row.rate) {
      batch.unchanged += 1;
      return;
    }
    const pair = pairs.get(pairOf(row)) ?? { streamNo: null, version: 0 };
    batch.events.push({
      sourceRow: row.row,
      category: 'fx-rate',
      key: pairOf(row),
      expectedVersion: pair.version,
      streamNo: pair.streamNo,
      type: 'FxRateRecorded',
      effectiveOn: row.effectiveOn,
      data: { base: row.base, quote: row.quote, rate: row.rate },
    });
    pairs.set(pairOf(row), { ...pair, version: pair.version + 1 });
  });
  return batch;
}

function pairOf(row: FxRateRow): string {
  return `${row.base}-${row.quote}`;
}

async function loadPairs(tx: Tx, tenantId: number, keys: readonly string[]): Promise<Map<string, Pair>> {
  const rows = await tx.query<{ key: string; stream_id: bigint; version: number }>(
    `SELECT key, stream_id, version FROM es.stream WHERE tenant_id = $1 AND category = 'fx-rate' AND key = ANY($2::text[])`,
    [tenantId, keys],
  );
  return new Map(rows.map((row) => [row.key, { streamNo: row.stream_id, version: row.version }]));
}

/** The rate in force for each pair and date that has one of its own; trailing zeros are not a difference. */
async function loadRates(tx: Tx, tenantId: number, rows: readonly FxRateRow[]): Promise<Map<string, string>> {
  const found = await tx.query<{ base: string; quote: string; effective_on: string; rate: string }>(
    `SELECT DISTINCT ON (f.base, f.quote, f.effective_on) f.base, f.quote, f.effective_on, trim_scale(f.rate) AS rate
     FROM unnest($2::text[], $3::text[], $4::date[]) AS w(base, quote, effective_on)
     JOIN rc.fx_rate f ON f.tenant_id = $1 AND f.base = w.base AND f.quote = w.quote AND f.effective_on = w.effective_on
     ORDER BY f.base, f.quote, f.effective_on, f.position DESC`,
    [tenantId, rows.map((row) => row.base), rows.map((row) => row.quote), rows.map((row) => row.effectiveOn)],
  );
  return new Map(found.map((row) => [`${row.base}-${row.quote} ${row.effective_on}`, row.rate]));
}
