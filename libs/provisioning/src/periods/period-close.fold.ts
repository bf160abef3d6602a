import type { Position, StoredEvent } from '@app/event-store';
import { dataOf, hashOf } from '../event-data';
import type { PeriodCloseProposedData } from '../events/periods';

export const PERIOD_CATEGORY = 'period';

interface Signed {
  readonly by: string;
  readonly at: string;
}

/**
 * A period close as far as it has come. `closed` and `reopening` close the period; `proposed` does not yet, `reopened` does not any more.
 * A period reopened and closed again is another close.
 */
export interface PeriodClose extends PeriodCloseProposedData {
  readonly version: number;
  readonly status: 'proposed' | 'closed' | 'reopening' | 'reopened';
  /** hash over what is to be approved next: the close, or once it is closed the reopening that was proposed. */
  readonly contentHash: string;
  readonly proposed: Signed;
  readonly approved: Signed | null;
  /** position of the approval: facts recorded after it are late for the period; null until it was approved. */
  readonly closedPosition: Position | null;
  readonly reopenReason: string | null;
  readonly reopenProposed: Signed | null;
  readonly reopenApproved: Signed | null;
}

/** Folds the events of one or of many closes, given by position. */
export function foldPeriodCloses(events: readonly StoredEvent[]): PeriodClose[] {
  const closes = new Map<string, PeriodClose>();
  for (const event of events) {
    const next = evolve(closes.get(event.key), event);
    if (next !== undefined) closes.set(event.key, next);
  }
  return [...closes.values()];
}

/** Whether a close holds its period shut. */
export function isShut({ status }: PeriodClose): boolean {
  return status === 'closed' || status === 'reopening';
}

/** The close that keeps a day shut for an entity, the latest one; null entity = a decision for every entity, which any closed entity refuses. */
export function closeShutting(closes: readonly PeriodClose[], at: { effectiveOn: string; entityId: string | null }): PeriodClose | null {
  const shutting = closes
    .filter(isShut)
    .filter(({ through }) => through >= at.effectiveOn)
    .filter(({ entityId }) => entityId === null || at.entityId === null || entityId === at.entityId);
  return shutting.sort((a, b) => (a.through < b.through ? 1 : -1))[0] ?? null;
}

export interface ClosedThrough {
  /** null = every entity not named. */
  readonly entityId: string | null;
  readonly through: string;
}

/** Up to which day each entity is closed. An entity that was never closed by itself follows the closes for all. */
export function closedThroughByEntity(closes: readonly PeriodClose[]): ClosedThrough[] {
  const shut = closes.filter(isShut);
  return [...new Set(shut.map(({ entityId }) => entityId))]
    .map((entityId) => ({
      entityId,
      through: shut
        .filter((close) => close.entityId === null || close.entityId === entityId)
        .map(({ through }) => through)
        .reduce((latest, through) => (through > latest ? through : latest)),
    }))
    .sort((a, b) => ((a.entityId ?? '') < (b.entityId ?? '') ? -1 : 1));
}

function evolve(close: PeriodClose | undefined, event: StoredEvent): PeriodClose | undefined {
  const { version } = event;
  const signed = { by: event.principalId, at: event.recordedAt.toISOString() };
  if (event.type === 'PeriodCloseProposed') {
    const data = dataOf('PeriodCloseProposed', event);
    return {
      ...data,
      ...{ version, status: 'proposed', contentHash: hashOf(data), proposed: signed, approved: null, closedPosition: null },
      ...{ reopenReason: null, reopenProposed: null, reopenApproved: null },
    };
  }
  if (close === undefined) return undefined;
  switch (event.type) {
    case 'PeriodCloseApproved':
      return { ...close, version, status: 'closed', approved: signed, closedPosition: event.position };
    case 'PeriodReopenProposed': {
      const data = dataOf('PeriodReopenProposed', event);
      return {
        ...close,
        ...{ version, status: 'reopening', contentHash: hashOf(data), reopenReason: data.reason, reopenProposed: signed },
      };
    }
    case 'PeriodReopenApproved':
      return { ...close, version, status: 'reopened', reopenApproved: signed };
    default:
      return close;
  }
}
