import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { CLOCK, type Clock, type RequestContext } from '@app/platform';
import { GetForwardAgeingQuery, GetMetricsQuery } from '@app/provisioning';
import type { z } from 'zod';
import { Context, Permit, positionNumber, Returns } from '../http';
import { amountOf } from './figures-on-the-wire';
import { forwardAgeingAnswer, forwardAgeingQuery, metricsAnswer, metricsQuery } from './metrics.schemas';

@Controller('v1/metrics')
export class MetricsController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'DSO, CEI, coverage, overdue share, concentration and collections on two dates', body: metricsAnswer })
  async metrics(
    @Context() context: RequestContext,
    @Query({ schema: metricsQuery }) query: z.output<typeof metricsQuery>,
  ): Promise<z.input<typeof metricsAnswer>> {
    const asOf = query.asOf ?? this.clock.today();
    const answer = await this.queries.execute(new GetMetricsQuery(context.tenantId, { ...query, asOf }));
    const { knownAt, position, currency, from, daysInPeriod, salesSource, debtors, amounts } = answer;
    const amount = (minor: bigint) => amountOf(minor, currency);
    const amountOrNone = (minor: bigint | null) => (minor === null ? null : amount(minor));
    return {
      ...{ asOf, knownAt, position: positionNumber(position), currency, from, daysInPeriod, salesSource, debtors },
      amounts: {
        ...{ receivables: amount(amounts.receivables), notPastDue: amount(amounts.notPastDue), overdue: amount(amounts.overdue) },
        ...{ over90: amount(amounts.over90), beginning: amount(amounts.beginning), sales: amountOrNone(amounts.sales) },
        ...{ salesWithTax: amountOrNone(amounts.salesWithTax), collections: amountOrNone(amounts.collections) },
        ...{ unappliedCash: amountOrNone(amounts.unappliedCash), recoveries: amountOrNone(amounts.recoveries) },
        ...{ unclassified: amount(amounts.unclassified), allowance: amountOrNone(amounts.allowance), net: amountOrNone(amounts.net) },
      },
      metrics: Object.fromEntries(answer.metrics.map(({ name, ...metric }) => [name, metric])),
    };
  }

  @Get('forward-ageing')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'What crosses into an older bucket month by month at rates in force, before collections', body: forwardAgeingAnswer })
  async forwardAgeing(
    @Context() context: RequestContext,
    @Query({ schema: forwardAgeingQuery }) query: z.output<typeof forwardAgeingQuery>,
  ): Promise<z.input<typeof forwardAgeingAnswer>> {
    const asOf = query.asOf ?? this.clock.today();
    const answer = await this.queries.execute(new GetForwardAgeingQuery(context.tenantId, { ...query, asOf }));
    const { knownAt, position, currency, kind, scheme, lossRateSetId, gross, charge } = answer;
    const amount = (minor: bigint) => amountOf(minor, currency);
    return {
      ...{ asOf, knownAt, position: positionNumber(position), currency, kind, scheme, lossRateSetId },
      ...{ gross: amount(gross), charge: amount(charge) },
      months: answer.months.map((month) => ({
        ...{ month: month.month, until: month.until, charge: amount(month.charge) },
        crossings: month.crossings.map((crossing) => ({ ...crossing, amount: amount(crossing.amount), charge: amount(crossing.charge) })),
      })),
    };
  }
}
