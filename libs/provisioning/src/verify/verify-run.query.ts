import type { LogFault } from '@app/event-store';
import { Query } from '@nestjs/cqrs';

/** Where the figures of a verification come from: the events themselves, or (quick) what was folded from them. */
export type VerificationSource = 'log' | 'read-models';

/**
 * `log-altered`: an event is not what was recorded, or gone. `record-altered`: the recorded figures do not fit their hash.
 * `engine-changed`: everything is intact, but another version of the rules computed the run, so its figures cannot be compared.
 * `figures-differ`: the log gives other figures. `not-computable`: it gives none any more; `problemCode` says why.
 */
export type VerificationOutcome = 'verified' | 'log-altered' | 'record-altered' | 'engine-changed' | 'figures-differ' | 'not-computable';

export interface ProvisionRunVerification {
  readonly id: string;
  readonly asOf: string;
  readonly position: bigint;
  readonly verified: boolean;
  readonly outcome: VerificationOutcome;
  readonly recordedHash: string;
  /** hash over the figures as they are recorded now; differs when the recorded run was altered. */
  readonly hashOfRecord: string;
  /** hash of the figures computed again; null when they cannot be computed any more. */
  readonly recomputedHash: string | null;
  readonly problemCode: string | null;
  readonly source: VerificationSource;
  /** of the rules that recomputed it. */
  readonly engineVersion: string;
  readonly recordedEngineVersion: string;
  readonly engineChanged: boolean;
  /** null when the log was not checked. */
  readonly logIntact: boolean | null;
  readonly alteredAt: LogFault | null;
  readonly eventsChecked: number;
  /** null where seals cannot be checked: they cover the events of every tenant. */
  readonly sealsChecked: number | null;
  readonly durationMs: number;
}

/**
 * Checks a completed run at once. Refused `provision-run-not-found`, `provision-run-not-completed`, and `verification-too-large` when
 * the log is too long to be answered within a request.
 */
export class VerifyProvisionRunQuery extends Query<ProvisionRunVerification> {
  constructor(
    readonly tenantId: number,
    readonly runId: string,
    readonly source: VerificationSource = 'log',
  ) {
    super();
  }
}
