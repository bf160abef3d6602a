import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Clock, RequestContext } from '@app/platform';
import { CLOCK } from '@app/platform';
import { ExplainDifferenceCommand, ListControlTotalsQuery } from '@app/receivables';
import type { z } from 'zod';
import { Context, Permit, Returns, money, positionNumber } from '../http';
import { controlTotalsAnswer, controlTotalsQuery, explainDifferenceBody, explanationAnswer } from './control-totals.schemas';

/** Does another ledger agree with the book? */
@Controller('v1')
export class ControlTotalsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('control-totals')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({
    summary: 'Control totals stated for a date against the gross of the book.',
    description: 'Lists the totals whose `as_of` is `asOf`. A run with an unexplained difference can be computed and not approved.',
    body: controlTotalsAnswer,
  })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: controlTotalsQuery }) query: z.output<typeof controlTotalsQuery>,
  ): Promise<z.input<typeof controlTotalsAnswer>> {
    const list = await this.queries.execute(new ListControlTotalsQuery(context.tenantId, query.asOf ?? this.clock.today(), query.knownAt));
    return {
      asOf: list.asOf,
      knownAt: list.knownAt,
      position: positionNumber(list.position),
      items: list.items.map(({ entityId, kind, currency, account, stated, book, difference, explained, reason }) => ({
        ...{ entityId, kind, currency, account, explained, reason },
        stated: money(stated, currency),
        book: money(book, currency),
        difference: money(difference, currency),
      })),
    };
  }

  @Post('control-differences')
  @Permit('manager')
  @Returns({
    status: 201,
    summary: 'Explain a difference between a control total and the book, for exactly its amount.',
    body: explanationAnswer,
  })
  explain(
    @Context() context: RequestContext,
    @Body({ schema: explainDifferenceBody }) body: z.output<typeof explainDifferenceBody>,
  ): Promise<z.input<typeof explanationAnswer>> {
    return this.commands.execute(new ExplainDifferenceCommand(context, body));
  }
}
