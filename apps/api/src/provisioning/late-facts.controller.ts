import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import {
  LateFactsOfPeriodQuery,
  LateFactsOfRunQuery,
  type LateFactsAnswer,
  type LateFactsPage,
  type WouldHaveBeen,
} from '@app/provisioning';
import { z } from 'zod';
import { Context, decodeCursor, page, pageQuery, Permit, positionNumber, Returns, type EdgeReply, type EdgeRequest } from '../http';
import { amountOf } from './figures-on-the-wire';
import { lateFacts } from './late-facts.schemas';
import { identifierParams } from './provisioning.schemas';

/** How far the log was known on the first page, and the last fact seen. */
const cursorSchema = z.tuple([z.string().regex(/^\d+$/), z.string().regex(/^\d+$/)]);

@Controller('v1')
export class LateFactsController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get('provision-runs/:id/late-facts')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'Facts dated up to a run and recorded after it, and what its figures would have been', body: lateFacts })
  async ofRun(
    @Context() { tenantId }: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof lateFacts>> {
    const answer = await this.queries.execute(new LateFactsOfRunQuery(tenantId, id, pageOf(query)));
    return onTheWire(answer, query.limit, { request, reply });
  }

  @Get('period-closes/:id/late-facts')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'Facts that came too late for a closed period, and what its signed figures would have been', body: lateFacts })
  async ofPeriod(
    @Context() { tenantId }: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof lateFacts>> {
    const answer = await this.queries.execute(new LateFactsOfPeriodQuery(tenantId, id, pageOf(query)));
    return onTheWire(answer, query.limit, { request, reply });
  }
}

function pageOf({ cursor, limit }: z.output<typeof pageQuery>): LateFactsPage {
  const position = decodeCursor(cursor, cursorSchema)?.map(BigInt);
  return { upTo: position?.[0], after: position?.[1], limit: limit + 1 };
}

function onTheWire(answer: LateFactsAnswer, limit: number, http: { request: EdgeRequest; reply: EdgeReply }): z.input<typeof lateFacts> {
  const { runId, asOf, knownAt, after, upTo, problemCode, wouldHaveBeen } = answer;
  const { items, next } = page(answer.items, limit, ({ position }) => [upTo.toString(), position.toString()], http);
  return {
    ...{ runId, asOf, knownAt, position: positionNumber(upTo), after: positionNumber(after), problemCode, next },
    items: items.map(({ position, principalId, currency, gross, stream, ...fact }) => ({
      ...{ position: positionNumber(position), ...fact, stream: { ...stream }, recordedBy: principalId },
      gross: gross === null || currency === null ? null : amountOf(gross, currency),
    })),
    wouldHaveBeen: wouldHaveBeen === null ? null : comparedOnTheWire(wouldHaveBeen),
  };
}

function comparedOnTheWire({ currency, totals, total, inputsChanged, engineChanged }: WouldHaveBeen) {
  const figures = (row: WouldHaveBeen['total']) => ({
    ...{ gross: amountOf(row.gross, currency), allowance: amountOf(row.allowance, currency) },
    ...{ grossDifference: amountOf(row.grossDifference, currency), allowanceDifference: amountOf(row.allowanceDifference, currency) },
  });
  return { totals: totals.map((row) => ({ kind: row.kind, ...figures(row) })), total: figures(total), inputsChanged, engineChanged };
}
