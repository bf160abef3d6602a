import { createHash } from 'node:crypto';
import type { Database } from '../database';
import type { Position } from '../types';
import { BLOCK_POSITIONS_MAX, GENESIS_ROOT, SEAL_VERSION, type SealHead, sealHead } from './sealer';
import { contentFault, storedContent, type StoredContent } from './stored-content';
import { brokenStreams } from './verify-streams';

/** Problems kept in a report; the count goes on. */
const PROBLEMS_MAX = 200;

export interface LogProblem {
  /**
   * `altered`: content, time of recording or hash of an event changed. `deleted`: an event is gone. `inserted`: one was added.
   * `reordered`: events of a stream changed places. `truncated`: the end was cut off. `seal`: the chain of seals itself is broken.
   */
  kind: 'altered' | 'deleted' | 'inserted' | 'reordered' | 'truncated' | 'seal';
  fromPosition: Position;
  toPosition: Position;
  detail: string;
}

export interface LogVerification {
  ok: boolean;
  events: number;
  seals: number;
  sealedTo: Position;
  lastPosition: Position;
  head: SealHead | null;
  problemCount: number;
  problems: LogProblem[];
}

export interface VerifyOptions {
  /** A head that was exported earlier: the chain must still contain it. */
  expectedHead?: Pick<SealHead, 'sealNo' | 'toPosition' | 'root'>;
  onProgress?: (position: Position) => void;
}

export interface SealRow {
  seal_no: bigint;
  from_position: Position;
  to_position: Position;
  event_count: number;
  seal_version: number;
  prev: Buffer;
  root: Buffer;
}

/** Where the chain has got to. */
export interface ChainLink {
  readonly sealNo: bigint;
  readonly sealedTo: Position;
  readonly root: Buffer;
}

export const CHAIN_START: ChainLink = { sealNo: 0n, sealedTo: 0n, root: GENESIS_ROOT };

/** The link that the next seal has to follow. */
export function linkOf(seal: SealRow): ChainLink {
  return { sealNo: seal.seal_no, sealedTo: seal.to_position, root: seal.root };
}

function rangeOf(seal: SealRow): Pick<LogProblem, 'fromPosition' | 'toPosition'> {
  return { fromPosition: seal.from_position, toPosition: seal.to_position };
}

/** One seal against the link before it and against the events it covers. Answers how many events those are. */
export async function checkSeal(
  database: Database,
  seal: SealRow,
  before: ChainLink,
  lastPosition: Position,
  report: (problem: LogProblem) => void,
): Promise<number> {
  const range = rangeOf(seal);
  if (seal.seal_no !== before.sealNo + 1n || seal.from_position !== before.sealedTo + 1n || !seal.prev.equals(before.root)) {
    report({ kind: 'seal', ...range, detail: `seal ${seal.seal_no} does not follow seal ${before.sealNo}` });
  }
  if (seal.seal_version !== SEAL_VERSION) report({ kind: 'seal', ...range, detail: `seal version ${seal.seal_version} is unknown` });
  const block = await storedContent(database, seal.from_position, seal.to_position);
  const faults = checkContent(block, report);
  if (!blockRoot(seal.prev, block).equals(seal.root)) explainBlock(seal, block, faults, lastPosition, report);
  return block.length;
}

/**
 * Recomputes every content hash, every seal and every stream's length, range by range, and reports what does not agree.
 * Needs the worker role: another one does not see every tenant.
 */
export async function verifyLog(database: Database, options: VerifyOptions = {}): Promise<LogVerification> {
  const problems: LogProblem[] = [];
  let problemCount = 0;
  const report = (problem: LogProblem): void => {
    problemCount += 1;
    if (problems.length < PROBLEMS_MAX) problems.push(problem);
  };
  const lastPosition = await lastStoredPosition(database);
  let events = 0;
  let expected = options.expectedHead;
  let link = CHAIN_START;
  for (let seal = await sealAfter(database, 0n); seal !== undefined; seal = await sealAfter(database, link.sealedTo)) {
    events += await checkSeal(database, seal, link, lastPosition, report);
    if (expected?.sealNo === seal.seal_no) {
      if (expected.root !== seal.root.toString('hex') || expected.toPosition !== seal.to_position)
        report({ kind: 'seal', ...rangeOf(seal), detail: `seal ${seal.seal_no} is not the one that was exported` });
      expected = undefined;
    }
    link = linkOf(seal);
    options.onProgress?.(link.sealedTo);
  }
  const { sealNo, sealedTo } = link;
  if (expected !== undefined) {
    report({
      kind: 'truncated',
      fromPosition: sealedTo + 1n,
      toPosition: expected.toPosition,
      detail: `the exported seal ${expected.sealNo} is gone`,
    });
  }
  for (let from = sealedTo + 1n; from <= lastPosition; from += BigInt(BLOCK_POSITIONS_MAX)) {
    const block = await storedContent(database, from, from + BigInt(BLOCK_POSITIONS_MAX) - 1n);
    events += block.length;
    checkContent(block, report);
    options.onProgress?.(from);
  }
  for await (const problem of brokenStreams(database, lastPosition)) report(problem);
  const head = await sealHead(database);
  return { ok: problemCount === 0, events, seals: Number(sealNo), sealedTo, lastPosition, head, problemCount, problems };
}

/** Each event by itself, and the order of versions within the block. Answers how many faults it reported. */
function checkContent(block: readonly StoredContent[], report: (problem: LogProblem) => void): number {
  const versions = new Map<bigint, number>();
  let faults = 0;
  for (const event of block) {
    const at = { fromPosition: event.position, toPosition: event.position };
    const fault = contentFault(event);
    if (fault !== undefined) {
      faults += 1;
      report({ kind: 'altered', ...at, detail: `event ${event.position}: ${fault}` });
    }
    const before = versions.get(event.stream_id) ?? 0;
    if (event.version <= before) {
      faults += 1;
      report({
        kind: 'reordered',
        ...at,
        detail: `event ${event.position} is version ${event.version} of its stream after version ${before}`,
      });
    }
    versions.set(event.stream_id, event.version);
  }
  return faults;
}

/** Why a block no longer has its root. */
function explainBlock(
  seal: SealRow,
  block: readonly StoredContent[],
  faults: number,
  lastPosition: Position,
  report: (problem: LogProblem) => void,
): void {
  const range = { fromPosition: seal.from_position, toPosition: seal.to_position };
  const missing = seal.event_count - block.length;
  if (missing > 0) {
    const cut = lastPosition < seal.to_position;
    report({
      kind: cut ? 'truncated' : 'deleted',
      ...range,
      detail: `${missing} of ${seal.event_count} events of seal ${seal.seal_no} are gone`,
    });
  } else if (missing < 0) {
    report({ kind: 'inserted', ...range, detail: `seal ${seal.seal_no} has ${-missing} events more than it sealed` });
  } else if (faults === 0) {
    report({ kind: 'altered', ...range, detail: `a position, a time of recording or a hash under seal ${seal.seal_no} was changed` });
  }
}

function blockRoot(prev: Buffer, block: readonly StoredContent[]): Buffer {
  const hash = createHash('sha256').update(prev);
  const numbers = Buffer.alloc(16);
  for (const event of block) {
    numbers.writeBigInt64BE(event.position, 0);
    numbers.writeBigInt64BE(event.recorded_us, 8);
    hash.update(numbers).update(event.hash);
  }
  return hash.digest();
}

/** The seal that ends after a position; undefined when there is none. */
export async function sealAfter(database: Database, position: Position): Promise<SealRow | undefined> {
  const [row] = await database.statement<SealRow>(
    `SELECT seal_no, from_position, to_position, event_count, seal_version, prev, root FROM es.seal WHERE to_position > $1 ORDER BY to_position LIMIT 1`,
    [position],
  );
  return row;
}

/** Position of the last event of any tenant. */
export async function lastStoredPosition(database: Database): Promise<Position> {
  const [row] = await database.statement<{ last: Position | null }>(
    `SELECT max(h.position) AS last FROM es.tenants() AS t(tenant_id)
      CROSS JOIN LATERAL (SELECT e.position FROM es.event e WHERE e.tenant_id = t.tenant_id ORDER BY e.position DESC LIMIT 1) h`,
  );
  return row?.last ?? 0n;
}
