import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { Tx } from '@app/event-store';
import type { AlertRule } from '../alert-rule';
import { AlertingLog } from '../alerting-log';
import { latestEvaluation } from '../evaluate-rules/evaluation-table';
import { GetAlertRuleQuery, ListAlertRulesQuery, type EvaluatedRule } from './list-alert-rules.query';

async function evaluated(tx: Tx, tenantId: number, rule: AlertRule): Promise<EvaluatedRule> {
  return { ...rule, evaluation: await latestEvaluation(tx, tenantId, rule.id, rule.version) };
}

@QueryHandler(ListAlertRulesQuery)
export class ListAlertRulesHandler implements IQueryHandler<ListAlertRulesQuery> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ tenantId }: ListAlertRulesQuery): Promise<readonly EvaluatedRule[]> {
    return this.log.database.read(tenantId, async (tx) => {
      const rules = await this.log.rules(tx, await this.log.settledPosition(tx));
      const result: EvaluatedRule[] = [];
      for (const rule of rules) {
        if (rule.status === 'active') result.push(await evaluated(tx, tenantId, rule));
      }
      return result;
    });
  }
}

@QueryHandler(GetAlertRuleQuery)
export class GetAlertRuleHandler implements IQueryHandler<GetAlertRuleQuery> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ tenantId, ruleId }: GetAlertRuleQuery): Promise<EvaluatedRule | null> {
    return this.log.database.read(tenantId, async (tx) => {
      const rule = await this.log.rule(tx, ruleId, await this.log.settledPosition(tx));
      return rule === null ? null : evaluated(tx, tenantId, rule);
    });
  }
}
