import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { QueryHandler } from '@nestjs/cqrs';
import type { AgeingScheme, AnchorRange } from '@app/credit-domain';
import { KINDS_WITH_ECL, addDays, boundaryAnchors, bucketOf, localDate } from '@app/credit-domain';
import type { EventStore, Position, Tx } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { policySchemeId, schemeAt } from '../ageing/schemes';
import type { BalanceRow } from '../drill-down/balances.sql';
import { BALANCES, toBalance } from '../drill-down/balances.sql';
import { readAt } from '../exposure/read-at';
import type { BoundaryItem, BoundaryItems, BoundaryItemsRequest } from './boundary-items.query';
import { ListBoundaryItemsQuery } from './boundary-items.query';

/** The anchor of a receivable as it was recognised, and as it is taken for on the date (`BALANCES` calls the latter c). */
const ANCHORS = {
  recognition: { recognised: 'r.recognised_on', inForce: 'r.recognised_on' },
  invoice: { recognised: 'r.invoiced_on', inForce: 'COALESCE(c.invoiced_on, r.invoiced_on)' },
  due: { recognised: 'r.due_on', inForce: 'CASE WHEN c.position IS NULL THEN r.due_on ELSE c.due_on END' },
} as const;

/** Parameters of BALANCES: tenant, date, position. Ours follow: after, limit, kinds, then the ranges. */
const OWN_PARAMETERS = 6;

@QueryHandler(ListBoundaryItemsQuery)
export class ListBoundaryItemsHandler implements IQueryHandler<ListBoundaryItemsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ request }: ListBoundaryItemsQuery): Promise<BoundaryItems> {
    return readAt(this.store, request.tenantId, request.knownAt, async (tx, known) => {
      const scheme = await this.schemeOf(tx, request, known.position);
      const rows = await readRows(tx, request, known.position, scheme);
      return {
        asOf: request.asOf,
        ...known,
        scheme: scheme.id,
        basis: scheme.basis,
        items: rows.slice(0, request.limit).map((row) => toItem(row, request.asOf, scheme)),
        hasMore: rows.length > request.limit,
      };
    });
  }

  private async schemeOf(tx: Tx, { scheme, kind, asOf }: BoundaryItemsRequest, position: Position): Promise<AgeingScheme> {
    return schemeAt(this.store, tx, scheme ?? (await policySchemeId(this.store, tx, kind, asOf, position)), position);
  }
}

function readRows(tx: Tx, request: BoundaryItemsRequest, position: Position, scheme: AgeingScheme): Promise<BalanceRow[]> {
  const ranges = boundaryAnchors(scheme, localDate(request.asOf));
  if (ranges.length === 0) return Promise.resolve([]);
  const kinds = request.kind === undefined ? KINDS_WITH_ECL : [request.kind];
  const { recognised, inForce } = ANCHORS[scheme.basis];
  // What was never reclassified is found by its own dates, before anything is looked up for it.
  const candidates = `(${within(ranges, recognised)} OR r.receivable_no IN (SELECT receivable_no FROM rc.reclassification WHERE tenant_id = $1))`;
  return tx.query<BalanceRow>(
    `SELECT * FROM (${BALANCES} AND r.receivable_id > $4 COLLATE "C" AND ${candidates} AND (${within(ranges, inForce)})) balance
     WHERE outstanding <> '0' AND kind = ANY($6::text[]) ORDER BY receivable_id LIMIT $5`,
    [
      request.tenantId,
      request.asOf,
      position,
      request.after ?? '',
      request.limit + 1,
      kinds,
      ...ranges.flatMap(({ from, until }) => [from, until]),
    ],
  );
}

function within(ranges: readonly AnchorRange[], anchor: string): string {
  const each = ranges.map((_range, index) => {
    const first = OWN_PARAMETERS + 1 + index * 2;
    return `(${anchor} >= $${String(first)}::date AND ${anchor} < $${String(first + 1)}::date)`;
  });
  return each.join(' OR ');
}

function toItem(row: BalanceRow, asOf: string, scheme: AgeingScheme): BoundaryItem {
  const anchor = { recognition: row.recognised_on, invoice: row.invoiced_on, due: row.due_on }[scheme.basis];
  if (anchor === null) throw new Error(`receivable ${row.receivable_id} has no due date to be on a boundary of`);
  const date = localDate(asOf);
  const labelOn = (day: typeof date): string => scheme.buckets[bucketOf(scheme, day, localDate(anchor))]?.label ?? '';
  return { ...toBalance(row, asOf), anchor, bucket: labelOn(date), nextBucket: labelOn(addDays(date, 1)) };
}
