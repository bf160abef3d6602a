import type { CausingEvent, ClaimOutcome, DisputeReason, DisputeResolution, Instalment, LocalDate, PlanState } from '@app/credit-domain';
import type { JsonObject } from '@app/event-store';

/** How a claim was judged, each time; the last one holds. */
export interface JudgementRecord {
  /** `open`: what had paid it was taken back before its day was over. */
  readonly outcome: ClaimOutcome | 'open';
  readonly paid: bigint;
  readonly counted: readonly { readonly movementId: string; readonly amount: string }[];
  readonly unclassified: bigint;
  readonly by: CausingEvent;
  readonly recordedAt: Date;
}

export interface PromiseRecord {
  readonly id: string;
  readonly debtorId: string;
  readonly madeBy: CausingEvent;
  readonly madeAt: Date;
  readonly amount: bigint;
  readonly currency: string;
  readonly dueOn: LocalDate;
  readonly graceDays: number;
  readonly receivableIds: readonly string[] | null;
  readonly personal: JsonObject | null;
  readonly moves: readonly {
    readonly fromDueOn: string;
    readonly fromAmount: bigint;
    readonly by: CausingEvent;
    readonly personal: JsonObject | null;
  }[];
  readonly judgements: readonly JudgementRecord[];
  readonly withdrawn: (CausingEvent & { readonly personal: JsonObject | null }) | null;
}

export interface DisputeRecord {
  readonly id: string;
  readonly debtorId: string;
  readonly raisedBy: CausingEvent;
  readonly receivableIds: readonly string[];
  readonly reason: DisputeReason;
  readonly amount: bigint;
  readonly currency: string;
  readonly personal: JsonObject | null;
  readonly resolved: {
    readonly by: CausingEvent;
    readonly resolution: DisputeResolution;
    readonly creditNoteIds: readonly string[];
    readonly personal: JsonObject | null;
  } | null;
}

export interface PlannedItemRecord {
  readonly receivableId: string;
  readonly dueOn: string | null;
  readonly outstanding: bigint;
  readonly daysPastDue: number | null;
  readonly modifiedPastDue30: boolean;
}

export interface PlanRecord {
  readonly id: string;
  readonly debtorId: string;
  readonly agreedBy: CausingEvent;
  readonly currency: string;
  readonly graceDays: number;
  readonly approved: boolean;
  readonly personal: JsonObject | null;
  readonly items: readonly PlannedItemRecord[];
  readonly instalments: readonly (Instalment & { readonly judgements: readonly JudgementRecord[] })[];
  /** What broke it, or saw it kept; null while it runs. */
  readonly ended: (CausingEvent & { readonly state: Exclude<PlanState, 'running'> }) | null;
  readonly cancelled: (CausingEvent & { readonly personal: JsonObject | null }) | null;
}

/** Everything agreed with and contested by a debtor; folded from one stream. */
export interface DebtorCase {
  readonly debtorId: string;
  /** of the stream; 0 = there is none. */
  readonly version: number;
  readonly promises: ReadonlyMap<string, PromiseRecord>;
  readonly disputes: ReadonlyMap<string, DisputeRecord>;
  readonly plans: ReadonlyMap<string, PlanRecord>;
}

export type PromiseState = ClaimOutcome | 'open' | 'withdrawn';

export function promiseStateOf({ withdrawn, judgements }: PromiseRecord): PromiseState {
  return withdrawn === null ? (judgements.at(-1)?.outcome ?? 'open') : 'withdrawn';
}

export function planStateOf({ cancelled, ended }: PlanRecord): PlanState | 'cancelled' {
  return cancelled === null ? (ended?.state ?? 'running') : 'cancelled';
}

export const NO_CASE = (debtorId: string): DebtorCase => ({
  debtorId,
  version: 0,
  promises: new Map(),
  disputes: new Map(),
  plans: new Map(),
});
