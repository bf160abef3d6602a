import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import { ListApprovalsQuery } from '@app/provisioning';
import type { z } from 'zod';
import { Context, Permit, positionNumber, Returns } from '../http';
import { approvalsInbox, approvalsQuery } from './policies.schemas';

@Controller('v1/approvals')
export class ApprovalsController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({
    summary: 'Every proposed policy that waits for an approver, the oldest first, and what it would change',
    body: approvalsInbox,
  })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: approvalsQuery }) query: z.output<typeof approvalsQuery>,
  ): Promise<z.input<typeof approvalsInbox>> {
    const { knownAt, position, items } = await this.queries.execute(new ListApprovalsQuery(context.tenantId, query));
    const mayApprove = context.roles.includes('approver');
    return {
      knownAt,
      position: positionNumber(position),
      items: items.map(({ collection, id, effectiveOn, contentHash, proposedBy, proposedAt, change, overlapsWith }) => ({
        ...{
          type: collection,
          id,
          href: `/v1/${collection}/${id}`,
          effectiveOn,
          contentHash,
          proposedBy,
          proposedAt,
          change,
          overlapsWith,
        },
        approvable: mayApprove && proposedBy !== context.principalId && overlapsWith === null,
      })),
    };
  }
}
