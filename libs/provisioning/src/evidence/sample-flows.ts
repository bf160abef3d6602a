import type { LocalDate, Period, ReceivableFlow, ReceivableHistory } from '@app/credit-domain';
import { anchorThresholds, bucketByThresholds, flowOf, localDate, stepsWithin } from '@app/credit-domain';
import { anchorOf, type PoolMember } from './book-histories';
import { countsMigration, type EvidencePlan } from './evidence-plan';

export const NEW_ROW = 'new';
export const ARRIVED_ROW = 'arrived';

/** One receivable within one period, and the row and column of the table it belongs to. */
export interface SampleFlow {
  readonly periodIndex: number;
  readonly period: Period;
  readonly history: ReceivableHistory;
  readonly flow: ReceivableFlow;
  /** money on what had been written off. */
  readonly recovered: bigint;
  readonly segment: string;
  /** bucket index at the start, or how it came in. */
  readonly from: number | typeof NEW_ROW | typeof ARRIVED_ROW;
  /** bucket index at the end. */
  readonly to: number;
}

/** Takes a receivable apart into its flows, the same way for the figures and for the list behind them. */
export class SampleReader {
  /** by date, for the buckets of the scheme. */
  private readonly thresholds = new Map<string, readonly LocalDate[]>();

  constructor(private readonly plan: EvidencePlan) {}

  /** The periods flows are taken over: each of the window for what moves between buckets, else the window up to asOf at once. */
  get periods(): readonly Period[] {
    const { plan } = this;
    return countsMigration(plan.request.method) ? plan.periods : [{ from: plan.window.from, to: localDate(plan.request.asOf) }];
  }

  flowsOf(history: ReceivableHistory): SampleFlow[] {
    return this.periods.flatMap((period, periodIndex) => this.flowWithin(history, period, periodIndex) ?? []);
  }

  bucketAt(history: ReceivableHistory, member: PoolMember, asOf: string): number {
    const { scheme } = this.plan;
    const anchor = anchorOf(history, member.classification, scheme.basis);
    if (anchor === null) return 0;
    let thresholds = this.thresholds.get(asOf);
    if (thresholds === undefined) {
      thresholds = anchorThresholds(scheme, localDate(asOf));
      this.thresholds.set(asOf, thresholds);
    }
    return bucketByThresholds(thresholds, anchor);
  }

  private flowWithin(history: ReceivableHistory, period: Period, periodIndex: number): SampleFlow | null {
    const { book, filter } = this.plan;
    const opening = book.memberAt(history, filter, period.from);
    // A debtor that is assessed, or changes its segment, within the period stays in the row it started in: its claims were those of the pool.
    const closing = book.memberAt(history, opening === null ? filter : { ...filter, segment: null, assessed: 'all' }, period.to);
    const member = opening ?? closing;
    if (member === null) return null;
    const takenOnLater = history.takenOn !== null && history.takenOn > period.from;
    const flow = flowOf(history, period, book.position, closing === null);
    const recovered = stepsWithin(history, period, book.position).reduce((sum, step) => sum + step.recovered, 0n);
    if (flow.opening === 0n && flow.raised === 0n && recovered === 0n) return null;
    const isNew = opening === null && history.recognisedOn > period.from;
    return {
      ...{ periodIndex, period, history, flow, recovered, segment: member.segment },
      from: takenOnLater || (opening === null && !isNew) ? ARRIVED_ROW : isNew ? NEW_ROW : this.bucketAt(history, member, period.from),
      to: this.bucketAt(history, closing ?? member, period.to),
    };
  }
}

/** Whether a receivable was taken on without its history: what was paid and lost of it before is unknown. */
export function lacksHistory({ takenOn, recognisedOn }: ReceivableHistory): boolean {
  return takenOn !== null && takenOn > recognisedOn;
}
