import type { Tx } from '@app/event-store';
import { CONTROL_TOTAL_CATEGORY, controlStream } from '../../control-totals/control-key';
import { contentHash } from '../rows/content-hash';
import type { ControlTotalRow } from '../rows/control-total-row';
import { readControlTotal } from '../rows/control-total-row';
import type { DecidedBatch, DecidingContext, RowKind } from './decided-batch';
import { emptyBatch } from './decided-batch';
import { standingInFile } from './file-keys';
import { eachOf } from './look-up';

/** Control totals: another amount for an account and date that have one is a correction, known from now on; the same again is nothing new. */
export const controlTotals: RowKind<ControlTotalRow> = { read: readControlTotal, decide: decideControlTotals };

interface Stream {
  streamNo: bigint | null;
  version: number;
}

async function decideControlTotals(tx: Tx, rows: readonly ControlTotalRow[], context: DecidingContext): Promise<DecidedBatch> {
  const batch = emptyBatch();
  const standing = await standingInFile(
    tx,
    context,
    rows.map((row) => ({ key: totalOf(row), content: contentHash([String(row.amount)], {}) })),
  );
  const streams = await loadStreams(tx, context.tenantId, [...new Set(rows.map(controlStream))]);
  const known = await loadAmounts(tx, context.tenantId, rows);
  rows.forEach((row, index) => {
    if (standing[index] === 'contradicts') {
      const reason = `The file states another total of account ${row.account} on ${row.asOf}.`;
      batch.refused.push({ row: row.row, refusal: { column: 'amount', code: 'conflict', reason } });
      return;
    }
    if (standing[index] === 'repeated' || known.get(totalOf(row)) === row.amount) {
      batch.unchanged += 1;
      return;
    }
    const key = controlStream(row);
    const stream = streams.get(key) ?? { streamNo: null, version: 0 };
    const { entityId, kind, currency, account, amount, attributes } = row;
    batch.events.push({
      sourceRow: row.row,
      category: CONTROL_TOTAL_CATEGORY,
      key,
      expectedVersion: stream.version,
      streamNo: stream.streamNo,
      type: 'ControlTotalRecorded',
      effectiveOn: row.asOf,
      data: { entityId, kind, currency, account, amount: String(amount), attributes },
    });
    streams.set(key, { ...stream, version: stream.version + 1 });
  });
  return batch;
}

function totalOf(row: ControlTotalRow): string {
  return `${row.asOf} ${controlStream(row)}`;
}

async function loadStreams(tx: Tx, tenantId: number, keys: readonly string[]): Promise<Map<string, Stream>> {
  const rows = await tx.query<{ key: string; stream_id: bigint; version: number }>(
    `SELECT s.key, s.stream_id, s.version FROM unnest($2::text[]) AS w(key)
     ${eachOf(`SELECT * FROM es.stream WHERE tenant_id = $1 AND category = '${CONTROL_TOTAL_CATEGORY}' AND key = w.key`)} s`,
    [tenantId, keys],
  );
  return new Map(rows.map((row) => [row.key, { streamNo: row.stream_id, version: row.version }]));
}

/** The total in force for each account and date that has one. */
async function loadAmounts(tx: Tx, tenantId: number, rows: readonly ControlTotalRow[]): Promise<Map<string, bigint>> {
  const found = await tx.query<{ place: bigint; amount: bigint }>(
    `SELECT w.place, c.amount
     FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::date[]) WITH ORDINALITY AS w(entity_id, kind, currency, account, as_of, place)
     ${eachOf(
       `SELECT amount FROM rc.control_total
        WHERE tenant_id = $1 AND as_of = w.as_of AND entity_id = w.entity_id AND kind = w.kind AND currency = w.currency
          AND account = w.account COLLATE "C"
        ORDER BY position DESC LIMIT 1`,
     )} c`,
    [
      tenantId,
      rows.map((row) => row.entityId),
      rows.map((row) => row.kind),
      rows.map((row) => row.currency),
      rows.map((row) => row.account),
      rows.map((row) => row.asOf),
    ],
  );
  const amounts = new Map<string, bigint>();
  for (const { place, amount } of found) {
    const row = rows[Number(place) - 1];
    if (row !== undefined) amounts.set(totalOf(row), amount);
  }
  return amounts;
}
