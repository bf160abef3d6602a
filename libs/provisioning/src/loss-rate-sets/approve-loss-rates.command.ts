import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';

/** Approves a proposed set, which from then on is used. Approving again changes nothing. Refused `four-eyes`, `loss-rate-set-not-found`. */
export class ApproveLossRatesCommand extends Command<{ id: string; status: 'approved' }> {
  constructor(
    readonly context: RequestContext,
    readonly setId: string,
  ) {
    super();
  }
}
