import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { AcknowledgeAlert, GetAlertQuery, ListAlertsQuery, ListDeliveriesQuery, type ListFrom } from '@app/alerting';
import type { RequestContext } from '@app/platform';
import { z } from 'zod';
import {
  Context,
  decodeCursor,
  type EdgeReply,
  type EdgeRequest,
  notFound,
  page,
  pageSchema,
  Permit,
  positionNumber,
  Returns,
} from '../http';
import { alertDetail, alertsQuery, alertSummary, deliveriesQuery, delivery, idParams } from './alerting.schemas';
import { acknowledgeBody } from './notification.schemas';
import { alertDetailOnTheWire, alertOnTheWire, deliveryOnTheWire } from './alerting.wire';

const positionSchema = z.int().nonnegative();
/** The position the first page was read at, and that of the last item shown. */
const cursorSchema = z.tuple([positionSchema, positionSchema]);
const alertPage = pageSchema(alertSummary);
const deliveryPage = pageSchema(delivery);

@Controller('v1')
export class AlertsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('alerts')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'List alerts, newest first', body: alertPage })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: alertsQuery }) query: z.output<typeof alertsQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof alertPage>> {
    const filter = { state: query.state, ruleId: query.ruleId };
    const found = await this.queries.execute(new ListAlertsQuery(context.tenantId, filter, listFrom(query.cursor), query.limit));
    const readAt = positionNumber(found.position);
    const { items, next } = page(found.items, query.limit, (last) => [readAt, positionNumber(last.position)], { request, reply });
    return { items: items.map(alertOnTheWire), next };
  }

  @Get('alerts/:id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'Show an alert: its figures, what happened to it, and its messages', body: alertDetail })
  async show(
    @Context() context: RequestContext,
    @Param({ schema: idParams }) { id }: z.output<typeof idParams>,
  ): Promise<z.input<typeof alertDetail>> {
    const found = await this.queries.execute(new GetAlertQuery(context.tenantId, id));
    if (found === null) throw notFound('alert', id);
    return alertDetailOnTheWire(found);
  }

  @Post('alerts/:id/acknowledge')
  @Permit('controller', 'manager')
  @Returns({ status: 204, summary: 'Say who has the alert and until when; it stays open until the figure moves back' })
  async acknowledge(
    @Context() context: RequestContext,
    @Param({ schema: idParams }) { id }: z.output<typeof idParams>,
    @Body({ schema: acknowledgeBody }) body: z.output<typeof acknowledgeBody>,
  ): Promise<void> {
    const by = { owner: body?.owner ?? null, expiresAt: body?.expiresAt ?? null, scope: body?.scope ?? 'alert' };
    await this.commands.execute(new AcknowledgeAlert(context, id, body?.note ?? null, by));
  }

  @Get('deliveries')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'List messages and what became of them, newest first', body: deliveryPage })
  async deliveries(
    @Context() context: RequestContext,
    @Query({ schema: deliveriesQuery }) query: z.output<typeof deliveriesQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof deliveryPage>> {
    const filter = { state: query.state, channelId: query.channelId, alertId: query.alertId };
    const found = await this.queries.execute(new ListDeliveriesQuery(context.tenantId, filter, listFrom(query.cursor), query.limit));
    const readAt = positionNumber(found.position);
    const { items, next } = page(found.items, query.limit, (last) => [readAt, positionNumber(last.position)], { request, reply });
    return { items: items.map(deliveryOnTheWire), next };
  }
}

function listFrom(cursor: string | undefined): ListFrom | undefined {
  const decoded = decodeCursor(cursor, cursorSchema);
  return decoded === undefined ? undefined : { position: BigInt(decoded[0]), before: BigInt(decoded[1]) };
}
