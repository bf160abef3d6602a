import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { RuleBackTest } from '@app/credit-domain';
import { backTestRule, isSignal } from '@app/credit-domain';
import type { Tx } from '@app/event-store';
import { Refusal } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { RuleCheck } from '../define-alert-rule/rule-check';
import { settingsOf } from '../define-alert-rule/rule-settings';
import { foldCloses } from '../evaluate-rules/close-figures';
import { SealedRuns } from '../evaluate-rules/sealed-runs';
import type { BackTestedRule, BackTestRequest } from './back-test.query';
import { BackTestDefinedRuleQuery, BackTestRuleQuery } from './back-test.query';

@QueryHandler(BackTestRuleQuery)
export class BackTestRuleHandler implements IQueryHandler<BackTestRuleQuery> {
  constructor(
    readonly log: AlertingLog,
    private readonly check: RuleCheck,
    readonly sealedRuns: SealedRuns,
  ) {}

  async execute({ request, rule }: BackTestRuleQuery): Promise<RuleBackTest> {
    await this.check.checkDefinition(request.tenantId, rule.definition);
    return this.log.database.read(request.tenantId, (tx) => replay(this, tx, rule, request));
  }
}

@QueryHandler(BackTestDefinedRuleQuery)
export class BackTestDefinedRuleHandler implements IQueryHandler<BackTestDefinedRuleQuery> {
  constructor(
    readonly log: AlertingLog,
    readonly sealedRuns: SealedRuns,
  ) {}

  async execute({ request, ruleId }: BackTestDefinedRuleQuery): Promise<RuleBackTest> {
    return this.log.database.read(request.tenantId, async (tx) => {
      const rule = await this.log.rule(tx, ruleId, await this.log.settledPosition(tx));
      if (rule === null) throw new Refusal('alert-rule-not-found', `There is no alert rule ${ruleId}.`);
      return replay(this, tx, rule, request);
    });
  }
}

async function replay(
  { log, sealedRuns }: { readonly log: AlertingLog; readonly sealedRuns: SealedRuns },
  tx: Tx,
  rule: BackTestedRule,
  { tenantId, since }: BackTestRequest,
): Promise<RuleBackTest> {
  const { definition } = rule;
  if (isSignal(definition)) {
    throw new Refusal(
      'back-test-unsupported',
      `A rule of the type ${definition.type} looks at the day's facts, which closes do not record: it cannot be replayed over them.`,
      [{ field: 'definition.type', pointer: '/definition/type' }],
    );
  }
  const closes = foldCloses(await log.closes(tx)).map(({ figures }) => figures);
  return backTestRule({ definition, settings: settingsOf(rule) }, closes, since, await sealedRuns.read(tx, tenantId, [definition]));
}
