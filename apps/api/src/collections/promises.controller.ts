import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { FindCaseDebtorQuery, MakePromiseCommand, MovePromiseCommand, ReadDebtorCaseQuery, WithdrawPromiseCommand } from '@app/collections';
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
  movePromiseBody,
  promiseBody,
  promisePage,
  promiseView,
  reasonBody,
} from './cases.schemas';
import { promiseOnTheWire } from './cases.wire';

@Controller('v1')
export class PromisesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post('debtors/:id/promises')
  @Permit('controller', 'manager')
  @Returns({
    status: 201,
    summary: 'Take down what a debtor promised to pay; chasing of it rests until it is judged',
    description:
      'It is judged from cash alone: at once when it is kept, else when its day is over, and again when facts are learned later.',
    body: created,
  })
  make(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParams }) { id }: z.output<typeof debtorIdParams>,
    @Body({ schema: promiseBody }) { amount, dueOn, madeOn, receivableIds, note = null }: z.output<typeof promiseBody>,
  ): Promise<z.input<typeof created>> {
    const terms = { amount: amount.minor, currency: amount.currency, dueOn, madeOn, receivableIds: receivableIds ?? null, note };
    return this.commands.execute(new MakePromiseCommand(context, id, terms));
  }

  @Get('debtors/:id/promises')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'List the promises of a debtor, newest first, on any date, as known at any moment', body: promisePage })
  list(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParams }) { id }: z.output<typeof debtorIdParams>,
    @Query({ schema: caseListQuery }) query: z.output<typeof caseListQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof promisePage>> {
    return casePage(
      context,
      query,
      { request, reply },
      (tenantId, at) => this.queries.execute(new ReadDebtorCaseQuery(tenantId, id, at)),
      ({ promises }) => promises,
      promiseOnTheWire,
    );
  }

  @Get('promises/:id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'Show a promise with everything that became of it', body: promiseView })
  async show(
    @Context() { tenantId }: RequestContext,
    @Param({ schema: caseParams }) { id }: z.output<typeof caseParams>,
    @Query({ schema: caseQuery }) query: z.output<typeof caseQuery>,
  ): Promise<z.input<typeof promiseView>> {
    const debtorId = await this.queries.execute(new FindCaseDebtorQuery(tenantId, id));
    const view = debtorId === null ? null : await this.queries.execute(new ReadDebtorCaseQuery(tenantId, debtorId, query));
    const promise = view?.promises.find((candidate) => candidate.id === id);
    if (promise === undefined) throw notFound('promise', id);
    return promiseOnTheWire(promise);
  }

  @Post('promises/:id/move')
  @Permit('controller', 'manager')
  @Returns({ summary: 'Move an open promise to another day, or to another amount', body: created })
  move(
    @Context() context: RequestContext,
    @Param({ schema: caseParams }) { id }: z.output<typeof caseParams>,
    @Body({ schema: movePromiseBody }) to: z.output<typeof movePromiseBody>,
  ): Promise<z.input<typeof created>> {
    return this.commands.execute(new MovePromiseCommand(context, id, to));
  }

  @Post('promises/:id/withdraw')
  @Permit('controller', 'manager')
  @Returns({ summary: 'Withdraw an open promise: it counts in no rate, and chasing goes on', body: created })
  withdraw(
    @Context() context: RequestContext,
    @Param({ schema: caseParams }) { id }: z.output<typeof caseParams>,
    @Body({ schema: reasonBody }) body: z.output<typeof reasonBody>,
  ): Promise<z.input<typeof created>> {
    return this.commands.execute(new WithdrawPromiseCommand(context, id, body?.reason ?? null));
  }
}
