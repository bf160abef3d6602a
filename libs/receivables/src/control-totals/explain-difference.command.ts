import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import type { ControlKey } from './control-key';

export interface DifferenceExplanation extends ControlKey {
  readonly asOf: string;
  /** stated less book, in minor units of the currency: the difference as the one who explains it sees it. */
  readonly amount: bigint;
  readonly reason: string;
}

/**
 * Accounts for a difference between a control total and the book. It holds for exactly this amount: should either side change, the difference
 * stands unexplained again.
 * @throws Refusal `control-total-not-found`, `control-difference-changed` when the difference is another by now
 */
export class ExplainDifferenceCommand extends Command<{ id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly explanation: DifferenceExplanation,
  ) {
    super();
  }
}
