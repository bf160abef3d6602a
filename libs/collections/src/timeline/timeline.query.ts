import { Query } from '@nestjs/cqrs';
import type { Position } from '@app/event-store';
import type { Note } from '../case/notes';

export interface TimelineEntry {
  readonly position: Position;
  readonly effectiveOn: string;
  readonly recordedAt: Date;
  readonly type: string;
  readonly principalId: string;
  /** One line for people. */
  readonly summary: string;
  /** What somebody wrote; `erased` when the key of the person is gone. Null = nothing was written. */
  readonly note: Note | null;
  /** What the event belongs to: `receivable`, `debtor-case`, `alert`, and its key. */
  readonly stream: { readonly category: string; readonly key: string };
}

export interface TimelineRequest {
  /** Business date: nothing dated after it. */
  readonly asOf: string;
  readonly knownAt?: string | undefined;
  /** Only these types of events; left out = all. */
  readonly types?: readonly string[] | undefined;
  readonly order: 'asc' | 'desc';
  readonly after?: { readonly effectiveOn: string; readonly position: Position } | undefined;
  readonly limit: number;
}

export interface Timeline {
  readonly knownAt: string;
  readonly position: Position;
  readonly items: readonly TimelineEntry[];
}

/**
 * Every fact about a debtor, from its invoices to its alerts, by business date and then by position. Refused `debtor-not-found`,
 * `event-type-unknown`.
 */
export class ReadTimelineQuery extends Query<Timeline> {
  constructor(
    readonly tenantId: number,
    readonly debtorId: string,
    readonly request: TimelineRequest,
  ) {
    super();
  }
}
