import { Query } from '@nestjs/cqrs';
import type { AgeingBasis } from '@app/credit-domain';
import type { Known, PointInTime, ReceivableBalance } from '../drill-down/drill-down.queries';

/** A receivable on the last day of its bucket. */
export interface BoundaryItem extends ReceivableBalance {
  /** the date its age counts from. */
  readonly anchor: string;
  readonly bucket: string;
  /** the bucket it is in the next day. */
  readonly nextBucket: string;
}

export interface BoundaryItems extends Known {
  readonly scheme: string;
  readonly basis: AgeingBasis;
  readonly items: readonly BoundaryItem[];
  readonly hasMore: boolean;
}

export interface BoundaryItemsRequest extends PointInTime {
  /** default the one of the kind's loss rates in force. */
  readonly scheme?: string | undefined;
  /** default every kind with expected credit losses. */
  readonly kind?: string | undefined;
  /** id of the last receivable of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Receivables whose age lies exactly on a bucket boundary, in the order of their ids. Refused `ageing-scheme-unknown`. */
export class ListBoundaryItemsQuery extends Query<BoundaryItems> {
  constructor(readonly request: BoundaryItemsRequest) {
    super();
  }
}
