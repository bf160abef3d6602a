import { Command } from '@nestjs/cqrs';
import type { AlertSeverity, RuleDefinition, RuleSettings } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';

/** Settings left out are the defaults of the rule's type. */
export interface RuleContent extends Partial<RuleSettings> {
  readonly name: string;
  readonly severity: AlertSeverity;
  readonly channels: readonly string[];
  readonly definition: RuleDefinition;
}

/** Defines a rule; it looks at the latest close at once. Refused `ageing-scheme-unknown`, `age-limit-not-a-boundary`, `channel-unknown`. */
export class DefineAlertRule extends Command<{ readonly id: string; readonly streamVersion: number }> {
  constructor(
    readonly context: RequestContext,
    readonly content: RuleContent,
  ) {
    super();
  }
}
