import type { EventCatalogue } from '../catalogue';
import type { Database } from '../database';
import { readAfter } from '../reading/event-reader';
import type { Position, StoredEvent, Tx } from '../types';

/** Events of one page. Also the most that readAfter gives, so a page is always read whole. */
export const PAGE_EVENTS_MAX = 10_000;
/** Pages up to this size are read once and kept for the other processors. */
const SHARED_PAGE_EVENTS_MAX = 1_000;
const SHARED_PAGES_MAX = 32;

/** What lies between a checkpoint and the mark: where the page ends, how many events it has and of which types. */
export interface PageOutline {
  after: Position;
  upTo: Position;
  eventCount: number;
  typeCodes: ReadonlySet<number>;
}

/** Reads pages of settled events. They never change, so what one processor has read serves the next. */
export class PageReader {
  readonly #outlines = new Map<string, Promise<PageOutline>>();
  readonly #pages = new Map<string, Promise<StoredEvent[]>>();

  constructor(
    private readonly database: Database,
    private readonly catalogue: EventCatalogue,
  ) {}

  outline(tenantId: number, after: Position, mark: Position): Promise<PageOutline> {
    return shared(this.#outlines, `${tenantId}/${after}/${mark}`, async () => {
      const [row] = await this.database.statement<{ events: number; last: Position | null; types: number[] | null }>(
        `SELECT count(*)::int AS events, max(position) AS last, array_agg(DISTINCT type) AS types
           FROM (SELECT position, type FROM es.event WHERE tenant_id = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4) page`,
        [tenantId, after, mark, PAGE_EVENTS_MAX],
      );
      const eventCount = row?.events ?? 0;
      const upTo = eventCount === PAGE_EVENTS_MAX ? (row?.last ?? mark) : mark;
      return { after, upTo, eventCount, typeCodes: new Set(row?.types ?? []) };
    });
  }

  /** Events of a page of the given types. */
  async events(tx: Tx, tenantId: number, page: PageOutline, types: readonly string[] | 'all'): Promise<StoredEvent[]> {
    if (page.eventCount > SHARED_PAGE_EVENTS_MAX) {
      return readAfter(this.catalogue, tx, page.after, page.upTo, types === 'all' ? {} : { types });
    }
    const all = await shared(this.#pages, `${tenantId}/${page.after}/${page.upTo}`, () =>
      readAfter(this.catalogue, tx, page.after, page.upTo),
    );
    return types === 'all' ? [...all] : all.filter((event) => types.includes(event.type));
  }
}

function shared<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  made.catch(() => cache.delete(key));
  if (cache.size > SHARED_PAGES_MAX) {
    const oldest = cache.keys().next();
    if (oldest.done !== true) cache.delete(oldest.value);
  }
  return made;
}
