import { FaultList, type PolicyFault } from './policy-fault';
import type { StageAssignment } from './policies';
import { allowsGeneralApproach, generalApproachRefusal } from './staging-policy.check';

const STAGES: readonly number[] = [1, 2, 3];

/** Checks a proposed assignment of a debtor to a stage. Whether the debtor exists is for the caller to know. */
export function checkStageAssignment(assignment: StageAssignment): PolicyFault[] {
  const list = new FaultList();
  if (!STAGES.includes(assignment.stage)) list.add('stage', 'A stage is 1, 2 or 3.');
  list.period(assignment.effectiveOn, { field: 'endsOn', on: assignment.endsOn });
  list.kinds(assignment.kinds);
  assignment.kinds?.forEach((kind, index) => {
    if (!allowsGeneralApproach(kind)) list.add(`kinds[${String(index)}]`, generalApproachRefusal(kind), 'general-approach-not-allowed');
  });
  list.reason('reason', assignment.reason);
  return list.faults;
}
