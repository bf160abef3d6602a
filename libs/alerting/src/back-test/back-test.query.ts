import { Query } from '@nestjs/cqrs';
import type { RuleBackTest, RuleDefinition, RuleSettings } from '@app/credit-domain';

export interface BackTestRequest {
  readonly tenantId: number;
  /** Closes from this day on are judged; those before are bases. null: every close there is. */
  readonly since: string | null;
}

/** The rule as it would be defined; channels and severity make no difference to what would fire. */
export type BackTestedRule = Partial<RuleSettings> & { readonly definition: RuleDefinition };

/**
 * What a rule would have told, had it been there, before it is saved. Sends nothing and writes nothing. Refused as defining it would be, and
 * `back-test-unsupported` for rules that do not look at closes.
 */
export class BackTestRuleQuery extends Query<RuleBackTest> {
  constructor(
    readonly request: BackTestRequest,
    readonly rule: BackTestedRule,
  ) {
    super();
  }
}

/** The same for a rule that is defined, retired ones too. Refused `alert-rule-not-found`. */
export class BackTestDefinedRuleQuery extends Query<RuleBackTest> {
  constructor(
    readonly request: BackTestRequest,
    readonly ruleId: string,
  ) {
    super();
  }
}
