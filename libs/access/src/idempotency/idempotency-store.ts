import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Database, Tx } from '@app/event-store';
import { DATABASE, SecretBox } from '@app/platform';
import { z } from 'zod';

/** A claim nobody extends any more is free again after this: how long a crash can block a key. */
export const IDEMPOTENCY_LEASE_SECONDS = 30;
/** How long an answer can be replayed. */
export const IDEMPOTENCY_EXPIRY_HOURS = 48;
const EXTEND_EVERY_MS = (IDEMPOTENCY_LEASE_SECONDS * 1000) / 3;
const CLAIMS_BETWEEN_CLEANINGS = 200;
const CLEANED_ROWS_MAX = 1000;

export interface IdempotencyRequest {
  readonly tenantId: number;
  readonly principalId: string;
  readonly route: string;
  readonly key: string;
  /** Hash of the request as far as it is known before it runs. */
  readonly fingerprint: Buffer;
}

/** The right to run a request; `seed` stays the same when a crashed attempt is repeated, `attempt` fences off the crashed one. */
export interface IdempotencyClaim extends IdempotencyRequest {
  readonly seed: string;
  readonly attempt: number;
}

export interface StoredResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** SHA-256 of a streamed body, null when the body is part of the fingerprint. */
  readonly bodyHash: Buffer | null;
}

export type IdempotencyOutcome =
  | { readonly outcome: 'claimed'; readonly claim: IdempotencyClaim }
  | { readonly outcome: 'replay'; readonly response: StoredResponse }
  | { readonly outcome: 'in-progress'; readonly retryAfterSeconds: number }
  | { readonly outcome: 'reused' };

const storedAnswer = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
  bodyHash: z.string().nullable(),
});

interface Row {
  fingerprint: Buffer;
  answer: string | null;
  seconds: number;
}

/** Claims of idempotency keys and the answers given under them; answers are sealed under the master key. */
@Injectable()
export class IdempotencyStore {
  private claims = 0;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly secrets: SecretBox,
  ) {}

  async claim(request: IdempotencyRequest): Promise<IdempotencyOutcome> {
    this.claims += 1;
    return this.database.transaction(request.tenantId, async (tx) => {
      if (this.claims % CLAIMS_BETWEEN_CLEANINGS === 0) await deleteExpired(tx, request.tenantId);
      return (await this.take(tx, request)) ?? (await this.existing(tx, request));
    });
  }

  /** Keeps the claim while the request runs; call the returned function when it has ended. */
  keepExtending(claim: IdempotencyClaim): () => void {
    const timer = setInterval(() => {
      // A missed extension is made up by the next one.
      this.update(claim, `lease_until = clock_timestamp() + make_interval(secs => ${String(IDEMPOTENCY_LEASE_SECONDS)})`).catch(
        () => undefined,
      );
    }, EXTEND_EVERY_MS);
    timer.unref();
    return () => {
      clearInterval(timer);
    };
  }

  async complete(claim: IdempotencyClaim, response: StoredResponse): Promise<void> {
    const answer = this.secrets.seal(
      JSON.stringify({ ...response, bodyHash: response.bodyHash?.toString('hex') ?? null }),
      sealedFor(claim),
    );
    await this.update(claim, 'answer = $6', answer);
  }

  /** Gives the key back: nothing was done under it. */
  async release(claim: IdempotencyClaim): Promise<void> {
    await this.database.transaction(claim.tenantId, (tx) => tx.execute(`DELETE FROM ac.idempotency WHERE ${OF_CLAIM}`, identity(claim)));
  }

  /** Lets the next attempt run at once, with the same seed: something may have been done under the key. */
  async expireLease(claim: IdempotencyClaim): Promise<void> {
    await this.update(claim, 'lease_until = clock_timestamp()');
  }

  private async take(tx: Tx, request: IdempotencyRequest): Promise<IdempotencyOutcome | undefined> {
    const { tenantId, principalId, route, key, fingerprint } = request;
    const [row] = await tx.query<{ seed: string; attempt: number }>(
      `INSERT INTO ac.idempotency AS claimed (tenant_id, principal_id, route, key, fingerprint, seed, attempt, lease_until, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, 1, clock_timestamp() + make_interval(secs => $7), clock_timestamp() + make_interval(hours => $8))
       ON CONFLICT (tenant_id, principal_id, route, key) DO UPDATE SET
         fingerprint = excluded.fingerprint, answer = NULL, attempt = claimed.attempt + 1,
         seed = CASE WHEN claimed.expires_at <= clock_timestamp() THEN excluded.seed ELSE claimed.seed END,
         lease_until = excluded.lease_until, expires_at = excluded.expires_at
       WHERE claimed.expires_at <= clock_timestamp()
          OR (claimed.answer IS NULL AND claimed.lease_until <= clock_timestamp() AND claimed.fingerprint = excluded.fingerprint)
       RETURNING seed, attempt`,
      [tenantId, principalId, route, key, fingerprint, randomUUID(), IDEMPOTENCY_LEASE_SECONDS, IDEMPOTENCY_EXPIRY_HOURS],
    );
    return row === undefined ? undefined : { outcome: 'claimed', claim: { ...request, seed: row.seed, attempt: row.attempt } };
  }

  private async existing(tx: Tx, request: IdempotencyRequest): Promise<IdempotencyOutcome> {
    const { tenantId, principalId, route, key, fingerprint } = request;
    const [row] = await tx.query<Row>(
      `SELECT fingerprint, answer, greatest(1, ceil(extract(epoch FROM lease_until - clock_timestamp())))::int AS seconds
       FROM ac.idempotency WHERE tenant_id = $1 AND principal_id = $2 AND route = $3 AND key = $4`,
      [tenantId, principalId, route, key],
    );
    // The claim was given back between the two statements: the caller may try again at once.
    if (row === undefined) return { outcome: 'in-progress', retryAfterSeconds: 1 };
    if (!row.fingerprint.equals(fingerprint)) return { outcome: 'reused' };
    if (row.answer === null) return { outcome: 'in-progress', retryAfterSeconds: row.seconds };
    const { bodyHash, ...stored } = storedAnswer.parse(JSON.parse(this.secrets.open(row.answer, sealedFor(request))));
    return { outcome: 'replay', response: { ...stored, bodyHash: bodyHash === null ? null : Buffer.from(bodyHash, 'hex') } };
  }

  private async update(claim: IdempotencyClaim, assignment: string, ...values: readonly unknown[]): Promise<void> {
    await this.database.transaction(claim.tenantId, (tx) =>
      tx.execute(`UPDATE ac.idempotency SET ${assignment} WHERE ${OF_CLAIM}`, [...identity(claim), ...values]),
    );
  }
}

const OF_CLAIM = 'tenant_id = $1 AND principal_id = $2 AND route = $3 AND key = $4 AND attempt = $5 AND answer IS NULL';

function identity(claim: IdempotencyClaim): readonly unknown[] {
  return [claim.tenantId, claim.principalId, claim.route, claim.key, claim.attempt];
}

/** A sealed answer opens only for the request it was given to. */
function sealedFor(request: IdempotencyRequest): string {
  return `idempotency|${String(request.tenantId)}|${request.principalId}|${request.route}|${request.key}`;
}

async function deleteExpired(tx: Tx, tenantId: number): Promise<void> {
  await tx.execute(
    `DELETE FROM ac.idempotency WHERE ctid = ANY(ARRAY(
       SELECT ctid FROM ac.idempotency WHERE tenant_id = $1 AND expires_at <= clock_timestamp() LIMIT ${String(CLEANED_ROWS_MAX)} FOR UPDATE SKIP LOCKED))`,
    [tenantId],
  );
}
