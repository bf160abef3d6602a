import type { JsonObject } from '@app/event-store';

export const QUEUES = ['recompute', 'evaluate', 'deliver', 'import', 'schedule'] as const;
export type QueueName = (typeof QUEUES)[number];

/** One run of an intent, held by a lease that is lost when it is not extended in time. */
export interface Job {
  readonly intentId: string;
  readonly tenantId: number;
  readonly kind: string;
  readonly key: string;
  readonly payload: JsonObject;
  /** 1 for the first run since the intent was last done. */
  readonly attempt: number;
  readonly generation: number;
  /** Aborted when the process stops or the lease is lost. */
  readonly signal: AbortSignal;
  /** Renews the lease for `leaseSeconds` of the handler. @throws LeaseLost when somebody else has the job by now. */
  extendLease(): Promise<void>;
}

/** `retry` is the handler's own decision and uses up no attempt; a throw is a failure. */
export type JobOutcome =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'retry'; readonly notBefore: Date; readonly reason: string }
  | { readonly outcome: 'dead'; readonly reason: string };

/** Tried again after so long: by the time the queue runs on, whatever clock the business lives by in a test. */
export function retryIn(milliseconds: number, reason: string): JobOutcome {
  return { outcome: 'retry', notBefore: new Date(Date.now() + milliseconds), reason };
}

/** What runs one kind of job. Running twice must change nothing: a job whose lease ran out is given to somebody else. */
export interface JobHandler {
  readonly kind: string;
  readonly queue: QueueName;
  /** Failures (throws, lost leases) after which the intent is dead. */
  readonly attemptsMax: number;
  readonly leaseSeconds: number;
  /** `tenant`: one job of this kind at a time a tenant, oldest request first. */
  readonly serialBy?: 'tenant';
  run(job: Job): Promise<JobOutcome>;
  /** Called before an intent becomes dead after too many failures, so that its subject can be told. May be repeated. */
  abandon?(job: Job, reason: string): Promise<void>;
}

/** The job was given to somebody else, because its lease ran out; whatever this run does now counts for nothing. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  constructor(kind: string, key: string) {
    super(`The lease of job ${kind} ${key} was lost.`);
  }
}
