import { Body, Controller, Inject, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import { WhatIfQuery, type WhatIfAnswer } from '@app/provisioning';
import type { z } from 'zod';
import { Context, Permit, positionNumber, Returns } from '../http';
import { amountOf } from './figures-on-the-wire';
import { resultOnTheWire } from './provision-result.wire';
import { whatIfAnswer, whatIfBody } from './what-if.schemas';

@Controller('v1/what-if')
export class WhatIfController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Post()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({
    status: 200,
    summary: 'Compute a run with other buckets, rates, segments, exchange rates or scenarios; nothing is written',
    body: whatIfAnswer,
  })
  async ask(
    @Context() context: RequestContext,
    @Body({ schema: whatIfBody }) body: z.output<typeof whatIfBody>,
  ): Promise<z.input<typeof whatIfAnswer>> {
    const overlays = body.overlays?.map(({ kind, entityId, segment, amount, ...scope }) => ({
      ...{ kind, entityId: entityId ?? null, class: scope.class ?? null, segment: segment ?? null },
      ...{ amount: amount.minor, currency: amount.currency },
    }));
    const answer = await this.queries.execute(new WhatIfQuery(context.tenantId, { ...body, overlays }));
    return {
      ...{ asOf: answer.asOf, knownAt: answer.knownAt, position: positionNumber(answer.position) },
      ...resultOnTheWire(answer.figures),
      ...{ comparedTo: answer.comparedTo, difference: differenceOnTheWire(answer), baseProblem: answer.baseProblem },
    };
  }
}

function differenceOnTheWire({ difference, figures }: WhatIfAnswer): z.input<typeof whatIfAnswer>['difference'] {
  if (difference === null) return null;
  const change = ({ gross, allowance, net }: { gross: bigint; allowance: bigint; net: bigint }) => ({
    gross: amountOf(gross, figures.currency),
    allowance: amountOf(allowance, figures.currency),
    net: amountOf(net, figures.currency),
  });
  const { byKind, total, lines, linesOnlyBefore, linesOnlyAfter } = difference;
  return {
    byKind: byKind.map((each) => ({ kind: each.kind, ...change(each) })),
    total: change(total),
    lines: lines.map(({ currency, before, after, allowance, ...line }) => ({
      ...line,
      before: { gross: amountOf(before.gross, currency), rate: before.rate, allowance: amountOf(before.allowance, currency) },
      after: { gross: amountOf(after.gross, currency), rate: after.rate, allowance: amountOf(after.allowance, currency) },
      allowance: amountOf(allowance, currency),
    })),
    linesOnlyBefore,
    linesOnlyAfter,
  };
}
