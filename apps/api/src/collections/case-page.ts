import type { DebtorCaseView } from '@app/collections';
import type { RequestContext } from '@app/platform';
import { z } from 'zod';
import { decodeCursor, page, positionNumber, type EdgeReply, type EdgeRequest } from '../http';

/** The moment and the as-of date the first page was read at, and the position of the last item shown. */
const cursorSchema = z.tuple([z.string(), z.string(), z.int().nonnegative()]);

interface ListQuery {
  readonly asOf?: string | undefined;
  readonly knownAt?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** A list of a case, newest first: its pages are read at the moment of the first one. */
export async function casePage<Record, View extends { readonly position: number }>(
  { tenantId }: RequestContext,
  query: ListQuery,
  http: { readonly request: EdgeRequest; readonly reply: EdgeReply },
  read: (tenantId: number, at: { asOf?: string | undefined; knownAt?: string | undefined }) => Promise<DebtorCaseView>,
  recordsOf: (view: DebtorCaseView) => readonly Record[],
  show: (record: Record) => View,
): Promise<{ asOf: string; knownAt: string; position: number; items: View[]; next: string | null }> {
  const [knownAt, asOf, before] = decodeCursor(query.cursor, cursorSchema) ?? [];
  const view = await read(tenantId, { asOf: asOf ?? query.asOf, knownAt: knownAt ?? query.knownAt });
  const shown = recordsOf(view).map(show);
  const rest = before === undefined ? shown : shown.filter(({ position }) => position < before);
  const at = positionNumber(view.position);
  const { items, next } = page(rest.slice(0, query.limit + 1), query.limit, (last) => [view.knownAt, view.asOf, last.position], http);
  return { asOf: view.asOf, knownAt: view.knownAt, position: at, items, next };
}
