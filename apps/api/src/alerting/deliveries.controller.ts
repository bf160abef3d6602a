import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { GetDeliveryQuery, ReplayChannel, ReplayDelivery, SetChannelFallback } from '@app/alerting';
import type { RequestContext } from '@app/platform';
import type { z } from 'zod';
import { Context, notFound, Permit, Returns } from '../http';
import { created, idParams } from './alerting.schemas';
import { deliveryDetail, fallbackBody, replayed } from './deliveries.schemas';
import { deliveryDetailOnTheWire } from './deliveries.wire';

@Controller('v1')
export class DeliveriesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('deliveries/:id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'Show a message and every attempt at it, with its reason', body: deliveryDetail })
  async show(
    @Context() context: RequestContext,
    @Param({ schema: idParams }) { id }: z.output<typeof idParams>,
  ): Promise<z.input<typeof deliveryDetail>> {
    const found = await this.queries.execute(new GetDeliveryQuery(context.tenantId, id));
    if (found === null) throw notFound('delivery', id);
    return deliveryDetailOnTheWire(found);
  }

  @Post('deliveries/:id/replay')
  @Permit('admin', 'manager')
  @Returns({ status: 202, summary: 'Try a message that was given up anew, under the same ids', body: created })
  async replay(
    @Context() context: RequestContext,
    @Param({ schema: idParams }) { id }: z.output<typeof idParams>,
  ): Promise<z.input<typeof created>> {
    await this.commands.execute(new ReplayDelivery(context, id));
    return { id };
  }

  @Post('channels/:id/replay')
  @Permit('admin', 'manager')
  @Returns({ status: 202, summary: 'Try everything a channel was given up on anew, oldest first', body: replayed })
  async replayChannel(
    @Context() context: RequestContext,
    @Param({ schema: idParams }) { id }: z.output<typeof idParams>,
  ): Promise<z.input<typeof replayed>> {
    return this.commands.execute(new ReplayChannel(context, id));
  }

  @Put('channels/:id/fallback')
  @Permit('admin')
  @Returns({ status: 204, summary: 'Say which channel tells what this one does not take, and after how long' })
  async fallback(
    @Context() context: RequestContext,
    @Param({ schema: idParams }) { id }: z.output<typeof idParams>,
    @Body({ schema: fallbackBody }) body: z.output<typeof fallbackBody>,
  ): Promise<void> {
    await this.commands.execute(new SetChannelFallback(context, id, body.fallbackChannelId, body.afterMinutes ?? null));
  }
}
