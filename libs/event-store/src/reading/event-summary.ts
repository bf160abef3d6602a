import type { EventCatalogue } from '../catalogue';
import type { Position, Tx } from '../types';

/** Positions of one summary: an import of millions is told in steps that each cost a few milliseconds. */
const SUMMARY_POSITIONS_MAX = 50_000n;
/** Keys named of one kind of event; whoever wants all of them reads the log. */
export const SUMMARY_KEYS_MAX = 20;

/** What one kind of event did to the streams of a category within a stretch of the log. */
export interface EventNews {
  readonly category: string;
  readonly type: string;
  readonly count: number;
  /** Keys of the streams, the latest first, at most SUMMARY_KEYS_MAX. */
  readonly keys: readonly string[];
}

export interface EventSummary {
  /** The news are of everything up to here; another summary goes on after it. */
  readonly through: Position;
  readonly news: readonly EventNews[];
}

/** What happened after one settled position up to another, by category and type, without the data of any event. */
export async function summariseAfter(
  catalogue: EventCatalogue,
  tx: Tx,
  after: Position,
  upTo: Position,
  types: readonly string[],
): Promise<EventSummary> {
  if (tx.tenantId === null) throw new Error('summarising events needs a transaction with a tenant');
  const through = upTo - after > SUMMARY_POSITIONS_MAX ? after + SUMMARY_POSITIONS_MAX : upTo;
  const rows = await tx.query<{ category: string; type: number; count: number; keys: string[] }>(
    `SELECT s.category, e.type, count(*)::int AS count, (array_agg(s.key ORDER BY e.position DESC))[1:$5] AS keys
     FROM es.event e JOIN es.stream s ON s.tenant_id = e.tenant_id AND s.stream_id = e.stream_id
     WHERE e.tenant_id = $1 AND e.position > $2 AND e.position <= $3 AND e.type = ANY ($4::smallint[])
     GROUP BY s.category, e.type ORDER BY max(e.position)`,
    [tx.tenantId, after, through, types.map((type) => catalogue.ofType(type).code), SUMMARY_KEYS_MAX],
  );
  const news = rows.map(({ category, type, count, keys }) => ({
    category,
    type: catalogue.ofCode(type).type,
    count,
    keys: [...new Set(keys)],
  }));
  return { through, news };
}
