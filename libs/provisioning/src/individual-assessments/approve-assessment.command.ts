import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';

/** Approves an assessment or a release; what counts for knownAt is this moment. Refused `four-eyes`, `assessment-not-found`. */
export class ApproveAssessmentCommand extends Command<{ id: string; status: 'approved' }> {
  constructor(
    readonly context: RequestContext,
    readonly assessmentId: string,
  ) {
    super();
  }
}
