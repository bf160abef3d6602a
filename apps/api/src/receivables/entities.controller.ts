import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Clock, RequestContext } from '@app/platform';
import { CLOCK } from '@app/platform';
import { DisposeEntityCommand, GetDisposalQuery, ListEntitiesQuery, StateEntityCommand } from '@app/receivables';
import type { z } from 'zod';
import type { EdgeReply } from '../http';
import { Context, Permit, Returns, money, positionNumber } from '../http';
import {
  acceptedDisposal,
  disposalParams,
  disposeEntityBody,
  entitiesQuery,
  entityDisposal,
  entityList,
  entityParams,
  statedEntity,
  stateEntityBody,
} from './entities.schemas';

/** The legal entities of the group: who joins, who leaves, and what leaves with them. */
@Controller('v1/entities')
export class EntitiesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @Permit('admin', 'manager')
  @Returns({
    status: 201,
    summary: 'Register a legal entity, or amend it by stating it anew.',
    description: 'What is left out is blank. The same again changes nothing. Receivables may name entities that nobody registered.',
    body: statedEntity,
  })
  async state(
    @Context() context: RequestContext,
    @Body({ schema: stateEntityBody }) body: z.output<typeof stateEntityBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof statedEntity>> {
    const stated = await this.commands.execute(new StateEntityCommand(context, body));
    void reply.header('location', '/v1/entities');
    return stated;
  }

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'The legal entities on any date, as known at any moment.', body: entityList })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: entitiesQuery }) { asOf, knownAt }: z.output<typeof entitiesQuery>,
  ): Promise<z.input<typeof entityList>> {
    const list = await this.queries.execute(new ListEntitiesQuery(context.tenantId, { asOf: asOf ?? this.clock.today(), knownAt }));
    return {
      asOf: list.asOf,
      knownAt: list.knownAt,
      position: positionNumber(list.position),
      items: list.items.map(({ entityId, ...entity }) => ({ id: entityId, ...entity })),
    };
  }

  @Post(':id/disposal')
  @Permit('admin', 'manager')
  @Returns({
    status: 202,
    summary: 'Let an entity leave the group: what it is owed on that day is derecognised.',
    description:
      'One disposal movement a receivable of the entity; from then on nothing later is recognised there. Asking again for the same day ' +
      'takes along what has turned up since, and nothing twice.',
    body: acceptedDisposal,
  })
  async dispose(
    @Context() context: RequestContext,
    @Param({ schema: entityParams }) { id: entityId }: z.output<typeof entityParams>,
    @Body({ schema: disposeEntityBody }) body: z.output<typeof disposeEntityBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof acceptedDisposal>> {
    const { id } = await this.commands.execute(new DisposeEntityCommand(context, { entityId, ...body }));
    void reply.header('location', `/v1/entities/${encodeURIComponent(entityId)}/disposals/${id}`);
    return { id, status: 'queued' };
  }

  @Get(':id/disposals/:disposalId')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'A disposal: how far it is, what left and what remained.', body: entityDisposal })
  async disposal(
    @Context() context: RequestContext,
    @Param({ schema: disposalParams }) { id, disposalId }: z.output<typeof disposalParams>,
  ): Promise<z.input<typeof entityDisposal>> {
    const { outcome, ...state } = await this.queries.execute(new GetDisposalQuery(context.tenantId, id, disposalId));
    return {
      ...{ id: state.disposalId, entityId: state.entityId, on: state.on, reason: state.reason, status: state.status },
      ...{ requestedBy: state.requestedBy, requestedAt: state.requestedAt, endedAt: state.endedAt, failure: state.failure },
      receivables: outcome?.receivables ?? null,
      amounts: (outcome?.amounts ?? []).map(({ currency, disposed, remaining }) => ({
        disposed: money(BigInt(disposed), currency),
        remaining: money(BigInt(remaining), currency),
      })),
    };
  }
}
