import { Query } from '@nestjs/cqrs';
import type { AlertRule } from '../alert-rule';
import type { RecordedEvaluation } from '../evaluate-rules/evaluation-table';

/** A rule with what it said last, also when it told nobody. */
export interface EvaluatedRule extends AlertRule {
  readonly evaluation: RecordedEvaluation | null;
}

/** Every active rule, in the order they were defined. */
export class ListAlertRulesQuery extends Query<readonly EvaluatedRule[]> {
  constructor(readonly tenantId: number) {
    super();
  }
}

/** One rule, retired ones too; null when there is none. */
export class GetAlertRuleQuery extends Query<EvaluatedRule | null> {
  constructor(
    readonly tenantId: number,
    readonly ruleId: string,
  ) {
    super();
  }
}
