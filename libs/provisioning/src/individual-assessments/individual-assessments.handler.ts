import { reviewDue } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { foldIndividualAssessments, INDIVIDUAL_ASSESSMENT_CATEGORY } from '../policy/individual-assessment.fold';
import { ListIndividualAssessmentsQuery, type IndividualAssessmentList } from './individual-assessments.query';

@QueryHandler(ListIndividualAssessmentsQuery)
export class ListIndividualAssessmentsHandler implements IQueryHandler<ListIndividualAssessmentsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ListIndividualAssessmentsQuery): Promise<IndividualAssessmentList> {
    const { asOf, knownAt, debtorId } = request;
    return this.store.database.read(tenantId, async (tx) => {
      const known = await this.store.resolveKnownAt(tx, knownAt);
      const states = foldIndividualAssessments(await this.store.readCategory(tx, INDIVIDUAL_ASSESSMENT_CATEGORY, known.position));
      const items = states
        .filter(({ assessment }) => debtorId === undefined || assessment.debtorId === debtorId)
        .map((state) => ({ ...state, reviewDue: state.status === 'approved' && reviewDue(state.assessment, asOf) }));
      return { asOf, ...known, items };
    });
  }
}
