import type { StoredEvent } from '@app/event-store';
import { dataOf } from '../event-data';

export const WORKLIST_POLICY = 'worklist-policy';
/** A tenant has one. */
export const THE_POLICY = 'worklist';

export interface WorklistPolicy {
  readonly assignments: readonly { readonly segments: readonly string[] | null; readonly controllerId: string }[];
  /** Tenths of a point by segment. */
  readonly segmentTenths: Readonly<Record<string, number>>;
  readonly streamVersion: number;
  /** Where it was stated; null = never. */
  readonly position: bigint | null;
}

/** The policy as it was stated last. */
export function foldWorklistPolicy(events: readonly StoredEvent[]): WorklistPolicy {
  const last = events.at(-1);
  if (last === undefined) return { assignments: [], segmentTenths: {}, streamVersion: 0, position: null };
  return { ...dataOf('WorklistPolicyStated', last), streamVersion: last.version, position: last.position };
}

/** The controller whom the first fitting rule names; null when none does. */
export function controllerByRule({ assignments }: WorklistPolicy, segment: string): string | null {
  return assignments.find(({ segments }) => segments?.includes(segment) ?? true)?.controllerId ?? null;
}
