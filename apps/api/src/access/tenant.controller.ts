import { Body, Controller, Get, Put, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ChangeTenantSettings, GetTenantSettingsQuery, type TenantSettings } from '@app/access';
import type { RequestContext } from '@app/platform';
import type { z } from 'zod';
import { Context, type EdgeReply, entityTag, IfMatch, Permit, Returns } from '../http';
import { changeTenantBody, tenantSettings } from './access.schemas';

@Controller('v1/tenant')
export class TenantController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin', 'ingest')
  @Returns({ summary: 'Show the settings of the tenant', body: tenantSettings })
  async show(@Context() context: RequestContext, @Res({ passthrough: true }) reply: EdgeReply): Promise<z.input<typeof tenantSettings>> {
    return answer(await this.queries.execute(new GetTenantSettingsQuery(context.tenantId)), reply);
  }

  @Put()
  @Permit('admin')
  @Returns({ summary: 'Change the settings of the tenant', body: tenantSettings })
  async change(
    @Context() context: RequestContext,
    @IfMatch() expectedVersion: number | undefined,
    @Body({ schema: changeTenantBody }) body: z.output<typeof changeTenantBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof tenantSettings>> {
    return answer(await this.commands.execute(new ChangeTenantSettings(context, body, expectedVersion)), reply);
  }
}

function answer(settings: TenantSettings, reply: EdgeReply): z.input<typeof tenantSettings> {
  void reply.header('etag', entityTag(settings.version));
  const { tenantId, name, presentationCurrency, timeZone } = settings;
  return { id: tenantId, name, presentationCurrency, timeZone };
}
