import { VersionConflict, type EventStore } from '@app/event-store';
import { EVENT_STORE, eventContext, Refusal } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { newEvent } from '../event-data';
import { requireOtherPrincipal } from '../policy/approval';
import { assessmentData, foldIndividualAssessments, INDIVIDUAL_ASSESSMENT_CATEGORY } from '../policy/individual-assessment.fold';
import { ApproveAssessmentCommand } from './approve-assessment.command';

@CommandHandler(ApproveAssessmentCommand)
export class ApproveAssessmentHandler implements ICommandHandler<ApproveAssessmentCommand> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute(command: ApproveAssessmentCommand): Promise<{ id: string; status: 'approved' }> {
    const { context, assessmentId } = command;
    const events = await this.store.database.read(context.tenantId, (tx) =>
      this.store.readStream(tx, INDIVIDUAL_ASSESSMENT_CATEGORY, assessmentId),
    );
    const [state] = foldIndividualAssessments(events);
    if (state === undefined) throw new Refusal('assessment-not-found', `There is no individual assessment '${assessmentId}'.`);
    requireOtherPrincipal(state.proposedBy, context.principalId);
    let position = events.at(-1)?.position ?? 0n;
    if (state.status === 'proposed') {
      const data = { ...assessmentData(state.assessment), approvedBy: context.principalId };
      try {
        const appended = await this.store.appendSingle(eventContext(context), {
          category: INDIVIDUAL_ASSESSMENT_CATEGORY,
          key: assessmentId,
          expectedVersion: state.version,
          events: [newEvent('IndividualAssessmentApproved', state.assessment.effectiveOn, data)],
        });
        position = appended.lastPosition;
      } catch (error) {
        // Another approver was faster: it is approved, which is what was asked for.
        if (!(error instanceof VersionConflict)) throw error;
        return this.execute(command);
      }
    }
    await this.store.settle(position);
    return { id: assessmentId, status: 'approved' };
  }
}
