import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../database';
import type { Position } from '../types';
import { contentBetween, ContentCheck, contentOfStream } from './content-page';

/** Events held at once, and as many on their way: some tens of megabytes. */
const EVENTS_PER_PAGE = 10_000;
/** Events hashed before others get their turn, some milliseconds: the process may be serving requests. */
const EVENTS_PER_TURN = 500;
const BROKEN_STREAMS_MAX = 20;

/** Where a log is not what was recorded. */
export interface LogFault {
  readonly kind: 'altered' | 'deleted' | 'seal';
  /** of the altered event; of a deleted one that of the event before it on its stream, or after it where there is none. */
  readonly position: Position;
  /** null when a seal does not say which stream it was. */
  readonly stream: { readonly category: string; readonly key: string } | null;
  /** null when the event is gone. */
  readonly type: string | null;
  readonly detail: string;
}

export interface HistoryVerification {
  readonly intact: boolean;
  readonly eventsChecked: number;
  /** null when this role cannot check seals: they cover the events of every tenant. */
  readonly sealsChecked: number | null;
  /** the one at the lowest position. */
  readonly firstFault: LogFault | null;
}

interface HistoryOptions {
  readonly tenantId: number;
  /** the last position that is checked. */
  readonly upTo: Position;
  /** a stream that is checked to its end: that of the signed figures themselves, which were recorded after what they rest on. */
  readonly andStream?: { readonly category: string; readonly key: string };
  readonly eventsPerPage?: number;
  /** called after every page; what it throws ends the verification. */
  readonly onProgress?: (position: Position) => void | Promise<void>;
}

/**
 * Checks what one tenant's figures at a position rest on: the content hash of every event up to it, that no stream has lost an event,
 * and, where the role may see every tenant, the seals up to it. Stops at the position, holds two pages of events, and answers the same
 * whatever the page size. Hashing is this process's work, streams and seals are the database's: they are checked side by side.
 */
export async function verifyHistory(database: Database, options: HistoryOptions): Promise<HistoryVerification> {
  const givenUp = new AbortController();
  const [content, streams, seals] = await Promise.all([
    contentFaults(database, options),
    streamFaults(database, options),
    sealFaults(database, options, givenUp.signal),
  ]).finally(() => {
    givenUp.abort();
  });
  const faults = [...content.faults, ...streams];
  // A seal over an event already named says nothing more.
  const unexplained = seals.faults.filter(({ from, to }) => !faults.some(({ position }) => position >= from && position <= to));
  faults.push(...unexplained.map(({ fault }) => fault));
  const firstFault = faults.reduce<LogFault | null>(
    (first, fault) => (first === null || fault.position < first.position ? fault : first),
    null,
  );
  return { intact: firstFault === null, eventsChecked: content.checked, sealsChecked: seals.checked, firstFault };
}

type Page = Awaited<ReturnType<typeof contentBetween>>;

/** Every event up to the position and the rest of the named stream; only the first fault is kept. */
async function contentFaults(database: Database, options: HistoryOptions): Promise<{ checked: number; faults: LogFault[] }> {
  const { tenantId, upTo, andStream } = options;
  const check = await database.read(tenantId, (tx) => ContentCheck.open(tx, tenantId));
  const faults: LogFault[] = [];
  let checked = 0;
  const checkPage = async (page: Page): Promise<void> => {
    for (const row of page) {
      checked += 1;
      if (checked % EVENTS_PER_TURN === 0) await nextTurn();
      if (faults.length > 0) continue;
      const fault = check.faultOf(row);
      if (fault !== undefined) faults.push({ kind: 'altered', ...fault });
    }
  };
  for await (const page of pagesOf(database, options)) {
    await checkPage(page);
    const last = page.at(-1);
    if (last !== undefined) await options.onProgress?.(BigInt(last[0]));
  }
  if (andStream !== undefined) await checkPage(await database.read(tenantId, (tx) => contentOfStream(tx, { ...andStream, after: upTo })));
  return { checked, faults };
}

/**
 * The next page is fetched while the last one is hashed. A page is a range of positions and not a number of rows: without statistics of
 * what was just imported the planner would sort everything that is left for each page.
 */
async function* pagesOf(database: Database, { tenantId, upTo, eventsPerPage }: HistoryOptions): AsyncGenerator<Page> {
  const positions = BigInt(eventsPerPage ?? EVENTS_PER_PAGE);
  const fetch = async (after: Position): Promise<Page> => {
    if (after >= upTo) return [];
    const to = after + positions < upTo ? after + positions : upTo;
    return database.read(tenantId, (tx) => contentBetween(tx, { after, to }));
  };
  let coming = fetch(0n);
  for (let after = 0n; after < upTo; after += positions) {
    const page = await coming;
    coming = fetch(after + positions);
    // The consumer may give up before it asks for the page that is under way.
    coming.catch(() => undefined);
    yield page;
  }
  await coming;
}

/**
 * Streams with fewer events than their head says. What is missing after the last event of a stream may have stood beyond the position;
 * it is reported nevertheless, for nobody can tell any more.
 */
async function streamFaults(database: Database, { tenantId, upTo }: HistoryOptions): Promise<LogFault[]> {
  return database.read(tenantId, async (tx) => {
    // Without statistics of what was just imported the planner would look up every stream by itself.
    await tx.execute('SET LOCAL enable_nestloop = off');
    const broken = await tx.query<{ stream_id: bigint; category: string; key: string; version: number }>(
      `WITH counted AS (SELECT e.stream_id, count(*) AS events, max(e.version) AS last FROM es.event e WHERE e.tenant_id = $1 GROUP BY e.stream_id)
       SELECT s.stream_id, s.category, s.key, s.version FROM es.stream s LEFT JOIN counted c ON c.stream_id = s.stream_id
        WHERE s.tenant_id = $1 AND (c.events IS DISTINCT FROM s.version OR c.last IS DISTINCT FROM s.version)
        ORDER BY s.stream_id LIMIT $2`,
      [tenantId, BROKEN_STREAMS_MAX],
    );
    if (broken.length === 0) return [];
    const left = await tx.query<{ stream_id: bigint; versions: number[]; positions: Position[] }>(
      `SELECT e.stream_id, array_agg(e.version ORDER BY e.version) AS versions, array_agg(e.position ORDER BY e.version) AS positions
         FROM es.event e WHERE e.tenant_id = $1 AND e.stream_id = ANY($2::bigint[]) GROUP BY e.stream_id`,
      [tenantId, broken.map(({ stream_id: id }) => id)],
    );
    const eventsOf = new Map(left.map((row) => [row.stream_id, row]));
    return broken.flatMap(({ stream_id: id, category, key, version }) => {
      const { versions, positions } = eventsOf.get(id) ?? { versions: [], positions: [] };
      const index = versions.findIndex((each, at) => each !== at + 1);
      const missing = index < 0 ? versions.length + 1 : index + 1;
      const before = positions[missing - 2];
      const after = index < 0 ? undefined : positions[index];
      if (before !== undefined && before > upTo) return [];
      const detail = `version ${String(missing)} of ${category}/${key} is gone; its head says ${String(version)}`;
      return [{ kind: 'deleted' as const, position: before ?? after ?? 0n, stream: { category, key }, type: null, detail }];
    });
  });
}

interface CheckedSeal {
  seal_no: bigint;
  from_position: Position;
  to_position: Position;
  event_count: number;
  events: number;
  root_ok: boolean;
  follows: boolean;
}

/** Every seal that touches the range, recomputed where it lies; the chain from the first one on. */
async function sealFaults(
  database: Database,
  { upTo }: HistoryOptions,
  givenUp: AbortSignal,
): Promise<{ checked: number | null; faults: { from: Position; to: Position; fault: LogFault }[] }> {
  const [role] = await database.statement<{ all_tenants: boolean }>(`SELECT current_user = 'arrears_worker' AS all_tenants`);
  if (role?.all_tenants !== true) return { checked: null, faults: [] };
  const faults: { from: Position; to: Position; fault: LogFault }[] = [];
  let checked = 0;
  for (let sealedTo: Position = 0n; sealedTo < upTo && !givenUp.aborted;) {
    const [seal] = await database.statement<CheckedSeal>(
      `SELECT s.seal_no, s.from_position, s.to_position, s.event_count, b.event_count AS events, b.root = s.root AS root_ok,
              s.from_position = $1 + 1 AND s.prev = coalesce(p.root, decode(repeat('00', 32), 'hex')) AS follows
         FROM (SELECT * FROM es.seal WHERE to_position > $1 ORDER BY to_position LIMIT 1) s
         LEFT JOIN es.seal p ON p.to_position = $1
        CROSS JOIN LATERAL es.block_root(s.prev, s.from_position, s.to_position) b`,
      [sealedTo],
    );
    if (seal === undefined) break;
    const { seal_no: number, from_position: from, to_position: to } = seal;
    if (!seal.root_ok || !seal.follows) {
      const missing = seal.event_count - seal.events;
      const detail =
        missing > 0
          ? `${String(missing)} events between ${String(from)} and ${String(to)} are gone (seal ${String(number)})`
          : `an event between ${String(from)} and ${String(to)}, or seal ${String(number)} itself, was changed together with its hash`;
      const kind = missing > 0 ? ('deleted' as const) : ('seal' as const);
      faults.push({ from, to, fault: { kind, position: from, stream: null, type: null, detail } });
    }
    checked += 1;
    sealedTo = to;
  }
  return { checked, faults };
}
