import type { BridgeLeg, MovementAmounts, MovementFacts, Movements, NoMovement } from '@app/credit-domain';
import { kindLabel } from '@app/credit-domain';
import { Refusal } from '@app/platform';
import type { QueryBus } from '@nestjs/cqrs';
import { GetAllowanceBridgeQuery, GetGrossRollForwardQuery, type AllowanceBridge, type GrossRollForward } from '../bridge/bridge.queries';
import type { CompletedRun } from '../provision-runs/provision-run.fold';

const SIDES = [
  { id: 'collective', label: 'Collectively assessed' },
  { id: 'individual', label: 'Individually assessed' },
  { id: 'staged', label: 'In stages' },
] as const;

/** The movement between two runs, by the bridge. Runs that no bridge joins leave the tables empty and say why. */
export async function movementsBetween(
  queries: QueryBus,
  tenantId: number,
  earlier: CompletedRun | null,
  run: CompletedRun,
): Promise<Movements | NoMovement> {
  if (earlier === null) return { reason: 'No earlier run was named as comparative.' };
  const from = { ref: earlier.request.runId, knownAt: null };
  const to = { ref: run.request.runId, knownAt: null };
  try {
    const allowance = await queries.execute(new GetAllowanceBridgeQuery(tenantId, { from, to }));
    const gross = await queries.execute(new GetGrossRollForwardQuery(tenantId, { from, to }));
    return { allowanceBySide: bySide(allowance), allowanceByKind: byKind(allowance), grossByKind: byKind(gross) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { reason: error.detail };
  }
}

function bySide({ from, byCell, legs }: AllowanceBridge): MovementFacts {
  const atEnd = (end: 'opening' | 'closing'): MovementAmounts =>
    Object.fromEntries(SIDES.map(({ id }) => [id, sumOf(byCell.filter(({ side }) => side === id).map((cell) => cell[end]))]));
  return {
    ...{ from: from.asOf, columns: SIDES, opening: atEnd('opening'), closing: atEnd('closing') },
    legs: legs.map(({ cause, collective, individual, staged }) => ({ cause, amounts: { collective, individual, staged } })),
  };
}

function byKind({ from, byKind: kinds, legs }: AllowanceBridge | GrossRollForward): MovementFacts {
  const atEnd = (end: 'opening' | 'closing'): MovementAmounts => Object.fromEntries(kinds.map((each) => [each.kind, each[end]]));
  const ofCause = (cause: string): MovementAmounts => Object.fromEntries(kinds.map((each) => [each.kind, amountOf(each.legs, cause)]));
  return {
    ...{ from: from.asOf, columns: kinds.map(({ kind }) => ({ id: kind, label: kindLabel(kind) })) },
    ...{ opening: atEnd('opening'), closing: atEnd('closing') },
    legs: legs.map(({ cause }) => ({ cause, amounts: ofCause(cause) })),
  };
}

const amountOf = (legs: readonly BridgeLeg<string>[], cause: string): bigint => legs.find((leg) => leg.cause === cause)?.amount ?? 0n;
const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, each) => sum + each, 0n);
