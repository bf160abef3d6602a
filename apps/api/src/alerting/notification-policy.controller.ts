import { Body, Controller, Get, Put, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { GetNotificationPolicyQuery, SetNotificationPolicy } from '@app/alerting';
import type { RequestContext } from '@app/platform';
import type { z } from 'zod';
import { Context, type EdgeReply, entityTag, IfMatch, Permit, Returns } from '../http';
import { notificationPolicy } from './notification.schemas';
import { policyOnTheWire } from './notification-policy.wire';

@Controller('v1/notification-policy')
export class NotificationPolicyController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'Show how alerts are told where their rule does not say otherwise', body: notificationPolicy })
  async show(
    @Context() context: RequestContext,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof notificationPolicy>> {
    const { policy, streamVersion } = await this.queries.execute(new GetNotificationPolicyQuery(context.tenantId));
    void reply.header('etag', entityTag(streamVersion));
    return policyOnTheWire(policy);
  }

  @Put()
  @Permit('manager')
  @Returns({ summary: 'Set business hours, daily digest, repeats and escalation; what waits is decided anew', body: notificationPolicy })
  async set(
    @Context() context: RequestContext,
    @Body({ schema: notificationPolicy }) body: z.output<typeof notificationPolicy>,
    @IfMatch() expectedVersion: number | undefined,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof notificationPolicy>> {
    const { streamVersion } = await this.commands.execute(new SetNotificationPolicy(context, body, expectedVersion));
    void reply.header('etag', entityTag(streamVersion));
    return body;
  }
}
