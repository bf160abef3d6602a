import type { RequestContext } from '@app/platform';
import { Command, Query } from '@nestjs/cqrs';
import type { VerificationState } from './verification.fold';

/** Asks for a verification in the background. Refused `provision-run-not-found`, `provision-run-not-completed`. */
export class RequestVerificationCommand extends Command<{ id: string }> {
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
