import { createHash } from 'node:crypto';
import { finished } from 'node:stream/promises';
import { type CallHandler, type ExecutionContext, Inject, Injectable, Logger, type NestInterceptor } from '@nestjs/common';
import { IdempotencyStore, type IdempotencyClaim, type StoredResponse } from '@app/access';
import { Refusal } from '@app/platform';
import { catchError, finalize, from, mergeMap, type Observable, of } from 'rxjs';
import { canonicalJson } from './canonical-json';
import type { EdgeReply, EdgeRequest } from './edge';
import { headerOf } from './edge';
import { MeteredBody } from './metered-body';
import { ProblemException } from './problem';
import { problemOf } from './problem-mapping';
import { problemBody } from './problem.filter';
import { contextOf, deriveIdentifiersFrom, idempotencyKeyOf, routeOf } from './request-context';
import { PUBLIC_ROUTE } from './permit.decorator';
import { withoutSecrets } from './secret-fields';

const REPLAYED_HEADERS = ['location', 'etag'] as const;

/**
 * `Idempotency-Key` on any POST. The first request claims the key and answers; the same request again gets the stored answer with
 * `Idempotency-Replayed: true`; another body under the same key is refused. A claim is a lease that the running request keeps extending, so a
 * crash frees the key within `IDEMPOTENCY_LEASE_SECONDS`. Answers (2xx) and business refusals are stored; input errors and failures are not.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger(IdempotencyInterceptor.name);

  constructor(@Inject(IdempotencyStore) private readonly store: IdempotencyStore) {}

  async intercept(host: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = host.switchToHttp();
    const request = http.getRequest<EdgeRequest>();
    const key = Reflect.getMetadata(PUBLIC_ROUTE, host.getHandler()) === true ? undefined : idempotencyKeyOf(request);
    if (key === undefined) return next.handle();
    const reply = http.getResponse<EdgeReply>();
    const context = contextOf(request);
    const body: unknown = request.body;
    const stream = body instanceof MeteredBody ? body : undefined;

    const found = await this.store.claim({
      tenantId: context.tenantId,
      principalId: context.principalId,
      route: routeOf(request),
      key,
      fingerprint: fingerprintOf(request, stream === undefined ? body : undefined),
    });
    switch (found.outcome) {
      case 'reused':
        throw reused();
      case 'in-progress':
        throw new ProblemException({
          code: 'idempotency-in-progress',
          status: 409,
          detail: 'The first request with this Idempotency-Key has not been answered yet.',
          headers: { 'retry-after': String(found.retryAfterSeconds) },
        });
      case 'replay':
        return of(await replay(found.response, reply, stream));
      case 'claimed':
        deriveIdentifiersFrom(request, found.claim.seed);
        return this.run(found.claim, next, { request, reply, stream, handler: host.getHandler() });
    }
  }

  private run(claim: IdempotencyClaim, next: CallHandler, http: Running): Observable<unknown> {
    const stopExtending = this.store.keepExtending(claim);
    return next.handle().pipe(
      mergeMap(async (body: unknown) => {
        await this.remember(claim, {
          status: http.reply.statusCode,
          headers: replayedHeaders(http.reply),
          body: withoutSecrets(body, http.handler),
          bodyHash: http.stream?.digest() ?? null,
        });
        return body;
      }),
      catchError((error: unknown) => from(this.afterFailure(claim, error, http))),
      finalize(stopExtending),
    );
  }

  private async afterFailure(claim: IdempotencyClaim, error: unknown, http: Running): Promise<never> {
    const problem = problemOf(error, { ifMatch: headerOf(http.request, 'if-match') !== undefined });
    if (error instanceof Refusal) {
      await this.remember(claim, {
        status: problem.status,
        headers: {},
        body: problemBody(problem, http.request),
        bodyHash: http.stream?.digest() ?? null,
      });
    } else {
      // After a failure the work may have been done all the same: the claim keeps its seed, so that the next attempt meets it.
      await this.quietly(problem.status >= 500 ? this.store.expireLease(claim) : this.store.release(claim));
    }
    throw error;
  }

  private async remember(claim: IdempotencyClaim, response: StoredResponse): Promise<void> {
    await this.quietly(this.store.complete(claim, response));
  }

  /** The answer is owed to the caller even when it could not be remembered. */
  private async quietly(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.logger.error({ error }, 'an idempotency claim could not be updated');
    }
  }
}

interface Running {
  readonly request: EdgeRequest;
  readonly reply: EdgeReply;
  readonly stream: MeteredBody | undefined;
  readonly handler: object;
}

/** Hash of the request as far as it is known before the handler runs; a streamed body is compared by its own hash afterwards. */
function fingerprintOf(request: EdgeRequest, body: unknown): Buffer {
  const contentType = (headerOf(request, 'content-type') ?? '').split(';', 1)[0] ?? '';
  const text = body === undefined ? '' : canonicalJson(body);
  return createHash('sha256').update(`${request.method}\n${request.url}\n${contentType}\n${text}`).digest();
}

async function replay(stored: StoredResponse, reply: EdgeReply, stream: MeteredBody | undefined): Promise<unknown> {
  if (stream !== undefined) {
    stream.resume();
    await finished(stream);
    if (stored.bodyHash !== null && stream.digest()?.equals(stored.bodyHash) !== true) throw reused();
  }
  void reply.headers({ ...stored.headers, 'idempotency-replayed': 'true' });
  if (stored.status >= 400) void reply.header('content-type', 'application/problem+json; charset=utf-8');
  void reply.code(stored.status);
  return stored.body;
}

function reused(): ProblemException {
  return new ProblemException({
    code: 'idempotency-key-reused',
    status: 422,
    detail: 'This Idempotency-Key was used for another request. Use a new key for a new request.',
  });
}

function replayedHeaders(reply: EdgeReply): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of REPLAYED_HEADERS) {
    const value = reply.getHeader(name);
    if (typeof value === 'string') kept[name] = value;
  }
  return kept;
}
