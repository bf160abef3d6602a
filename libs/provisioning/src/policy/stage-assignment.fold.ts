import { isCoveredByLater, isEffective, type StageAssignment } from '@app/credit-domain';
import { dataOf, newEvent, type DataOf } from '../event-data';
import type { PolicyType } from './approvable';
import { approvedContents } from './approvable.fold';

export const stageAssignments: PolicyType<StageAssignment> = {
  category: 'stage-assignment',
  noun: 'stage assignment',
  notFound: 'stage-assignment-not-found',
  events: { proposed: 'StageAssignmentProposed', approved: 'StageAssignmentApproved', withdrawn: 'StageAssignmentWithdrawn' },
  scopeOf: ({ assignmentId, effectiveOn, entityId }) => ({ id: assignmentId, effectiveOn, entityId }),
  contentOf: (event) => dataOf('StageAssignmentProposed', event),
  proposedEvent: (assignment) => newEvent('StageAssignmentProposed', assignment.effectiveOn, assignmentData(assignment)),
  approvedEvent: (assignment, by) => newEvent('StageAssignmentApproved', assignment.effectiveOn, { ...assignmentData(assignment), ...by }),
  withdrawnEvent: ({ assignmentId, effectiveOn }, by) => newEvent('StageAssignmentWithdrawn', effectiveOn, { assignmentId, ...by }),
  inForce: (approved, asOf) => {
    const effective = approvedContents(approved).filter((assignment) => isEffective(assignment, asOf, assignment.endsOn));
    return new Set(effective.filter((each) => !isCoveredByLater(each, effective)).map(({ assignmentId }) => assignmentId));
  },
  inWords: ({ debtorId, kinds, entityId, stage, effectiveOn, endsOn }) => {
    const scope = `${kinds === null ? 'all staged kinds' : kinds.join(', ')}${entityId === null ? '' : `, entity '${entityId}'`}`;
    const until = endsOn === null ? 'until another assignment' : `to ${endsOn}`;
    return `Puts debtor '${debtorId}' (${scope}) into stage ${String(stage)} from ${effectiveOn} ${until}.`;
  },
};

function assignmentData(assignment: StageAssignment): DataOf<'StageAssignmentProposed'> {
  return { ...assignment, kinds: assignment.kinds === null ? null : [...assignment.kinds] };
}
