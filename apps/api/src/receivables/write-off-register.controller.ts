import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Clock, RequestContext } from '@app/platform';
import { CLOCK } from '@app/platform';
import type { WriteOffAmounts } from '@app/receivables';
import { EndEnforcementCommand, ListWriteOffsQuery } from '@app/receivables';
import type { z } from 'zod';
import type { EdgeReply, EdgeRequest, Money } from '../http';
import { Context, Permit, Returns, decodeCursor, encodeCursor, positionNumber, setNextLink } from '../http';
import { moneyOrNone } from './money-or-none';
import {
  endEnforcementBody,
  endedAnswer,
  receivableParams,
  registerAnswer,
  registerCursor,
  registerQuery,
} from './write-off-register.schemas';

/** What was written off and is still pursued (IFRS 7.35L). */
@Controller('v1/write-off-register')
export class WriteOffRegisterController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'Receivables written off, what came in on them since, and what is still under enforcement.', body: registerAnswer })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: registerQuery }) query: z.output<typeof registerQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof registerAnswer>> {
    // Every page is read at the moment of the first one, so that facts arriving meanwhile shift nothing.
    const cursor = decodeCursor(query.cursor, registerCursor);
    const asOf = query.asOf ?? cursor?.[1] ?? this.clock.today();
    const { from, currency, limit } = query;
    const list = await this.queries.execute(
      new ListWriteOffsQuery(context.tenantId, { asOf, knownAt: query.knownAt ?? cursor?.[0], from, currency, limit, after: cursor?.[2] }),
    );
    const last = list.items.at(-1);
    const next = list.hasMore && last !== undefined ? encodeCursor([list.knownAt, list.asOf, last.receivableId]) : null;
    if (next !== null) setNextLink({ request, reply }, { cursor: next });
    return {
      asOf: list.asOf,
      knownAt: list.knownAt,
      position: positionNumber(list.position),
      items: list.items.map(({ currency: own, writtenOff, recovered, underEnforcement, ...rest }) => ({
        ...rest,
        ...amountsOf({ writtenOff, recovered, underEnforcement }, own),
      })),
      next,
      totals: list.totals.map((total) => ({
        currency: total.currency,
        receivables: total.receivables,
        ...amountsOf(total, total.currency),
      })),
      total: amountsOf(list.total, list.currency),
    };
  }

  @Post(':receivableId/enforcement-ended')
  @Permit('manager')
  @Returns({ status: 201, summary: 'Say that what was written off of a receivable is no longer pursued.', body: endedAnswer })
  end(
    @Context() context: RequestContext,
    @Param({ schema: receivableParams }) { receivableId }: z.output<typeof receivableParams>,
    @Body({ schema: endEnforcementBody }) body: z.output<typeof endEnforcementBody>,
  ): Promise<z.input<typeof endedAnswer>> {
    return this.commands.execute(new EndEnforcementCommand(context, receivableId, body));
  }
}

function amountsOf({ writtenOff, recovered, underEnforcement }: WriteOffAmounts, currency: string): Record<keyof WriteOffAmounts, Money> {
  return {
    writtenOff: moneyOrNone(writtenOff, currency),
    recovered: moneyOrNone(recovered, currency),
    underEnforcement: moneyOrNone(underEnforcement, currency),
  };
}
