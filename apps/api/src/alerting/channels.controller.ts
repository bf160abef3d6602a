import { Body, Controller, Delete, Get, Param, Post, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { EnableChannel, ListChannelsQuery, RegisterChannel, RemoveChannel, RotateChannelSecret, TestChannel } from '@app/alerting';
import type { RequestContext } from '@app/platform';
import type { z } from 'zod';
import { Context, type EdgeReply, Permit, Returns, ShownOnce } from '../http';
import { created, idParams } from './alerting.schemas';
import { channelBody, channelList, registeredChannel, rotatedSecret, rotateSecretBody } from './channels.schemas';
import { channelOnTheWire, channelTarget } from './channels.wire';

@Controller('v1/channels')
export class ChannelsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @Permit('admin')
  @ShownOnce('secret')
  @Returns({ status: 201, summary: 'Register a channel alerts are told through', body: registeredChannel })
  async register(
    @Context() context: RequestContext,
    @Body({ schema: channelBody }) body: z.output<typeof channelBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof registeredChannel>> {
    const { id, secret } = await this.commands.execute(new RegisterChannel(context, body.name ?? null, channelTarget(body)));
    void reply.header('location', `/v1/channels/${id}`);
    return { id, ...(secret !== null && { secret }) };
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

  @Post(':id/enable')
  @Permit('admin')
  @Returns({ status: 204, summary: 'Send to a channel again whose receiver had said that it is gone' })
  async enable(@Context() context: RequestContext, @Param({ schema: idParams }) { id }: z.output<typeof idParams>): Promise<void> {
    await this.commands.execute(new EnableChannel(context, id));
  }

  @Post(':id/rotate-secret')
  @Permit('admin')
  @ShownOnce('secret')
  @Returns({
    status: 200,
    summary: 'Change the key messages to a webhook are signed with; the one before signs beside it for 24 hours',
    body: rotatedSecret,
  })
  async rotateSecret(
    @Context() context: RequestContext,
    @Param({ schema: idParams }) { id }: z.output<typeof idParams>,
    @Body({ schema: rotateSecretBody }) body: z.output<typeof rotateSecretBody>,
  ): Promise<z.input<typeof rotatedSecret>> {
    const { secret, previousUntil } = await this.commands.execute(new RotateChannelSecret(context, id, body?.secret ?? null));
    return { secret, previousUntil: previousUntil.toISOString() };
  }
}
