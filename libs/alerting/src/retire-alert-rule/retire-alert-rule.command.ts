import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/** Ends a rule; its open alerts are closed with the reason `rule-retired`. Retiring it again changes nothing. Refused `alert-rule-not-found`. */
export class RetireAlertRule extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly ruleId: string,
    readonly expectedVersion: number | undefined,
  ) {
    super();
  }
}
