import type { EventContext } from '@app/event-store';

/** Who asks, in which tenant, and on behalf of which request. Every command and query carries one. */
export interface RequestContext {
  readonly tenantId: number;
  /** uuid */
  readonly principalId: string;
  readonly roles: readonly string[];
  /** uuid; ties every event of a request together */
  readonly correlationId: string;
  /** uuid version 7, or version 5 derived from the Idempotency-Key when one was sent, so that a repeated request makes the same thing */
  newId(): string;
}

/** The part of a request that is recorded with its events. */
export function eventContext(context: RequestContext): EventContext {
  return { tenantId: context.tenantId, principalId: context.principalId, correlationId: context.correlationId };
}
