import { Query } from '@nestjs/cqrs';
import type { CloseState } from './close.fold';

/** A close with its latest figures. Refused `close-not-found`. */
export class GetCloseQuery extends Query<CloseState> {
  constructor(
    readonly tenantId: number,
    readonly closeId: string,
  ) {
    super();
  }
}

export interface CloseSummary {
  readonly id: string;
  readonly asOf: string;
  readonly status: 'queued' | 'completed' | 'failed';
  readonly position: bigint | null;
  readonly currency: string | null;
  readonly gross: bigint | null;
  readonly allowance: bigint | null;
  readonly problemCode: string | null;
}

/** Closes, the latest as-of date first; `before` is the date of the last one seen. */
export class ListClosesQuery extends Query<CloseSummary[]> {
  constructor(
    readonly tenantId: number,
    readonly page: { readonly limit: number; readonly before?: string | undefined },
  ) {
    super();
  }
}
