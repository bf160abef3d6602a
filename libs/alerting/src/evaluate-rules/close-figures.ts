import type { CloseFigures, CloseProvision, CloseRecord, DebtorConcentration, GroupDebtors } from '@app/credit-domain';
import type { StoredEvent } from '@app/event-store';
import type { AgeingSnapshotTakenData, CloseCompletedData, ProvisionRecomputedData, SealedFigures } from '@app/provisioning';

/** Closes recorded before debtors were counted do not have the lists. */
type RecordedSnapshot = Omit<AgeingSnapshotTakenData, 'byAge' | 'concentration'> &
  Partial<Pick<AgeingSnapshotTakenData, 'concentration'>> & {
    byAge: (Omit<AgeingBySchemeData, 'debtors'> & Partial<Pick<AgeingBySchemeData, 'debtors'>>)[];
  };
type AgeingBySchemeData = AgeingSnapshotTakenData['byAge'][number];
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
      const { asOf, currency, byAge, concentration = null } = event.data as RecordedSnapshot;
      const ageing = byAge.map(({ scheme, buckets, groups, debtors = null }) => ({
        scheme,
        buckets: buckets.map(({ label, upTo }) => ({ label, upTo })),
        groups: groups.map(({ kind, segment, collective, individual }) => ({
          kind,
          segment,
          collective: collective.map(BigInt),
          individual: individual.map(BigInt),
        })),
        debtors: debtors?.map(debtorsOf) ?? null,
      }));
      const provision = close?.figures.currency === currency ? close.figures.provision : null;
      const figures = { asOf, currency, ageing, provision, concentration: concentration?.map(concentrationOf) ?? null };
      return { asOf, recordedAt: close?.recordedAt ?? event.position, figures };
    }
    case 'ProvisionRecomputed': {
      const { asOf, currency, kinds, buckets, stages = [] } = event.data as RecordedProvision;
      const provision = provisionOf({ kinds, buckets, stages });
      const { ageing = [], concentration = null } = close?.figures ?? {};
      return { asOf, recordedAt: close?.recordedAt ?? event.position, figures: { asOf, currency, ageing, provision, concentration } };
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

/** The figures of a sealed run, to be compared with: a run holds allowances and neither ageing nor debtors. */
export function sealedRunFigures({ asOf, currency, ...provision }: SealedFigures): CloseFigures {
  return { asOf, currency, ageing: [], provision: provisionOf(provision), concentration: null };
}

function provisionOf({ kinds, buckets, stages }: Pick<SealedFigures, 'kinds' | 'buckets' | 'stages'>): CloseProvision {
  return {
    kinds: kinds.map(({ kind, collective, individual }) => ({ kind, collective: amounts(collective), individual: amounts(individual) })),
    cells: buckets.map(({ kind, scheme, segment, bucket, rate, ...cell }) => ({ kind, scheme, segment, bucket, rate, ...amounts(cell) })),
    stages: stages.map(({ kind, segment, stage, ...cell }) => ({ kind, segment, stage, ...amounts(cell) })),
  };
}

function debtorsOf({ squares, buckets, ...group }: NonNullable<AgeingBySchemeData['debtors']>[number]): GroupDebtors {
  return {
    ...group,
    squares: BigInt(squares),
    buckets: buckets.map((bucket) => ({ debtors: bucket.debtors, squares: BigInt(bucket.squares), products: BigInt(bucket.products) })),
  };
}

function concentrationOf(part: NonNullable<AgeingSnapshotTakenData['concentration']>[number]): DebtorConcentration {
  return {
    ...part,
    total: BigInt(part.total),
    squares: BigInt(part.squares),
    largest: part.largest.map(({ debtorId, amount }) => ({ debtorId, amount: BigInt(amount) })),
  };
}

function amounts({ gross, allowance }: { readonly gross: string; readonly allowance: string }): { gross: bigint; allowance: bigint } {
  return { gross: BigInt(gross), allowance: BigInt(allowance) };
}
