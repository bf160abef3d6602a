import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { AgreePlanCommand, CancelPlanCommand, FindCaseDebtorQuery, ListModificationsQuery, ReadDebtorCaseQuery } from '@app/collections';
import type { RequestContext } from '@app/platform';
import { z } from 'zod';
import {
  Context,
  decodeCursor,
  encodeCursor,
  money,
  notFound,
  Permit,
  positionNumber,
  Returns,
  setNextLink,
  type EdgeReply,
  type EdgeRequest,
} from '../http';
import { casePage } from './case-page';
import {
  caseListQuery,
  caseParams,
  caseQuery,
  created,
  debtorIdParams,
  modificationPage,
  modificationsQuery,
  planBody,
  planPage,
  planView,
  reasonBody,
} from './cases.schemas';
import { planOnTheWire } from './cases.wire';

/** The moment the first page was read at, and the position of the last plan shown. */
const modificationsCursor = z.tuple([z.string(), z.int().nonnegative()]);

@Controller('v1')
export class PaymentPlansController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post('debtors/:id/payment-plans')
  @Permit('manager')
  @Returns({
    status: 201,
    summary: 'Agree on paying items in instalments; chasing of them rests while the plan is kept',
    description: 'The items keep their due dates, and so their age; how late each was is recorded with the plan (IFRS 7.35A(a)).',
    body: created,
  })
  agree(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParams }) { id }: z.output<typeof debtorIdParams>,
    @Body({ schema: planBody }) { instalments, ...plan }: z.output<typeof planBody>,
  ): Promise<z.input<typeof created>> {
    const currency = instalments[0]?.amount.currency ?? '';
    const parts = instalments.map(({ dueOn, amount }) => ({ dueOn, amount: amount.minor }));
    return this.commands.execute(new AgreePlanCommand(context, id, { ...plan, currency, instalments: parts }));
  }

  @Get('debtors/:id/payment-plans')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'List the payment plans of a debtor, newest first, on any date, as known at any moment', body: planPage })
  list(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParams }) { id }: z.output<typeof debtorIdParams>,
    @Query({ schema: caseListQuery }) query: z.output<typeof caseListQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof planPage>> {
    return casePage(
      context,
      query,
      { request, reply },
      (tenantId, at) => this.queries.execute(new ReadDebtorCaseQuery(tenantId, id, at)),
      ({ plans }) => plans,
      planOnTheWire,
    );
  }

  @Get('contract-modifications')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({
    summary: 'List what approved plans of a period modified while more than 30 days past due (IFRS 7.35A(a), 35J(a))',
    description: 'A page holds the items of so many plans. Carrying amounts before are gross; no modification gain or loss is computed.',
    body: modificationPage,
  })
  async modifications(
    @Context() { tenantId }: RequestContext,
    @Query({ schema: modificationsQuery }) { from, to, cursor, limit, ...query }: z.output<typeof modificationsQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof modificationPage>> {
    const [knownAt = query.knownAt, after = 0] = decodeCursor(cursor, modificationsCursor) ?? [];
    const found = await this.queries.execute(new ListModificationsQuery(tenantId, { from, to, knownAt, after: BigInt(after), limit }));
    const next = found.next === null ? null : encodeCursor([found.knownAt, positionNumber(found.next)]);
    if (next !== null) setNextLink({ request, reply }, { cursor: next });
    const items = found.items.map(({ outstanding, currency, position, ...item }) => ({
      ...item,
      outstanding: money(outstanding, currency),
      position: positionNumber(position),
    }));
    return { knownAt: found.knownAt, items, next };
  }

  @Get('payment-plans/:id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'Show a payment plan and how its instalments came out', body: planView })
  async show(
    @Context() { tenantId }: RequestContext,
    @Param({ schema: caseParams }) { id }: z.output<typeof caseParams>,
    @Query({ schema: caseQuery }) query: z.output<typeof caseQuery>,
  ): Promise<z.input<typeof planView>> {
    const debtorId = await this.queries.execute(new FindCaseDebtorQuery(tenantId, id));
    const view = debtorId === null ? null : await this.queries.execute(new ReadDebtorCaseQuery(tenantId, debtorId, query));
    const plan = view?.plans.find((candidate) => candidate.id === id);
    if (plan === undefined) throw notFound('payment plan', id);
    return planOnTheWire(plan);
  }

  @Post('payment-plans/:id/cancel')
  @Permit('manager')
  @Returns({ summary: 'Cancel a running payment plan; chasing goes on', body: created })
  cancel(
    @Context() context: RequestContext,
    @Param({ schema: caseParams }) { id }: z.output<typeof caseParams>,
    @Body({ schema: reasonBody }) body: z.output<typeof reasonBody>,
  ): Promise<z.input<typeof created>> {
    return this.commands.execute(new CancelPlanCommand(context, id, body?.reason ?? null));
  }
}
