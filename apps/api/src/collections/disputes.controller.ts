import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { FindCaseDebtorQuery, RaiseDisputeCommand, ReadDebtorCaseQuery, ResolveDisputeCommand } from '@app/collections';
import type { RequestContext } from '@app/platform';
import type { z } from 'zod';
import { Context, notFound, Permit, Returns, type EdgeReply, type EdgeRequest } from '../http';
import { casePage } from './case-page';
import {
  caseListQuery,
  caseParams,
  caseQuery,
  created,
  debtorIdParams,
  disputeBody,
  disputePage,
  disputeView,
  resolveBody,
} from './cases.schemas';
import { disputeOnTheWire } from './cases.wire';

@Controller('v1')
export class DisputesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post('debtors/:id/disputes')
  @Permit('controller', 'manager')
  @Returns({
    status: 201,
    summary: 'Take down that a debtor contests items; chasing of them rests until it is resolved',
    description: 'Neither the age nor the balance of the items changes.',
    body: created,
  })
  raise(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParams }) { id }: z.output<typeof debtorIdParams>,
    @Body({ schema: disputeBody }) { note = null, ...dispute }: z.output<typeof disputeBody>,
  ): Promise<z.input<typeof created>> {
    return this.commands.execute(new RaiseDisputeCommand(context, id, { ...dispute, note }));
  }

  @Get('debtors/:id/disputes')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'List the disputes of a debtor, newest first, on any date, as known at any moment', body: disputePage })
  list(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParams }) { id }: z.output<typeof debtorIdParams>,
    @Query({ schema: caseListQuery }) query: z.output<typeof caseListQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof disputePage>> {
    return casePage(
      context,
      query,
      { request, reply },
      (tenantId, at) => this.queries.execute(new ReadDebtorCaseQuery(tenantId, id, at)),
      ({ disputes }) => disputes,
      disputeOnTheWire,
    );
  }

  @Get('disputes/:id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'Show a dispute and how it ended', body: disputeView })
  async show(
    @Context() { tenantId }: RequestContext,
    @Param({ schema: caseParams }) { id }: z.output<typeof caseParams>,
    @Query({ schema: caseQuery }) query: z.output<typeof caseQuery>,
  ): Promise<z.input<typeof disputeView>> {
    const debtorId = await this.queries.execute(new FindCaseDebtorQuery(tenantId, id));
    const view = debtorId === null ? null : await this.queries.execute(new ReadDebtorCaseQuery(tenantId, debtorId, query));
    const dispute = view?.disputes.find((candidate) => candidate.id === id);
    if (dispute === undefined) throw notFound('dispute', id);
    return disputeOnTheWire(dispute);
  }

  @Post('disputes/:id/resolve')
  @Permit('controller', 'manager')
  @Returns({ summary: 'Say how a dispute ended: accepted by a credit note, rejected, or withdrawn', body: created })
  resolve(
    @Context() context: RequestContext,
    @Param({ schema: caseParams }) { id }: z.output<typeof caseParams>,
    @Body({ schema: resolveBody }) { note = null, ...outcome }: z.output<typeof resolveBody>,
  ): Promise<z.input<typeof created>> {
    return this.commands.execute(new ResolveDisputeCommand(context, id, { ...outcome, note }));
  }
}
