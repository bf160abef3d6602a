import { Body, Controller, Delete, Get, Param, Post, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ListChannelsQuery, RegisterChannel, RemoveChannel, TestChannel } from '@app/alerting';
import { Refusal, type RequestContext } from '@app/platform';
import type { z } from 'zod';
import { Context, type EdgeReply, Permit, Returns } from '../http';
import { channelBody, channelList, created, idParams } from './alerting.schemas';
import { channelOnTheWire, channelTarget } from './alerting.wire';

@Controller('v1/channels')
export class ChannelsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @Permit('admin')
  @Returns({ status: 201, summary: 'Register a channel alerts are told through', body: created })
  async register(
    @Context() context: RequestContext,
    @Body({ schema: channelBody }) body: z.output<typeof channelBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof created>> {
    const target = channelTarget(body);
    if (target === null || body.type === 'webhook') {
      throw new Refusal('channel-type-unsupported', 'Channels of type webhook are not supported yet.', [
        { field: 'type', pointer: '/type' },
      ]);
    }
    const { id } = await this.commands.execute(new RegisterChannel(context, body.name ?? null, target));
    void reply.header('location', `/v1/channels/${id}`);
    return { id };
  }

  @Get()
  @Permit('admin', 'manager', 'auditor')
  @Returns({ summary: 'List the channels, without their secrets', body: channelList })
  async list(@Context() context: RequestContext): Promise<z.input<typeof channelList>> {
    const channels = await this.queries.execute(new ListChannelsQuery(context.tenantId));
    return { items: channels.map(channelOnTheWire) };
  }

  @Delete(':id')
  @Permit('admin')
  @Returns({ status: 204, summary: 'Remove a channel; messages still waiting for it are given up' })
  async remove(@Context() context: RequestContext, @Param({ schema: idParams }) { id }: z.output<typeof idParams>): Promise<void> {
    await this.commands.execute(new RemoveChannel(context, id));
  }

  @Post(':id/test')
  @Permit('admin')
  @Returns({ status: 202, summary: 'Send a test message the way alerts go; the id is of the delivery', body: created })
  async test(
    @Context() context: RequestContext,
    @Param({ schema: idParams }) { id }: z.output<typeof idParams>,
  ): Promise<z.input<typeof created>> {
    return this.commands.execute(new TestChannel(context, id));
  }
}
