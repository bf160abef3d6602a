import type { CloseFigures, CloseRecord } from '@app/credit-domain';
import type { StoredEvent } from '@app/event-store';
import type { AgeingSnapshotTakenData, CloseCompletedData, ProvisionRecomputedData } from '@app/provisioning';

/** Closes recorded before there were stages do not have the list. */
type RecordedProvision = Omit<ProvisionRecomputedData, 'stages'> & Partial<Pick<ProvisionRecomputedData, 'stages'>>;

export interface RecordedClose extends CloseRecord {
  readonly figures: CloseFigures;
}

/** The closes of a book as their events left them: the last snapshot and the last allowance of each. Closes without figures are left out. */
export function foldCloses(events: readonly StoredEvent[]): RecordedClose[] {
  const closes = new Map<string, RecordedClose>();
  for (const event of events) {
    const known = closes.get(event.key);
    const next = evolve(known, event);
    if (next !== undefined) closes.set(event.key, next);
  }
  return [...closes.values()];
}

function evolve(close: RecordedClose | undefined, event: StoredEvent): RecordedClose | undefined {
  switch (event.type) {
    case 'AgeingSnapshotTaken': {
      const { asOf, currency, byAge } = event.data as AgeingSnapshotTakenData;
      const ageing = byAge.map(({ scheme, buckets, groups }) => ({
        scheme,
        buckets: buckets.map(({ label, upTo }) => ({ label, upTo })),
        groups: groups.map(({ kind, segment, collective, individual }) => ({
          kind,
          segment,
          collective: collective.map(BigInt),
          individual: individual.map(BigInt),
        })),
      }));
      const provision = close?.figures.currency === currency ? close.figures.provision : null;
      return { asOf, recordedAt: close?.recordedAt ?? event.position, figures: { asOf, currency, ageing, provision } };
    }
    case 'ProvisionRecomputed': {
      const { asOf, currency, kinds, buckets, stages = [] } = event.data as RecordedProvision;
      const provision = {
        kinds: kinds.map(({ kind, collective, individual }) => ({
          kind,
          collective: amounts(collective),
          individual: amounts(individual),
        })),
        cells: buckets.map(({ kind, scheme, segment, bucket, rate, ...cell }) => ({
          kind,
          scheme,
          segment,
          bucket,
          rate,
          ...amounts(cell),
        })),
        stages: stages.map(({ kind, segment, stage, ...cell }) => ({ kind, segment, stage, ...amounts(cell) })),
      };
      const ageing = close?.figures.ageing ?? [];
      return { asOf, recordedAt: close?.recordedAt ?? event.position, figures: { asOf, currency, ageing, provision } };
    }
    case 'CloseCompleted': {
      const { provision } = event.data as CloseCompletedData;
      if (close === undefined || provision === 'computed') return close;
      return { ...close, figures: { ...close.figures, provision: null } };
    }
    default:
      return close;
  }
}

function amounts({ gross, allowance }: { readonly gross: string; readonly allowance: string }): { gross: bigint; allowance: bigint } {
  return { gross: BigInt(gross), allowance: BigInt(allowance) };
}
