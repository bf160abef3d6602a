import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/** Amounts in minor units of `currency`. Without `items` the oldest receivables come first, with `amount` up to exactly that much. */
export interface AllocationRequest {
  readonly debtorId: string;
  readonly entityId: string;
  readonly currency: string;
  readonly effectiveOn: string;
  readonly amount?: bigint | undefined;
  readonly items?: readonly { readonly receivableId: string; readonly amount: bigint }[] | undefined;
}

export interface Allocation {
  readonly id: string;
  readonly debtorId: string;
  readonly entityId: string;
  readonly currency: string;
  readonly effectiveOn: string;
  readonly allocated: bigint;
  readonly items: readonly { readonly receivableId: string; readonly movementId: string; readonly amount: bigint }[];
}

/**
 * Moves unapplied credit of a debtor onto its receivables: a movement of type `allocation` each, gross and credit lowered alike. The same
 * request made again under its Idempotency-Key answers with what it allocated.
 * @throws Refusal `debtor-not-found`, `receivable-unknown`, `debtor-mismatch`, `currency-mismatch`, `entity-mismatch`, `before-recognition`,
 *   `exceeds-credit-balance`, `exceeds-outstanding`, `nothing-to-allocate`
 */
export class AllocateCreditCommand extends Command<Allocation> {
  constructor(
    readonly context: RequestContext,
    readonly request: AllocationRequest,
  ) {
    super();
  }
}
