import type { LocalDate } from '../../values';

export type PauseCause = 'promise' | 'dispute' | 'payment-plan';

/** An event that a pause or its end opens to. */
export interface CausingEvent {
  readonly type: string;
  readonly position: bigint;
  readonly on: LocalDate;
}

/** Something agreed or contested that keeps chasing back while it lasts. */
export interface PausingFact {
  readonly cause: PauseCause;
  /** of the promise, dispute or plan. */
  readonly id: string;
  /** null = everything the debtor owes. */
  readonly receivableIds: readonly string[] | null;
  readonly by: CausingEvent;
  /** The last day of it as far as known; null = open. */
  readonly until: LocalDate | null;
  /** What ended it; null while it lasts. */
  readonly ended: (CausingEvent & { readonly reason: string }) | null;
}

export interface ChasingState {
  /** What keeps chasing back, oldest first. */
  readonly pauses: readonly PausingFact[];
  /** What no longer does, the latest end first. */
  readonly resumed: readonly PausingFact[];
}

export const NOT_PAUSED: ChasingState = { pauses: [], resumed: [] };

/**
 * Whether a debtor may be chased, and by which events not: a promise holds chasing of its items back until it is judged, a dispute that of the
 * disputed items only, a plan that of its items while it is kept. Nobody pauses or resumes by hand. Facts of later dates do not count yet.
 */
export function chasingStateOf(facts: readonly PausingFact[], asOf: LocalDate): ChasingState {
  const begun = facts.filter(({ by }) => by.on <= asOf);
  return {
    pauses: begun.filter(({ ended }) => ended === null || ended.on > asOf).sort((a, b) => order(a.by, b.by)),
    resumed: begun.filter(({ ended }) => ended !== null && ended.on <= asOf).sort((a, b) => order(b.ended ?? b.by, a.ended ?? a.by)),
  };
}

/** What keeps one receivable from being chased; none = it may be. */
export function pausesOf({ pauses }: ChasingState, receivableId: string): readonly PausingFact[] {
  return pauses.filter(({ receivableIds }) => receivableIds === null || receivableIds.includes(receivableId));
}

/** Whether chasing of the debtor as a whole is held back, whatever items it owes. */
export function isWhollyPaused({ pauses }: ChasingState): boolean {
  return pauses.some(({ receivableIds }) => receivableIds === null);
}

function order(a: CausingEvent, b: CausingEvent): number {
  return a.on < b.on ? -1 : a.on > b.on ? 1 : a.position < b.position ? -1 : a.position > b.position ? 1 : 0;
}
