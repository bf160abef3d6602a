import type { Database, JsonObject, Tx } from '@app/event-store';
import type { Trigger } from '../queue/queue-backend';

/** Seconds after which a trigger that nobody took counts as lost; doubled with every ring, so that a long queue is not rung to death. */
const TRIGGER_SECONDS = 15;
const TRIGGER_DOUBLINGS_MAX = 6;
const SWEEP_ROWS_MAX = 500;
const DONE_KEPT = '1 day';

export interface ClaimedIntent {
  readonly intentId: string;
  readonly tenantId: number;
  readonly kind: string;
  readonly key: string;
  readonly payload: JsonObject;
  readonly attempt: number;
  readonly failures: number;
  readonly generation: number;
  readonly reason: string | null;
}

export interface Claim {
  readonly trigger: Trigger;
  readonly owner: string;
  readonly leaseSeconds: number;
  readonly serial: boolean;
}

interface TriggerRow {
  tenant_id: number;
  intent_id: string;
  kind: string;
  generation: number;
}

const toTrigger = (row: TriggerRow): Trigger => ({
  tenantId: row.tenant_id,
  intentId: row.intent_id,
  kind: row.kind,
  generation: row.generation,
});
const TRIGGER_COLUMNS = 'i.tenant_id, i.intent_id, i.kind, i.generation';
const NEXT_TRIGGER = `clock_timestamp() + interval '1 second' * ${String(TRIGGER_SECONDS)} * 2 ^ least(i.triggers, ${String(TRIGGER_DOUBLINGS_MAX)})`;
/** A job for later is rung by the sweeper when its time comes; one for now is rung at once, and again when that got lost. */
const lostAfter = (notBefore: string): string =>
  `CASE WHEN ${notBefore} > clock_timestamp() THEN ${notBefore} ELSE clock_timestamp() + interval '${String(TRIGGER_SECONDS)} seconds' END`;
const RUN_AGAIN = `state = CASE WHEN i.again_payload IS NULL THEN $5 ELSE 'waiting' END,
  generation = i.generation + CASE WHEN i.again_payload IS NULL THEN 0 ELSE 1 END,
  payload = coalesce(i.again_payload, i.payload), not_before = coalesce(i.again_not_before, i.not_before),
  trigger_until = CASE WHEN i.again_payload IS NULL THEN i.trigger_until ELSE ${lostAfter('i.again_not_before')} END,
  triggers = 0, again_payload = NULL, again_not_before = NULL, attempts = 0, failures = 0, request_no = CASE WHEN i.again_payload IS NULL THEN i.request_no ELSE nextval('pf.intent_request_no') END`;

/** The statements of `pf.intent` that the worker runs. Every change names the generation it believes in: who lost the job changes nothing. */
export class IntentTable {
  constructor(private readonly database: Database) {}

  /** Takes the job, or null when it is not there to be taken: done, taken by another, too early, or not its turn. */
  async claim({ trigger, owner, leaseSeconds, serial }: Claim): Promise<ClaimedIntent | null> {
    try {
      const [row] = await this.database.statement<{
        key: string;
        payload: JsonObject;
        attempts: number;
        failures: number;
        reason: string | null;
      }>(
        `UPDATE pf.intent i SET state = 'running', claimed_by = $4, lease_until = clock_timestamp() + interval '1 second' * $5::int,
           attempts = i.attempts + 1, triggers = 0, serial = $6
         WHERE i.tenant_id = $1 AND i.intent_id = $2 AND i.generation = $3 AND i.state = 'waiting' AND i.not_before <= clock_timestamp()
           AND NOT ($6 AND EXISTS (SELECT FROM pf.intent o WHERE o.tenant_id = i.tenant_id AND o.kind = i.kind
             AND o.state IN ('waiting', 'running') AND o.request_no < i.request_no))
         RETURNING i.key, i.payload, i.attempts, i.failures, i.reason`,
        [trigger.tenantId, trigger.intentId, trigger.generation, owner, leaseSeconds, serial],
      );
      if (row === undefined) return null;
      return { ...trigger, key: row.key, payload: row.payload, attempt: row.attempts, failures: row.failures, reason: row.reason };
    } catch (error) {
      // Two of a kind that goes one at a time were claimed at once; the other one was first.
      if ((error as { code?: string; constraint?: string }).constraint === 'intent_one_at_a_time') return null;
      throw error;
    }
  }

  /** False when the lease is no longer ours. */
  async extend(job: ClaimedIntent, leaseSeconds: number): Promise<boolean> {
    const rows = await this.database.statement(
      `UPDATE pf.intent SET lease_until = clock_timestamp() + interval '1 second' * $4::int
       WHERE tenant_id = $1 AND intent_id = $2 AND generation = $3 AND state = 'running' RETURNING 1 AS one`,
      [job.tenantId, job.intentId, job.generation, leaseSeconds],
    );
    return rows.length > 0;
  }

  /** Ends the run; gives the trigger of the next run when it was asked for again meanwhile. */
  async finish(job: ClaimedIntent, state: 'done' | 'dead', reason: string | null): Promise<Trigger | null> {
    const [row] = await this.database.statement<TriggerRow & { state: string; due: boolean }>(
      `UPDATE pf.intent i SET lease_until = NULL, claimed_by = NULL, reason = $4, finished_at = clock_timestamp(), ${RUN_AGAIN}
       WHERE i.tenant_id = $1 AND i.intent_id = $2 AND i.generation = $3 AND i.state = 'running'
       RETURNING ${TRIGGER_COLUMNS}, i.state, i.not_before <= clock_timestamp() AS due`,
      [job.tenantId, job.intentId, job.generation, reason, state],
    );
    return row?.state === 'waiting' && row.due ? toTrigger(row) : null;
  }

  /** Puts the job back, to be rung at `delayMs` from now; `failure` counts it against the attempts. A newer payload takes its place. */
  async putBack(job: ClaimedIntent, delayMs: number, reason: string, failure: boolean): Promise<Trigger | null> {
    const [row] = await this.database.statement<TriggerRow>(
      `UPDATE pf.intent i SET state = 'waiting', lease_until = NULL, claimed_by = NULL, reason = $4, generation = i.generation + 1,
         failures = i.failures + CASE WHEN $6 THEN 1 ELSE 0 END, payload = coalesce(i.again_payload, i.payload), again_payload = NULL, again_not_before = NULL,
         not_before = clock_timestamp() + interval '1 millisecond' * $5::bigint, triggers = 0,
         trigger_until = clock_timestamp() + CASE WHEN $5::bigint = 0 THEN interval '${String(TRIGGER_SECONDS)} seconds' ELSE interval '1 millisecond' * $5::bigint END
       WHERE i.tenant_id = $1 AND i.intent_id = $2 AND i.generation = $3 AND i.state = 'running' RETURNING ${TRIGGER_COLUMNS}`,
      [job.tenantId, job.intentId, job.generation, reason, Math.max(0, Math.round(delayMs)), failure],
    );
    return row !== undefined && delayMs <= 0 ? toTrigger(row) : null;
  }

  /** The oldest waiting job of a kind that goes one at a time, under a new generation because its trigger may have been turned away. */
  async nextInLine(tenantId: number, kind: string): Promise<Trigger | null> {
    const [row] = await this.database.statement<TriggerRow>(
      `UPDATE pf.intent i SET generation = i.generation + 1, trigger_until = ${NEXT_TRIGGER}
       WHERE (i.tenant_id, i.intent_id) = (SELECT o.tenant_id, o.intent_id FROM pf.intent o
           WHERE o.tenant_id = $1 AND o.kind = $2 AND o.state IN ('waiting', 'running') ORDER BY o.request_no LIMIT 1)
         AND i.state = 'waiting' AND i.not_before <= clock_timestamp()
       RETURNING ${TRIGGER_COLUMNS}`,
      [tenantId, kind],
    );
    return row === undefined ? null : toTrigger(row);
  }

  /** Rings for what waits and was not taken in time. */
  async ringOverdue(): Promise<Trigger[]> {
    const rows = await this.database.statement<TriggerRow>(
      `UPDATE pf.intent i SET generation = i.generation + 1, triggers = i.triggers + 1, trigger_until = ${NEXT_TRIGGER}
       WHERE (i.tenant_id, i.intent_id) IN (SELECT tenant_id, intent_id FROM pf.intent
         WHERE state = 'waiting' AND trigger_until <= clock_timestamp() ORDER BY trigger_until LIMIT ${String(SWEEP_ROWS_MAX)} FOR UPDATE SKIP LOCKED)
       RETURNING ${TRIGGER_COLUMNS}`,
    );
    return rows.map(toTrigger);
  }

  /** Takes jobs from owners whose lease ran out (or, at the start of the only worker, from every earlier owner). */
  async takeFromLost(exceptOwner?: string): Promise<Trigger[]> {
    const rows = await this.database.statement<TriggerRow>(
      `UPDATE pf.intent i SET state = 'waiting', lease_until = NULL, claimed_by = NULL, generation = i.generation + 1, failures = i.failures + 1,
         reason = 'the worker that ran it stopped answering', payload = coalesce(i.again_payload, i.payload), again_payload = NULL, again_not_before = NULL,
         not_before = clock_timestamp(), trigger_until = ${NEXT_TRIGGER}
       WHERE (i.tenant_id, i.intent_id) IN (SELECT tenant_id, intent_id FROM pf.intent
         WHERE state = 'running' AND ${exceptOwner === undefined ? 'lease_until <= clock_timestamp()' : 'claimed_by <> $1'}
         LIMIT ${String(SWEEP_ROWS_MAX)} FOR UPDATE SKIP LOCKED)
       RETURNING ${TRIGGER_COLUMNS}`,
      exceptOwner === undefined ? [] : [exceptOwner],
    );
    return rows.map(toTrigger);
  }

  /** Everything that waits and is due, whoever rang for it: at the start of a worker the queue may be empty. */
  async ringAll(): Promise<void> {
    await this.database.statement(
      `UPDATE pf.intent SET trigger_until = not_before WHERE state = 'waiting' AND not_before <= clock_timestamp()`,
    );
  }

  async forgetDone(): Promise<void> {
    await this.database.statement(
      `DELETE FROM pf.intent WHERE (tenant_id, intent_id) IN
         (SELECT tenant_id, intent_id FROM pf.intent WHERE state = 'done' AND finished_at < clock_timestamp() - interval '${DONE_KEPT}' LIMIT 5000)`,
    );
  }

  /** Kinds with unfinished work, for the check at start. */
  async unfinishedKinds(): Promise<string[]> {
    const rows = await this.database.statement<{ kind: string }>(
      `SELECT DISTINCT kind FROM pf.intent WHERE state IN ('waiting', 'running')`,
    );
    return rows.map((row) => row.kind);
  }

  async recordKinds(kinds: readonly { kind: string; queue: string }[]): Promise<void> {
    await this.database.statement(
      `INSERT INTO pf.job_kind (kind, queue) SELECT * FROM unnest($1::text[], $2::text[])
       ON CONFLICT (kind) DO UPDATE SET queue = EXCLUDED.queue WHERE job_kind.queue <> EXCLUDED.queue`,
      [kinds.map((one) => one.kind), kinds.map((one) => one.queue)],
    );
  }
}

/** What `request` reports of a row. */
interface RequestedRow {
  intent_id: string;
  generation: number;
  state: string;
  due: boolean;
}

/** Writes a request; see `Intents.request`. Null trigger = nothing to ring for now. */
export async function writeRequest(
  tx: Tx,
  tenantId: number,
  request: {
    readonly newId: string;
    readonly kind: string;
    readonly key: string;
    readonly payload: JsonObject;
    readonly notBefore: Date | null;
  },
): Promise<{ intentId: string; trigger: Trigger | null }> {
  const payload = JSON.stringify(request.payload);
  // The frequent case, many requests for the same waiting job, only shares a lock: the requests do not queue behind each other,
  // and the worker cannot take the job before the last of them has committed.
  const [waiting] = await tx.query<RequestedRow>(
    `SELECT intent_id, generation, state, not_before <= clock_timestamp() AS due FROM pf.intent
     WHERE tenant_id = $1 AND kind = $2 AND key = $3 AND state = 'waiting' AND payload = $4::jsonb AND not_before <= coalesce($5, clock_timestamp())
     FOR SHARE`,
    [tenantId, request.kind, request.key, payload, request.notBefore],
  );
  const row = waiting ?? (await upsert(tx, tenantId, request, payload));
  const due = row.state === 'waiting' && row.due;
  return {
    intentId: row.intent_id,
    trigger: due ? { tenantId, intentId: row.intent_id, kind: request.kind, generation: row.generation } : null,
  };
}

async function upsert(
  tx: Tx,
  tenantId: number,
  request: { readonly newId: string; readonly kind: string; readonly key: string; readonly notBefore: Date | null },
  payload: string,
): Promise<RequestedRow> {
  const [row] = await tx.query<RequestedRow>(
    `INSERT INTO pf.intent AS i (tenant_id, intent_id, kind, key, payload, not_before, trigger_until)
     VALUES ($1, $2, $3, $4, $5::jsonb, coalesce($6, clock_timestamp()), ${lostAfter('$6')})
     ON CONFLICT (tenant_id, kind, key) DO UPDATE SET
       payload = CASE WHEN i.state = 'running' THEN i.payload ELSE EXCLUDED.payload END,
       again_payload = CASE WHEN i.state = 'running' THEN EXCLUDED.payload END,
       again_not_before = CASE WHEN i.state = 'running' THEN EXCLUDED.not_before END,
       not_before = CASE i.state WHEN 'running' THEN i.not_before WHEN 'waiting' THEN least(i.not_before, EXCLUDED.not_before) ELSE EXCLUDED.not_before END,
       trigger_until = CASE i.state WHEN 'running' THEN i.trigger_until WHEN 'waiting' THEN least(i.trigger_until, EXCLUDED.trigger_until) ELSE EXCLUDED.trigger_until END,
       generation = i.generation + CASE WHEN i.state IN ('done', 'dead') THEN 1 ELSE 0 END,
       request_no = CASE WHEN i.state IN ('done', 'dead') THEN EXCLUDED.request_no ELSE i.request_no END,
       attempts = CASE WHEN i.state IN ('done', 'dead') THEN 0 ELSE i.attempts END,
       failures = CASE WHEN i.state IN ('done', 'dead') THEN 0 ELSE i.failures END,
       triggers = CASE WHEN i.state IN ('done', 'dead') THEN 0 ELSE i.triggers END,
       finished_at = CASE WHEN i.state IN ('done', 'dead') THEN NULL ELSE i.finished_at END,
       state = CASE WHEN i.state = 'running' THEN 'running' ELSE 'waiting' END
     RETURNING intent_id, generation, state, not_before <= clock_timestamp() AS due`,
    [tenantId, request.newId, request.kind, request.key, payload, request.notBefore],
  );
  if (row === undefined) throw new Error('An upsert returned no row.');
  return row;
}
