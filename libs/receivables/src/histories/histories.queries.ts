import type { DebtorHistory, ReceivableHistory } from '@app/credit-domain';
import type { Position } from '@app/event-store';
import { Query } from '@nestjs/cqrs';

/** How many receivables one page of histories holds: some megabytes, so that a book of any size is walked in flat memory. */
export const HISTORIES_PER_PAGE = 20_000;

export interface HistoriesRequest {
  /** nothing recorded after it is returned. */
  readonly position: Position;
  /** the last receivable of the page before; undefined = from the first. */
  readonly after?: bigint | undefined;
  readonly debtorIds?: readonly string[] | undefined;
  readonly receivableIds?: readonly string[] | undefined;
}

export interface HistoriesPage {
  readonly items: readonly ReceivableHistory[];
  /** null when this was the last page. */
  readonly next: bigint | null;
}

/** Receivables with everything recorded of them up to a position, in a fixed order, page by page. `walkHistories` goes through all pages. */
export class ReadReceivableHistoriesQuery extends Query<HistoriesPage> {
  constructor(
    readonly tenantId: number,
    readonly request: HistoriesRequest,
  ) {
    super();
  }
}

/** The dated facts of debtors up to a position; of every debtor when none is named. */
export class ReadDebtorHistoriesQuery extends Query<DebtorHistory[]> {
  constructor(
    readonly tenantId: number,
    readonly request: {
      readonly position: Position;
      readonly debtorIds?: readonly string[] | undefined;
      /** only debtors that were flagged as credit-impaired on some date. */
      readonly everImpaired?: boolean | undefined;
    },
  ) {
    super();
  }
}
