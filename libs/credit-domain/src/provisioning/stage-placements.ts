import { debtorFactAt, type DebtorHistory } from '../exposure';
import { addDays, localDate } from '../values';
import { byCodeUnit } from './order';
import type { ApprovedStageAssignment, StagingPolicy } from './policies';
import type { StagePlacement } from './provision';

export interface PlacementFacts {
  readonly asOf: string;
  readonly position: bigint;
  readonly assignments: readonly ApprovedStageAssignment[];
  /** debtors that were ever flagged as credit-impaired, at least. */
  readonly debtors: readonly DebtorHistory[];
}

/**
 * Debtors of a kind whom something else than days past due puts into a stage on asOf: an assignment in force, the credit-impaired flag
 * (stage 3, IFRS 9 Appendix A), or the probation that follows either (stage 2 for `probationDays` after its last day; the standard asks for
 * evidence of a cure and names no length, so the length is policy).
 *
 * An assignment without an end lasts until the next one of the debtor; so an assignment to stage 1 ends an earlier one, and probation runs.
 */
export function stagePlacements(policy: StagingPolicy, facts: PlacementFacts): StagePlacement[] {
  const covering = facts.assignments.filter(
    ({ kinds, effectiveOn }) => effectiveOn <= facts.asOf && (kinds === null || kinds.includes(policy.kind)),
  );
  const flagged = new Map(facts.debtors.map((debtor) => [debtor.debtorId, flagPlacement(policy, debtor, facts)]));
  const debtorIds = new Set([...covering.map(({ debtorId }) => debtorId), ...flagged.keys()]);
  const placements: StagePlacement[] = [];
  for (const debtorId of [...debtorIds].sort(byCodeUnit)) {
    const own = covering.filter((each) => each.debtorId === debtorId);
    const flag = flagged.get(debtorId) ?? null;
    const everywhere = placed(
      policy,
      debtorId,
      null,
      own.filter(({ entityId }) => entityId === null),
      flag,
      facts.asOf,
    );
    if (everywhere !== null) placements.push(everywhere);
    const entities = [...new Set(own.flatMap(({ entityId }) => entityId ?? []))].sort(byCodeUnit);
    for (const entityId of entities) {
      const there = own.filter((each) => each.entityId === null || each.entityId === entityId);
      const placement = placed(policy, debtorId, entityId, there, flag, facts.asOf);
      if (placement !== null) placements.push(placement);
      // The entity's own assignment has taken the place of one for all entities.
      else if (everywhere !== null) placements.push({ debtorId, entityId, stage: 1, cause: 'assigned', assignmentId: null });
    }
  }
  return placements;
}

type Placed = Pick<StagePlacement, 'stage' | 'cause' | 'assignmentId'>;

function placed(
  policy: StagingPolicy,
  debtorId: string,
  entityId: string | null,
  assignments: readonly ApprovedStageAssignment[],
  flag: Placed | null,
  asOf: string,
): StagePlacement | null {
  const found = [...assignmentPlacements(policy, assignments, asOf), ...(flag === null ? [] : [flag])];
  const [first, ...others] = found;
  if (first === undefined) return null;
  const highest = others.reduce<Placed>((best, each) => (each.stage > best.stage ? each : best), first);
  return { debtorId, entityId, ...highest };
}

/** The assignment in force, and the probation of those that have ended. */
function assignmentPlacements(policy: StagingPolicy, assignments: readonly ApprovedStageAssignment[], asOf: string): Placed[] {
  const ordered = [...assignments].sort(
    (a, b) => byCodeUnit(a.effectiveOn, b.effectiveOn) || (a.approvedAt < b.approvedAt ? -1 : a.approvedAt > b.approvedAt ? 1 : 0),
  );
  const placements: Placed[] = [];
  let inForce: Placed | null = null;
  for (const [index, assignment] of ordered.entries()) {
    const lastDay = lastDayOf(assignment, ordered[index + 1]);
    const { assignmentId, stage } = assignment;
    if (lastDay === null || lastDay >= asOf) inForce = { stage, cause: 'assigned', assignmentId };
    else if (stage > 1 && lastDay >= assignment.effectiveOn && asOf <= addDays(localDate(lastDay), policy.probationDays)) {
      placements.push({ stage: 2, cause: 'probation', assignmentId });
    }
  }
  return inForce === null ? placements : [inForce, ...placements];
}

/** The last day an assignment is in force; null = no end in sight. One of the same day is a correction and leaves the earlier no day at all. */
function lastDayOf(assignment: ApprovedStageAssignment, next: ApprovedStageAssignment | undefined): string | null {
  if (next !== undefined && (assignment.endsOn === null || next.effectiveOn === assignment.effectiveOn)) {
    return addDays(localDate(next.effectiveOn), -1);
  }
  return assignment.endsOn;
}

function flagPlacement(policy: StagingPolicy, debtor: DebtorHistory, { asOf, position }: PlacementFacts): Placed | null {
  const impaired = (on: string): boolean => debtorFactAt(debtor, { asOf: on, position })?.creditImpaired ?? false;
  if (impaired(asOf)) return { stage: 3, cause: 'credit-impaired', assignmentId: null };
  const dates = [
    ...new Set(debtor.facts.filter((fact) => fact.position <= position && fact.effectiveOn <= asOf).map((fact) => fact.effectiveOn)),
  ];
  for (const on of dates.sort().reverse()) {
    const lastDay = addDays(localDate(on), -1);
    if (!impaired(lastDay) || impaired(on)) continue;
    return asOf <= addDays(lastDay, policy.probationDays) ? { stage: 2, cause: 'probation', assignmentId: null } : null;
  }
  return null;
}
