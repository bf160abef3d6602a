import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { GetCollectionsPolicyQuery, ReadDebtorCaseQuery, SetCollectionsPolicyCommand } from '@app/collections';
import type { RequestContext } from '@app/platform';
import type { z } from 'zod';
import { Context, Permit, positionNumber, Returns } from '../http';
import { caseQuery, chasingAnswer, debtorIdParams, policyBody } from './cases.schemas';
import { chasingOnTheWire } from './cases.wire';

@Controller('v1')
export class ChasingController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('debtors/:id/chasing')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({
    summary: 'What keeps a debtor from being chased, and what no longer does, each with its event',
    description: 'Promises, disputes and payment plans pause and resume chasing by themselves; nobody does it by hand.',
    body: chasingAnswer,
  })
  async chasing(
    @Context() { tenantId }: RequestContext,
    @Param({ schema: debtorIdParams }) { id }: z.output<typeof debtorIdParams>,
    @Query({ schema: caseQuery }) query: z.output<typeof caseQuery>,
  ): Promise<z.input<typeof chasingAnswer>> {
    const { asOf, knownAt, position, chasing } = await this.queries.execute(new ReadDebtorCaseQuery(tenantId, id, query));
    return { asOf, knownAt, position: positionNumber(position), debtorId: id, ...chasingOnTheWire(chasing) };
  }

  @Get('collections-policy')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'How promises are judged', body: policyBody })
  policy(@Context() { tenantId }: RequestContext): Promise<z.input<typeof policyBody>> {
    return this.queries.execute(new GetCollectionsPolicyQuery(tenantId));
  }

  @Put('collections-policy')
  @Permit('manager')
  @Returns({ summary: 'Say how promises are judged that are recorded from now on', body: policyBody })
  async setPolicy(
    @Context() context: RequestContext,
    @Body({ schema: policyBody }) policy: z.output<typeof policyBody>,
  ): Promise<z.input<typeof policyBody>> {
    await this.commands.execute(new SetCollectionsPolicyCommand(context, policy));
    return policy;
  }
}
