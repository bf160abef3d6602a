import { Query } from '@nestjs/cqrs';
import type { Position } from '@app/event-store';
import type { Known } from '../drill-down/drill-down.queries';

/** Amounts of one currency in minor units. */
export interface WriteOffAmounts {
  /** contractual amount written off. */
  readonly writtenOff: bigint;
  /** came in on it since; where the register starts at a date, recoveries go to older write-offs first. */
  readonly recovered: bigint;
  /** written off, not recovered, and still subject to enforcement activity (IFRS 7.35L). */
  readonly underEnforcement: bigint;
}

/** A receivable with what was written off of it. */
export interface WriteOffEntry extends WriteOffAmounts {
  readonly receivableId: string;
  readonly debtorId: string;
  readonly entityId: string;
  readonly kind: string;
  readonly currency: string;
  readonly firstWrittenOffOn: string;
  readonly lastWrittenOffOn: string;
  readonly lastRecoveredOn: string | null;
  readonly enforcementEndedOn: string | null;
  readonly enforcementEndReason: string | null;
  /** of the latest write-off; '' where none was stated. */
  readonly reason: string;
}

export interface WriteOffTotal extends WriteOffAmounts {
  readonly currency: string;
  readonly receivables: number;
}

export interface WriteOffRegister {
  readonly items: readonly WriteOffEntry[];
  readonly hasMore: boolean;
  /** of the whole register, by currency. */
  readonly totals: readonly WriteOffTotal[];
}

export interface WriteOffRegisterRequest {
  readonly asOf: string;
  readonly position: Position;
  /** only what was written off on or after this day: IFRS 7.35L asks for the reporting period. */
  readonly from?: string | undefined;
  /** id of the last receivable of the page before. */
  readonly after?: string | undefined;
  /** entries of a page; 0 = totals only. */
  readonly limit: number;
}

/** The enforcement register at (asOf, position), a page in the order of the receivables' ids, with the totals of the whole. */
export class ReadWriteOffRegisterQuery extends Query<WriteOffRegister> {
  constructor(
    readonly tenantId: number,
    readonly request: WriteOffRegisterRequest,
  ) {
    super();
  }
}

export interface PresentedWriteOffRegister extends Known, WriteOffRegister {
  /** the presentation currency, and all totals translated into it at the closing rates of asOf. */
  readonly currency: string;
  readonly total: WriteOffAmounts;
}

/** The same by moment of knowledge and in a presentation currency. Refused `presentation-currency-missing`, `fx-rate-missing`. */
export class ListWriteOffsQuery extends Query<PresentedWriteOffRegister> {
  constructor(
    readonly tenantId: number,
    readonly request: Omit<WriteOffRegisterRequest, 'position'> & {
      readonly knownAt?: string | undefined;
      readonly currency?: string | undefined;
    },
  ) {
    super();
  }
}
