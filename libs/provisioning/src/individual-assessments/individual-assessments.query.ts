import { Query } from '@nestjs/cqrs';
import type { IndividualAssessmentState } from '../policy/individual-assessment.fold';

/** An assessment, and whether its end date had passed on asOf. */
export type IndividualAssessmentView = IndividualAssessmentState & { readonly reviewDue: boolean };

export interface IndividualAssessmentList {
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: bigint;
  /** in the order they were proposed. */
  readonly items: readonly IndividualAssessmentView[];
}

/** The individual assessments and releases proposed by knownAt. */
export class ListIndividualAssessmentsQuery extends Query<IndividualAssessmentList> {
  constructor(
    readonly tenantId: number,
    readonly request: { readonly asOf: string; readonly knownAt?: string | undefined; readonly debtorId?: string | undefined },
  ) {
    super();
  }
}
