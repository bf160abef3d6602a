import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { GetAlertGroupQuery } from '@app/alerting';
import type { RequestContext } from '@app/platform';
import type { z } from 'zod';
import { Context, notFound, Permit, Returns } from '../http';
import { alertGroup } from './alert-groups.schemas';
import { idParams } from './alerting.schemas';
import { alertGroupOnTheWire } from './notification.wire';

@Controller('v1/alert-groups')
export class AlertGroupsController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'Show alerts that are told together, and why who was told when', body: alertGroup })
  async show(
    @Context() context: RequestContext,
    @Param({ schema: idParams }) { id }: z.output<typeof idParams>,
  ): Promise<z.input<typeof alertGroup>> {
    const group = await this.queries.execute(new GetAlertGroupQuery(context.tenantId, id));
    if (group === null) throw notFound('alert group', id);
    return alertGroupOnTheWire(group);
  }
}
