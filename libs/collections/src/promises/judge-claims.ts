import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { cashPieces, judgeClaims, type CashMovement, type LocalDate } from '@app/credit-domain';
import type { Database, EventContext, EventStore, Position, StreamAppend, Tx } from '@app/event-store';
import { DATABASE, EVENT_STORE } from '@app/platform';
import { ReadDebtorCashQuery } from '@app/receivables';
import { CaseLog, lockCases } from '../case/case-log';
import { NO_CASE, type DebtorCase } from '../case/debtor-case';
import { DEBTOR_CASE } from '../case/fold-case';
import { cashFrom, claimsOf, judgeAfter } from './case-claims';
import { judgementEvents } from './judgement-events';

/** Debtors judged in one transaction. */
const DEBTORS_PER_BATCH = 100;

interface Candidate {
  readonly debtorId: string;
  readonly from: string;
}

interface Reading {
  readonly position: Position;
  readonly today: LocalDate;
  readonly movements: ReadonlyMap<string, readonly CashMovement[]>;
}

/** Judges promises and instalments from cash: of every debtor whose cash has changed or whose next claim can no longer be kept. */
@Injectable()
export class JudgeClaims {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly log: CaseLog,
    private readonly queries: QueryBus,
  ) {}

  /** One batch; false when there was nothing to judge. Judging the same again writes nothing. */
  async judgeSome(context: EventContext): Promise<boolean> {
    const { tenantId } = context;
    const { candidates, position, today } = await this.database.read(tenantId, async (tx) => {
      const day = await this.log.today(tx, tenantId);
      const { position: settled } = await this.store.latestSettled(tx);
      return { candidates: await toJudge(tx, tenantId, day), position: settled, today: day };
    });
    if (candidates.length === 0) return false;
    const movements = await this.queries.execute(new ReadDebtorCashQuery(tenantId, { position, debtors: candidates }));
    const last = await this.database.transaction(tenantId, (tx) => this.#judge(tx, context, candidates, { position, today, movements }));
    if (last !== null) await this.store.settle(last);
    return true;
  }

  async #judge(tx: Tx, context: EventContext, candidates: readonly Candidate[], reading: Reading): Promise<Position | null> {
    const { tenantId } = context;
    const debtorIds = candidates.map(({ debtorId }) => debtorId);
    await lockCases(tx, tenantId, debtorIds);
    const cases = await this.log.cases(tx, debtorIds);
    const judged = candidates.map((candidate) =>
      judgeCase(candidate, cases.get(candidate.debtorId) ?? NO_CASE(candidate.debtorId), reading),
    );
    // A claim reaching further back than the cash that was read came in between: its debtor is judged in the next batch.
    const done = judged.filter(({ isWhole }) => isWhole);
    await noteJudged(tx, tenantId, done, reading.position);
    const behind = judged.filter(({ isWhole }) => !isWhole);
    await noteClaims(tx, tenantId, behind);
    const appends = done.flatMap(({ append }) => (append === null ? [] : [append]));
    if (appends.length === 0) return null;
    const appended = await this.store.append(
      tx,
      { ...context, ...(reading.position > 0n && { causationPosition: reading.position }) },
      appends,
    );
    return appended.reduce<Position>((latest, { lastPosition }) => (lastPosition > latest ? lastPosition : latest), 0n);
  }
}

interface Judged {
  readonly debtorId: string;
  readonly isWhole: boolean;
  readonly cashFrom: string | null;
  readonly judgeAfter: string | null;
  readonly append: StreamAppend | null;
}

function judgeCase({ debtorId, from }: Candidate, known: DebtorCase, { position, today, movements }: Reading): Judged {
  const claims = claimsOf(known);
  const first = cashFrom(claims);
  if (first !== null && first < from) return { debtorId, isWhole: false, cashFrom: first, judgeAfter: null, append: null };
  const pieces = cashPieces(movements.get(debtorId) ?? [], today);
  const judgements = new Map(
    judgeClaims(
      claims.map(({ claim }) => claim),
      pieces,
      today,
    ).map((judgement) => [judgement.claimId, judgement]),
  );
  const events = judgementEvents(claims, { judgements, knownTo: Number(position) });
  return {
    debtorId,
    isWhole: true,
    cashFrom: first,
    judgeAfter: judgeAfter(claims, judgements),
    append: events.length === 0 ? null : { category: DEBTOR_CASE, key: debtorId, expectedVersion: known.version, events },
  };
}

async function toJudge(tx: Tx, tenantId: number, today: LocalDate): Promise<Candidate[]> {
  const rows = await tx.query<{ debtor_id: string; cash_from: string }>(
    `SELECT c.debtor_id, c.cash_from FROM cl.debtor_claims c
     WHERE c.tenant_id = $1 AND (c.judge_after < $2 OR EXISTS (SELECT FROM cl.cash_seen s WHERE s.tenant_id = $1 AND s.debtor_id = c.debtor_id))
     ORDER BY c.debtor_id LIMIT $3`,
    [tenantId, today, DEBTORS_PER_BATCH],
  );
  return rows.map((row) => ({ debtorId: row.debtor_id, from: row.cash_from }));
}

/** What was judged waits for its next day; cash that came after the reading is looked at again. */
async function noteJudged(tx: Tx, tenantId: number, judged: readonly Judged[], position: Position): Promise<void> {
  const ids = judged.map(({ debtorId }) => debtorId);
  await tx.execute(
    `UPDATE cl.debtor_claims c SET judge_after = w.judge_after, cash_from = COALESCE(w.cash_from, c.cash_from)
     FROM unnest($2::text[], $3::date[], $4::date[]) AS w(debtor_id, judge_after, cash_from)
     WHERE c.tenant_id = $1 AND c.debtor_id = w.debtor_id COLLATE "C"`,
    [tenantId, ids, judged.map((one) => one.judgeAfter), judged.map((one) => one.cashFrom)],
  );
  await tx.execute('DELETE FROM cl.cash_seen WHERE tenant_id = $1 AND debtor_id = ANY($2::text[]) AND position <= $3', [
    tenantId,
    ids,
    position,
  ]);
}

async function noteClaims(tx: Tx, tenantId: number, judged: readonly Judged[]): Promise<void> {
  for (const { debtorId, cashFrom: from } of judged) {
    await tx.execute('UPDATE cl.debtor_claims SET cash_from = $3 WHERE tenant_id = $1 AND debtor_id = $2', [tenantId, debtorId, from]);
  }
}
