import { Body, Controller, Param, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { BackTestDefinedRuleQuery, BackTestRuleQuery } from '@app/alerting';
import type { BackTestFigure, RuleBackTest } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import type { z } from 'zod';
import { Context, Permit, Returns } from '../http';
import { idParams } from './alerting.schemas';
import { ruleContent } from './alerting.wire';
import { BACK_TEST_ALERTS_MAX, backTestAnswer, backTestBody, backTestDefinedBody } from './back-test.schemas';

/** What a rule would have told over the closes there are. Sends nothing, writes nothing. */
@Controller('v1/alert-rules')
export class BackTestController {
  constructor(private readonly queries: QueryBus) {}

  @Post('back-test')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({
    status: 200,
    summary: 'Replay a rule over the closes before saving it: what it would have told, and when',
    body: backTestAnswer,
  })
  async backTest(
    @Context() { tenantId }: RequestContext,
    @Body({ schema: backTestBody }) { since, ...rule }: z.output<typeof backTestBody>,
  ): Promise<z.input<typeof backTestAnswer>> {
    return onTheWire(await this.queries.execute(new BackTestRuleQuery({ tenantId, since: since ?? null }, ruleContent(rule))));
  }

  @Post(':id/back-test')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ status: 200, summary: 'Replay a defined rule, also a retired one, over the closes', body: backTestAnswer })
  async backTestDefined(
    @Context() { tenantId }: RequestContext,
    @Param({ schema: idParams }) { id }: z.output<typeof idParams>,
    @Body({ schema: backTestDefinedBody }) body: z.output<typeof backTestDefinedBody>,
  ): Promise<z.input<typeof backTestAnswer>> {
    return onTheWire(await this.queries.execute(new BackTestDefinedRuleQuery({ tenantId, since: body?.since ?? null }, id)));
  }
}

function onTheWire({ closes, episodes, notJudged }: RuleBackTest): z.input<typeof backTestAnswer> {
  const from = closes[0] ?? null;
  const fired = episodes.length;
  return {
    summary:
      from === null ? 'There is no close to replay.' : `Would have fired ${fired === 1 ? 'once' : `${String(fired)} times`} since ${from}.`,
    closes: closes.length,
    from,
    to: closes.at(-1) ?? null,
    fired,
    alerts: episodes.slice(0, BACK_TEST_ALERTS_MAX).map(({ labels, periods, fired: first, worsened, resolved }) => ({
      labels: { ...labels },
      subject: first.subject,
      periods: [...periods],
      fired: figureOnTheWire(first),
      worsened: worsened.map(figureOnTheWire),
      resolved: resolved === null ? null : { ...resolved, figure: resolved.figure === null ? null : figureOnTheWire(resolved.figure) },
    })),
    notJudged: notJudged.slice(0, BACK_TEST_ALERTS_MAX).map((each) => ({ ...each, labels: { ...each.labels } })),
  };
}

function figureOnTheWire({
  asOf,
  baseAsOf,
  reason,
  movement,
  cause,
}: BackTestFigure): z.input<typeof backTestAnswer>['alerts'][number]['fired'] {
  return {
    ...{ asOf, baseAsOf, reason, cause },
    unit: movement.unit,
    before: movement.before?.toDecimal() ?? null,
    after: movement.after.toDecimal(),
    change: movement.change?.toDecimal() ?? null,
  };
}
