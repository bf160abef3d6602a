import { Body, Controller, Delete, Get, Param, Post, Put, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { AmendAlertRule, DefineAlertRule, GetAlertRuleQuery, ListAlertRulesQuery, RetireAlertRule } from '@app/alerting';
import type { RequestContext } from '@app/platform';
import type { z } from 'zod';
import { Context, type EdgeReply, entityTag, IfMatch, notFound, Permit, Returns } from '../http';
import { alertRule, alertRuleList, created, idParams, ruleBody } from './alerting.schemas';
import { ruleContent, ruleOnTheWire } from './alerting.wire';

@Controller('v1/alert-rules')
export class AlertRulesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @Permit('manager')
  @Returns({ status: 201, summary: 'Define an alert rule; it looks at the latest close at once', body: created })
  async define(
    @Context() context: RequestContext,
    @Body({ schema: ruleBody }) body: z.output<typeof ruleBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof created>> {
    const { id, streamVersion } = await this.commands.execute(new DefineAlertRule(context, ruleContent(body)));
    void reply.header('location', `/v1/alert-rules/${id}`).header('etag', entityTag(streamVersion));
    return { id };
  }

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'List the active alert rules with what each said last', body: alertRuleList })
  async list(@Context() context: RequestContext): Promise<z.input<typeof alertRuleList>> {
    const rules = await this.queries.execute(new ListAlertRulesQuery(context.tenantId));
    return { items: rules.map(ruleOnTheWire) };
  }

  @Get(':id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'Show an alert rule, also a retired one', body: alertRule })
  async show(
    @Context() context: RequestContext,
    @Param({ schema: idParams }) { id }: z.output<typeof idParams>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof alertRule>> {
    const rule = await this.queries.execute(new GetAlertRuleQuery(context.tenantId, id));
    if (rule === null) throw notFound('alert rule', id);
    void reply.header('etag', entityTag(rule.streamVersion));
    return ruleOnTheWire(rule);
  }

  @Put(':id')
  @Permit('manager')
  @Returns({ summary: 'Amend an alert rule; its open alerts are closed with the reason rule-changed', body: created })
  async amend(
    @Context() context: RequestContext,
    @Param({ schema: idParams }) { id }: z.output<typeof idParams>,
    @Body({ schema: ruleBody }) body: z.output<typeof ruleBody>,
    @IfMatch() expectedVersion: number | undefined,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof created>> {
    const { streamVersion } = await this.commands.execute(new AmendAlertRule(context, id, ruleContent(body), expectedVersion));
    void reply.header('etag', entityTag(streamVersion));
    return { id };
  }

  @Delete(':id')
  @Permit('manager')
  @Returns({ status: 204, summary: 'Retire an alert rule; its open alerts are closed with the reason rule-retired' })
  async retire(
    @Context() context: RequestContext,
    @Param({ schema: idParams }) { id }: z.output<typeof idParams>,
    @IfMatch() expectedVersion: number | undefined,
  ): Promise<void> {
    await this.commands.execute(new RetireAlertRule(context, id, expectedVersion));
  }
}
