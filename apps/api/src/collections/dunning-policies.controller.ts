import { ListChannelsQuery } from '@app/alerting';
import {
  AmendDunningPolicyCommand,
  DefineDunningPolicyCommand,
  ListDunningPoliciesQuery,
  RetireDunningPolicyCommand,
} from '@app/collections';
import { Refusal, type RequestContext } from '@app/platform';
import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { z } from 'zod';
import { Context, type EdgeReply, entityTag, IfMatch, Permit, Returns } from '../http';
import { dunningPolicies, dunningPolicyBody } from './dunning.schemas';
import { policyOnTheWire, policyStatement } from './dunning.wire';
import { createdAnswer, uuidParams } from './limits.schemas';

@Controller('v1/dunning-policies')
export class DunningPoliciesController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Post()
  @Permit('manager')
  @Returns({
    status: 201,
    summary: 'Define a dunning policy; the first that applies to an item is the one it is dunned by',
    body: createdAnswer,
  })
  async define(
    @Context() context: RequestContext,
    @Body({ schema: dunningPolicyBody }) body: z.output<typeof dunningPolicyBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof createdAnswer>> {
    await this.#refuseUnknownChannels(context.tenantId, body);
    const { id, streamVersion } = await this.commands.execute(new DefineDunningPolicyCommand(context, policyStatement(body)));
    void reply.header('location', `/v1/dunning-policies/${id}`).header('etag', entityTag(streamVersion));
    return { id };
  }

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'Dunning policies in the order in which they are tried, retired ones last', body: dunningPolicies })
  async list(@Context() context: RequestContext): Promise<z.input<typeof dunningPolicies>> {
    const policies = await this.queries.execute(new ListDunningPoliciesQuery(context.tenantId));
    return { items: policies.map(policyOnTheWire) };
  }

  @Put(':id')
  @Permit('manager')
  @Returns({ summary: 'Amend a dunning policy: a new version, and letters that are out stay what they were', body: createdAnswer })
  async amend(
    @Context() context: RequestContext,
    @Param({ schema: uuidParams }) { id }: z.output<typeof uuidParams>,
    @Body({ schema: dunningPolicyBody }) body: z.output<typeof dunningPolicyBody>,
    @IfMatch() expectedVersion: number | undefined,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof createdAnswer>> {
    await this.#refuseUnknownChannels(context.tenantId, body);
    const amended = await this.commands.execute(new AmendDunningPolicyCommand(context, id, policyStatement(body), expectedVersion));
    void reply.header('etag', entityTag(amended.streamVersion));
    return { id };
  }

  @Delete(':id')
  @Permit('manager')
  @Returns({ status: 204, summary: 'Retire a dunning policy; what it has sent stays on record' })
  async retire(
    @Context() context: RequestContext,
    @Param({ schema: uuidParams }) { id }: z.output<typeof uuidParams>,
    @IfMatch() expectedVersion: number | undefined,
  ): Promise<void> {
    await this.commands.execute(new RetireDunningPolicyCommand(context, id, expectedVersion));
  }

  /** Channels belong to alerting: whether one is there and sends email is asked where both features meet. */
  async #refuseUnknownChannels(tenantId: number, { levels }: z.output<typeof dunningPolicyBody>): Promise<void> {
    if (levels.every(({ mailChannelId }) => mailChannelId === undefined)) return;
    const channels = await this.queries.execute(new ListChannelsQuery(tenantId));
    levels.forEach(({ mailChannelId }, index) => {
      if (mailChannelId === undefined) return;
      if (channels.some(({ id, target }) => id === mailChannelId && target.type === 'email')) return;
      const at = String(index);
      throw new Refusal('channel-unknown', `There is no email channel ${mailChannelId}.`, [
        { field: `levels[${at}].mailChannelId`, pointer: `/levels/${at}/mailChannelId` },
      ]);
    });
  }
}
