import { canonicalJson, type JsonObject, type Position } from '@app/event-store';
import type { ProvisionOutput } from '../calculate/calculate-provision';
import type { Attempt } from '../calculate/problem';
import type { Hashed } from '../calculate/provision-calculator';
import type { SnapshotOutput } from '../calculate/take-snapshot';
import { newEvent, positionNumber } from '../event-data';
import type { AgeingSnapshotTakenData, CloseStageData, MatrixBucketData, ProblemData, ProvisionRecomputedData } from '../events';
import type { CloseState } from './close.fold';

export interface CloseFigures {
  readonly snapshot: Attempt<SnapshotOutput>;
  readonly provision: Attempt<Hashed>;
}

/**
 * The events a computation adds to a close: a snapshot and a provision only where a figure differs from the latest one, and an
 * outcome when somebody waits for one or something changed. A recomputation that finds the same figures adds nothing, so that
 * nobody downstream looks at it.
 */
export function closeOutcome(close: CloseState, position: Position, figures: CloseFigures): ReturnType<typeof newEvent>[] {
  const { closeId, asOf, pending } = close;
  const at = { closeId, asOf, position: positionNumber(position) };
  const { snapshot, provision } = figures;
  if (!snapshot.ok) {
    const { problem } = snapshot;
    return pending || !sameProblem(close.failure, problem) ? [newEvent('CloseFailed', asOf, { ...at, problem })] : [];
  }
  const events: ReturnType<typeof newEvent>[] = [];
  const taken: AgeingSnapshotTakenData = { ...at, ...snapshot.value };
  if (!sameSnapshot(close.snapshot, taken)) events.push(newEvent('AgeingSnapshotTaken', asOf, taken));
  if (provision.ok) {
    const recomputed = provisionData(at, provision.value);
    if (!sameProvision(close.provision, recomputed)) events.push(newEvent('ProvisionRecomputed', asOf, recomputed));
  }
  const problem = provision.ok ? null : provision.problem;
  const changed = events.length > 0 || close.failure !== null || !sameProblem(close.provisionProblem, problem);
  if (pending || changed)
    events.push(newEvent('CloseCompleted', asOf, { ...at, provision: provision.ok ? 'computed' : 'not-computed', problem }));
  return events;
}

function provisionData(at: { closeId: string; asOf: string; position: number }, { output, hash }: Hashed): ProvisionRecomputedData {
  const { currency, inputs, totals, total, warnings } = output;
  const lossRateSets = inputs.matrices;
  return {
    ...{ ...at, currency, resultHash: hash, lossRateSets, total, kinds: totals, warnings },
    buckets: matrixOf(output),
    stages: stagesOf(output),
  };
}

/** The lines of the run over all entities and currencies, in the presentation currency. */
export function matrixOf({ collective, inputs }: Pick<ProvisionOutput, 'collective' | 'inputs'>): MatrixBucketData[] {
  const buckets = new Map<string, { data: MatrixBucketData; gross: bigint; allowance: bigint }>();
  for (const { kind, segment, bucket, rate: applied, uncoveredRate, presentationGross, presentationAllowance } of collective) {
    // A debtor under cover keeps less of the rate; the bucket's rate is the one in force for everybody else.
    const rate = uncoveredRate ?? applied;
    const key = JSON.stringify([kind, segment, bucket]);
    const scheme = inputs.matrices.find((matrix) => matrix.kind === kind)?.scheme ?? '';
    const sum = buckets.get(key) ?? { data: { kind, scheme, segment, bucket, rate, gross: '0', allowance: '0' }, gross: 0n, allowance: 0n };
    sum.gross += BigInt(presentationGross);
    sum.allowance += BigInt(presentationAllowance);
    buckets.set(key, sum);
  }
  return [...buckets.values()].map(({ data, gross, allowance }) => ({ ...data, gross: gross.toString(), allowance: allowance.toString() }));
}

/** Staged lines over all entities, classes and currencies, in the presentation currency. */
export function stagesOf({ staged }: Pick<ProvisionOutput, 'staged'>): CloseStageData[] {
  const stages = new Map<string, { data: CloseStageData; gross: bigint; allowance: bigint }>();
  for (const { kind, segment, stage, presentationGross, presentationAllowance } of staged) {
    const key = JSON.stringify([kind, segment, stage]);
    const sum = stages.get(key) ?? { data: { kind, segment, stage, gross: '0', allowance: '0' }, gross: 0n, allowance: 0n };
    sum.gross += BigInt(presentationGross);
    sum.allowance += BigInt(presentationAllowance);
    stages.set(key, sum);
  }
  return [...stages.values()].map(({ data, gross, allowance }) => ({ ...data, gross: gross.toString(), allowance: allowance.toString() }));
}

function sameSnapshot(before: AgeingSnapshotTakenData | null, after: AgeingSnapshotTakenData): boolean {
  const figures = ({ currency, total, byAge, concentration }: AgeingSnapshotTakenData): JsonObject => ({
    currency,
    total,
    byAge,
    concentration,
  });
  return before !== null && same(figures(before), figures(after));
}

/** The position, the hash over it and the names of the rate sets may differ: what counts is whether a figure does. */
function sameProvision(before: ProvisionRecomputedData | null, after: ProvisionRecomputedData): boolean {
  const figures = ({ currency, total, kinds, buckets, stages }: ProvisionRecomputedData): JsonObject => ({
    currency,
    total,
    kinds,
    buckets,
    stages,
  });
  return before !== null && same(figures(before), figures(after));
}

function sameProblem(before: ProblemData | null, after: ProblemData | null): boolean {
  return before === null || after === null ? before === after : same(before, after);
}

function same(before: JsonObject, after: JsonObject): boolean {
  return canonicalJson(before) === canonicalJson(after);
}
