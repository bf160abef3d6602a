import type { RefusalCode } from '@app/credit-domain';

/** Why a row is refused: the first fault found, in the order of the checks. `column` is blank where the whole row is at fault. */
export interface RowRefusal {
  readonly column: string;
  readonly code: RefusalCode;
  readonly reason: string;
}
