import type { EventStore, Position, Processor, Tx } from '@app/event-store';
import {
  COUNT_ENTRIES,
  INSERT_CREDITS_OF_RANGE,
  INSERT_DIFFERENCE_OF_LINES,
  INSERT_DIFFERENCE_OF_LINES_AND_PARTS,
  INSERT_ENTRIES_OF_RANGE,
  INSERT_ENTRIES_OF_RECLASSIFIED,
  INSERT_ENTRIES_OF_UNRECLASSIFIED,
  INSERT_INTERVALS,
  INSERT_NEW_CURRENCIES,
  INSERT_NEW_ENTITIES,
  INSERT_NEW_LINES,
  SELECT_DEBTOR_AMENDMENTS,
  SELECT_HAS_RECLASSIFICATIONS,
} from './exposure.sql';
import type { Line, LineInterval } from './pool-registry';
import { LOCK_EXPOSURE_OF_TENANT } from './take-checkpoints';
import { intervalsOfLines } from './pool-registry';

/** The name under which the projection keeps its checkpoint; readings wait for it. */
export const EXPOSURE_PROCESSOR = 'exposure';

/** The event of provisioning that moves a debtor's balances between the collective and the individual side. */
const ASSESSMENT_APPROVED = 'IndividualAssessmentApproved';

/** Debtors whose balances move between pools in one statement. */
const POOL_CHANGES_PER_STATEMENT_MAX = 1_000;

/** The same where receivables were reclassified: the planner cannot tell how many parts there are and compares each with every line. */
const POOL_CHANGES_PER_STATEMENT_WITH_PARTS_MAX = 50;

/** A fact that may move the balances of a debtor already on the books from one pool to another. */
interface PoolChange {
  readonly position: Position;
  readonly debtor_no: bigint;
}

/**
 * Turns facts into exposure entries, strictly in the order of the log: an entry says where a balance was
 * by what was known at its position, so a change of pool must not be seen by a fact recorded before it.
 * It carries money: an event it cannot apply stops it.
 */
export class ExposureProcessor implements Processor {
  readonly name = EXPOSURE_PROCESSOR;
  readonly lanes = 1;
  readonly onError = 'stop';
  readonly eventTypes = [
    'DebtorRegistered',
    'DebtorAmended',
    'ReceivableRecognised',
    'ReceivableMovementRecorded',
    'ReceivableReclassified',
    'DebtorCreditRecorded',
    'FxRateRecorded',
    ASSESSMENT_APPROVED,
  ];

  /**
   * @param requestCheckpoints leaves the intent to take checkpoints, in the transaction of the page; given the tenant and the entries not yet
   * covered by one.
   */
  constructor(
    private readonly store: EventStore,
    private readonly requestCheckpoints: (tx: Tx, tenantId: number, uncovered: bigint) => Promise<void>,
  ) {}

  async apply(tx: Tx, page: { tenantId: number; after: Position; upTo: Position }): Promise<void> {
    await tx.execute(LOCK_EXPOSURE_OF_TENANT, [page.tenantId]);
    const changes = [...(await this.recordAssessments(tx, page)), ...(await amendments(tx, page))].sort((a, b) =>
      a.position < b.position ? -1 : 1,
    );
    let after = page.after;
    let written = 0;
    const parts = changes.length > 0 && (await hasReclassifications(tx, page.tenantId, page.upTo));
    const together = parts ? POOL_CHANGES_PER_STATEMENT_WITH_PARTS_MAX : POOL_CHANGES_PER_STATEMENT_MAX;
    for (const run of runsOfNeighbours(changes, together)) {
      const first = run[0];
      const last = run.at(-1);
      if (first === undefined || last === undefined) continue;
      // Up to the fact before the change: what was recorded earlier must not know of it.
      written += await projectFacts(tx, page.tenantId, after, first.position - 1n);
      written += await movePools(tx, page.tenantId, run);
      after = last.position;
    }
    written += await projectFacts(tx, page.tenantId, after, page.upTo);
    if (written === 0) return;
    const [state] = await tx.query<{ uncovered: bigint }>(COUNT_ENTRIES, [page.tenantId, written]);
    await this.requestCheckpoints(tx, page.tenantId, state?.uncovered ?? 0n);
  }

  /** Keeps approved assessments where intervals are computed from; the events are few. */
  private async recordAssessments(tx: Tx, page: { tenantId: number; after: Position; upTo: Position }): Promise<PoolChange[]> {
    const events = await this.store.readAfter(tx, page.after, page.upTo, { types: [ASSESSMENT_APPROVED] });
    const changes: PoolChange[] = [];
    for (const event of events) {
      const { debtorId, entityId = null, kinds = null, effectiveOn, release = false } = event.data;
      const [fact] = await tx.query<PoolChange>(
        `INSERT INTO rc.assessment_fact (tenant_id, debtor_no, position, effective_on, entity_id, kinds, release)
         SELECT $1, debtor_no, $3, $4, $5, $6, $7 FROM rc.debtor WHERE tenant_id = $1 AND debtor_id = $2
         RETURNING position, debtor_no`,
        [page.tenantId, debtorId, event.position, effectiveOn, entityId, kinds, release],
      );
      if (fact === undefined)
        throw new Error(`The assessment at position ${String(event.position)} names a debtor that is not on the books.`);
      changes.push(fact);
    }
    return changes;
  }
}

function amendments(tx: Tx, page: { tenantId: number; after: Position; upTo: Position }): Promise<PoolChange[]> {
  return tx.query<PoolChange>(SELECT_DEBTOR_AMENDMENTS, [page.tenantId, page.after, page.upTo]);
}

/** Changes at neighbouring positions have no fact between them; those of different debtors can move together. */
function runsOfNeighbours(changes: readonly PoolChange[], together: number): PoolChange[][] {
  const runs: PoolChange[][] = [];
  let debtors = new Set<bigint>();
  for (const change of changes) {
    const run = runs.at(-1);
    const previous = run?.at(-1);
    if (run !== undefined && previous?.position === change.position - 1n && !debtors.has(change.debtor_no) && run.length < together) {
      run.push(change);
      debtors.add(change.debtor_no);
    } else {
      runs.push([change]);
      debtors = new Set([change.debtor_no]);
    }
  }
  return runs;
}

/** Whether any receivable of the book was reclassified up to a position; most books have none, and statements that need not ask are faster. */
async function hasReclassifications(tx: Tx, tenantId: number, upTo: Position): Promise<boolean> {
  const [found] = await tx.query<{ reclassified: boolean }>(SELECT_HAS_RECLASSIFICATIONS, [tenantId, upTo]);
  return found?.reclassified === true;
}

/** Entries of the recognitions, movements and reclassifications of a range in which no debtor changes pool. */
async function projectFacts(tx: Tx, tenantId: number, after: Position, upTo: Position): Promise<number> {
  if (upTo <= after) return 0;
  await tx.execute(INSERT_NEW_CURRENCIES, [tenantId, after, upTo]);
  await tx.execute(INSERT_CREDITS_OF_RANGE, [tenantId, after, upTo]);
  const newLines = await tx.query<Line>(INSERT_NEW_LINES, [tenantId, after, upTo]);
  if (newLines.length > 0) {
    await insertIntervals(tx, tenantId, await intervalsOfLines(tx, tenantId, newLines, upTo));
    await tx.execute(INSERT_NEW_ENTITIES, [tenantId, after, upTo, newLines.map((line) => line.entity_id)]);
  }
  if (!(await hasReclassifications(tx, tenantId, upTo))) return tx.execute(INSERT_ENTRIES_OF_RANGE, [tenantId, after, upTo]);
  const unreclassified = await tx.execute(INSERT_ENTRIES_OF_UNRECLASSIFIED, [tenantId, after, upTo]);
  return unreclassified + (await tx.execute(INSERT_ENTRIES_OF_RECLASSIFIED, [tenantId, after, upTo]));
}

/** Moves the balances of debtors whose pool changed, on the days the change says, and keeps the new intervals. */
async function movePools(tx: Tx, tenantId: number, run: readonly PoolChange[]): Promise<number> {
  const lines = await tx.query<Line>(
    'SELECT line_no, debtor_no, entity_id, kind, class FROM rc.line WHERE tenant_id = $1 AND debtor_no = ANY($2::bigint[])',
    [tenantId, run.map((change) => change.debtor_no)],
  );
  const last = run.at(-1);
  if (lines.length === 0 || last === undefined) return 0;
  const lineNumbers = lines.map((line) => line.line_no);
  const before = await tx.query<{ line_no: bigint; from_on: string; to_on: string; pool_id: number }>(
    'SELECT line_no, from_on, to_on, pool_id FROM rc.line_interval WHERE tenant_id = $1 AND line_no = ANY($2::bigint[])',
    [tenantId, lineNumbers],
  );
  const describe = (rows: readonly LineInterval[]): Map<bigint, string> => {
    const byLine = new Map<bigint, string[]>();
    for (const r of rows) byLine.set(r.lineNo, [...(byLine.get(r.lineNo) ?? []), `${r.fromOn}|${r.toOn}|${String(r.poolId)}`]);
    return new Map([...byLine].map(([lineNo, parts]) => [lineNo, parts.sort().join()]));
  };
  const old = describe(before.map((r) => ({ lineNo: r.line_no, fromOn: r.from_on, toOn: r.to_on, poolId: r.pool_id })));
  const intervals = await intervalsOfLines(tx, tenantId, lines, last.position);
  const described = describe(intervals);
  const changed = new Set(lineNumbers.filter((lineNo) => described.get(lineNo) !== old.get(lineNo)));
  if (changed.size === 0) return 0;

  const positionOfDebtor = new Map(run.map((change) => [change.debtor_no, change.position]));
  const positionOfLine = new Map(lines.map((line) => [line.line_no, positionOfDebtor.get(line.debtor_no)]));
  const moved = intervals.filter((i) => changed.has(i.lineNo));
  const parts = await hasReclassifications(tx, tenantId, last.position);
  const written = await tx.execute(parts ? INSERT_DIFFERENCE_OF_LINES_AND_PARTS : INSERT_DIFFERENCE_OF_LINES, [
    tenantId,
    moved.map((i) => i.lineNo),
    moved.map((i) => positionOfLine.get(i.lineNo)),
    moved.map((i) => i.fromOn),
    moved.map((i) => i.toOn),
    moved.map((i) => i.poolId),
  ]);
  await tx.execute('DELETE FROM rc.line_interval WHERE tenant_id = $1 AND line_no = ANY($2::bigint[])', [tenantId, [...changed]]);
  await insertIntervals(tx, tenantId, moved);
  return written;
}

async function insertIntervals(tx: Tx, tenantId: number, intervals: readonly LineInterval[]): Promise<void> {
  await tx.execute(INSERT_INTERVALS, [
    tenantId,
    intervals.map((i) => i.lineNo),
    intervals.map((i) => i.fromOn),
    intervals.map((i) => i.toOn),
    intervals.map((i) => i.poolId),
  ]);
}
