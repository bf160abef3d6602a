import { Inject, Injectable } from '@nestjs/common';
import type { LocalDate } from '@app/credit-domain';
import type { EventContext, EventStore, NewEvent, Position, Tx } from '@app/event-store';
import { CLOCK, EVENT_STORE, Intents, type Clock } from '@app/platform';
import { appendAndSettle } from '../append-and-settle';
import { businessDateOf } from '../business-date';
import type { DebtorCase } from './debtor-case';
import { NO_CASE } from './debtor-case';
import { DEBTOR_CASE, foldCases } from './fold-case';

/** The job that judges promises and instalments, and the name its requests are made under. */
export const JUDGE_CLAIMS = 'judge-claims';

/** What a command about a debtor's case records, and what follows from it. */
export interface CaseDecision<Result> {
  readonly events: readonly NewEvent[];
  readonly result: Result;
  /** A new promise, dispute or plan, to be found by its id. */
  readonly opened?: string;
  /** Claims that were made or changed: they are judged at once, since cash for them may be there already. */
  readonly claimed?: { readonly cashFrom: string };
}

/** Reads and writes the cases of debtors. */
@Injectable()
export class CaseLog {
  constructor(
    @Inject(EVENT_STORE) readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly intents: Intents,
  ) {}

  /** Reads, decides and writes in one transaction, one at a time for a debtor; answers once every later read sees it. */
  decide<Result>(
    context: EventContext,
    debtorId: string,
    decide: (tx: Tx, known: DebtorCase) => Promise<CaseDecision<Result>> | CaseDecision<Result>,
  ): Promise<Result> {
    return appendAndSettle(this.store, context, async (tx) => {
      await lockCases(tx, context.tenantId, [debtorId]);
      const known = (await this.cases(tx, [debtorId])).get(debtorId) ?? NO_CASE(debtorId);
      const decided = await decide(tx, known);
      if (decided.opened !== undefined) await recordRef(tx, context.tenantId, decided.opened, debtorId);
      if (decided.claimed !== undefined) await this.#requestJudgement(tx, context.tenantId, debtorId, decided.claimed.cashFrom);
      const appends =
        decided.events.length === 0
          ? []
          : [{ category: DEBTOR_CASE, key: debtorId, expectedVersion: known.version, events: decided.events }];
      return { appends, result: decided.result };
    });
  }

  async cases(
    tx: Tx,
    debtorIds: readonly string[],
    at: { readonly asOf?: string; readonly position?: Position } = {},
  ): Promise<Map<string, DebtorCase>> {
    return foldCases(await this.store.readStreams(tx, DEBTOR_CASE, [...new Set(debtorIds)].sort(), at.position), at.asOf);
  }

  /** The debtor a promise, dispute or plan is about; null when there is none of that id. */
  async debtorOf(tx: Tx, tenantId: number, caseId: string): Promise<string | null> {
    const sql = 'SELECT debtor_id FROM cl.case_ref WHERE tenant_id = $1 AND case_id = $2';
    return (await tx.query<{ debtor_id: string }>(sql, [tenantId, caseId]))[0]?.debtor_id ?? null;
  }

  /** The business date of the tenant, in its own time zone where it has one. */
  today(tx: Tx, tenantId: number): Promise<LocalDate> {
    return businessDateOf(tx, this.clock, tenantId);
  }

  async #requestJudgement(tx: Tx, tenantId: number, debtorId: string, cashFrom: string): Promise<void> {
    await tx.execute(
      `INSERT INTO cl.debtor_claims AS c (tenant_id, debtor_id, cash_from) VALUES ($1, $2, $3)
       ON CONFLICT (tenant_id, debtor_id) DO UPDATE SET cash_from = LEAST(c.cash_from, EXCLUDED.cash_from)`,
      [tenantId, debtorId, cashFrom],
    );
    // Position 0: whatever is known when they are judged.
    await tx.execute('INSERT INTO cl.cash_seen (tenant_id, debtor_id, position) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING', [
      tenantId,
      debtorId,
    ]);
    await this.intents.request(tx, tenantId, { kind: JUDGE_CLAIMS, key: JUDGE_CLAIMS, payload: {} });
  }
}

/** One decision at a time about each of these debtors, until the end of the transaction; in one order, so that two never wait for each other. */
export async function lockCases(tx: Tx, tenantId: number, debtorIds: readonly string[]): Promise<void> {
  await tx.query(
    `SELECT pg_advisory_xact_lock(hashtextextended('cl.case:' || w.id, $1)) FROM unnest($2::text[]) WITH ORDINALITY AS w(id, n) ORDER BY w.n`,
    [tenantId, [...debtorIds].sort()],
  );
}

async function recordRef(tx: Tx, tenantId: number, caseId: string, debtorId: string): Promise<void> {
  await tx.execute('INSERT INTO cl.case_ref (tenant_id, case_id, debtor_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    tenantId,
    caseId,
    debtorId,
  ]);
}
