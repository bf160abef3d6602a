import type { RequestContext } from '@app/platform';
import { Command, Query } from '@nestjs/cqrs';
import type { VerificationState } from './verification.fold';
import type { ProvisionRunVerification } from './verify-run.query';

/** Asks for a verification in the background. Refused `provision-run-not-found`, `provision-run-not-completed`. */
export class RequestVerificationCommand extends Command<{ id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly runId: string,
  ) {
    super();
  }
}

/** A run that was verified: at once, or in the background a short while ago. */
export interface ProvedRun extends ProvisionRunVerification {
  readonly verifiedAt: string;
  /** null when it was verified at once. */
  readonly verificationId: string | null;
}

export type RunProof = { readonly proved: ProvedRun } | { readonly proved: null; readonly verificationId: string };

/**
 * Verifies a run at once, or, where the log is too long for a request, in the background: the first caller starts it, the next ones find
 * it under way, and once it has ended each gets what it found until that is old. Refused `provision-run-not-found`,
 * `provision-run-not-completed`.
 */
export class ProveProvisionRunCommand extends Command<RunProof> {
  constructor(
    readonly context: RequestContext,
    readonly runId: string,
  ) {
    super();
  }
}

export type VerificationView = VerificationState & { readonly running: boolean };

/** Refused `verification-not-found`. */
export class GetVerificationQuery extends Query<VerificationView> {
  constructor(
    readonly tenantId: number,
    readonly verificationId: string,
  ) {
    super();
  }
}
