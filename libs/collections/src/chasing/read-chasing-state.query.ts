import type { ChasingState } from '@app/credit-domain';
import type { Position } from '@app/event-store';
import { Query } from '@nestjs/cqrs';

export interface ChasingRequest {
  /** Business date. */
  readonly asOf: string;
  /** Nothing recorded after it counts; left out = the latest settled. */
  readonly position?: Position | undefined;
  readonly debtorIds: readonly string[];
}

/**
 * What keeps debtors from being chased on a day, and what no longer does, by debtor: `pausesOf` says it for one receivable, `isWhollyPaused` for
 * all of them. Each pause names the event it comes from. A debtor that is not in the map has never promised, disputed or agreed on anything:
 * `NOT_PAUSED`. Two statements whatever the number of debtors.
 */
export class ReadChasingStateQuery extends Query<ReadonlyMap<string, ChasingState>> {
  constructor(
    readonly tenantId: number,
    readonly request: ChasingRequest,
  ) {
    super();
  }
}
