import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { BUILT_IN_SCHEMES } from '@app/credit-domain';
import type { Clock, RequestContext } from '@app/platform';
import { CLOCK } from '@app/platform';
import { DefineAgeingSchemeCommand, GetAgeingQuery, ListSchemesQuery } from '@app/receivables';
import type { z } from 'zod';
import { Context, Permit, Returns, positionNumber } from '../http';
import type { AgeingQueryInput } from './ageing.schemas';
import { ageingAnswer, ageingQuery, schemeAnswer, schemeBody, schemeListAnswer } from './ageing.schemas';
import { moneyOrNone } from './money-or-none';

@Controller('v1')
export class AgeingController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('ageing')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin', 'ingest')
  @Returns({ summary: 'Age the book on any date, as known at any moment.', body: ageingAnswer })
  async ageing(
    @Context() context: RequestContext,
    @Query({ schema: ageingQuery }) query: AgeingQueryInput,
  ): Promise<z.input<typeof ageingAnswer>> {
    const ageing = await this.queries.execute(
      new GetAgeingQuery({ ...query, tenantId: context.tenantId, asOf: query.asOf ?? this.clock.today() }),
    );
    const { currency } = ageing;
    return {
      asOf: ageing.asOf,
      knownAt: ageing.knownAt,
      position: positionNumber(ageing.position),
      currency,
      scheme: ageing.scheme,
      basis: ageing.basis,
      groups: ageing.groups.map((group) => ({
        key: group.key,
        buckets: group.buckets.map((amount, index) => ({ label: ageing.labels[index] ?? '', amount: moneyOrNone(amount, currency) })),
        total: moneyOrNone(group.total, currency),
        ...(group.creditBalance === undefined ? {} : { creditBalance: moneyOrNone(group.creditBalance, currency) }),
      })),
      creditBalance: moneyOrNone(ageing.creditBalance, currency),
    };
  }

  @Post('ageing-schemes')
  @Permit('manager')
  @Returns({ summary: 'Define an ageing scheme: ordered buckets that partition time.', status: 201, body: schemeAnswer })
  define(@Context() context: RequestContext, @Body({ schema: schemeBody }) body: z.output<typeof schemeBody>): Promise<{ id: string }> {
    return this.commands.execute(new DefineAgeingSchemeCommand(context, body));
  }

  @Get('ageing-schemes')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin', 'ingest')
  @Returns({ summary: 'The built-in and the defined ageing schemes.', body: schemeListAnswer })
  async list(@Context() context: RequestContext): Promise<z.input<typeof schemeListAnswer>> {
    const schemes = await this.queries.execute(new ListSchemesQuery(context.tenantId));
    return {
      items: schemes.map((scheme) => ({
        id: scheme.id,
        basis: scheme.basis,
        builtIn: BUILT_IN_SCHEMES.some((builtIn) => builtIn.id === scheme.id),
        buckets: scheme.buckets.map((bucket) =>
          'upTo' in bucket
            ? { label: bucket.label, upTo: { [bucket.upTo.unit]: bucket.upTo.count } }
            : { label: bucket.label, over: true as const },
        ),
      })),
    };
  }
}
