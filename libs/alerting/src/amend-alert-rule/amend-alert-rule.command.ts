import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import type { RuleContent } from '../define-alert-rule/define-alert-rule.command';

/**
 * Replaces a rule by its next version. Its open alerts are closed with the reason `rule-changed`, and the new version looks at the latest close at
 * once, so that a shift which still stands is told again. The same content changes nothing. Refused `alert-rule-not-found`, `alert-rule-retired`,
 * and as DefineAlertRule; throws VersionConflict when `expectedVersion` is not the version of the stream.
 */
export class AmendAlertRule extends Command<{ readonly id: string; readonly streamVersion: number }> {
  constructor(
    readonly context: RequestContext,
    readonly ruleId: string,
    readonly content: RuleContent,
    readonly expectedVersion: number | undefined,
  ) {
    super();
  }
}
