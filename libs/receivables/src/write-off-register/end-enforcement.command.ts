import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/**
 * Says that what was written off of a receivable up to a day is no longer pursued. What is written off later is under enforcement anew.
 * @throws Refusal `write-off-not-found` when nothing was written off by then, `enforcement-ended-already`
 */
export class EndEnforcementCommand extends Command<{ id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly receivableId: string,
    readonly end: { readonly on: string; readonly reason: string },
  ) {
    super();
  }
}
