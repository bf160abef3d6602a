import { Body, Controller, Delete, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CreateSilence, EndSilence, ListSilencesQuery } from '@app/alerting';
import { CLOCK, type Clock, type RequestContext } from '@app/platform';
import type { z } from 'zod';
import { Context, type EdgeReply, type EdgeRequest, page, pageSchema, Permit, positionNumber, Returns } from '../http';
import { created, idParams } from './alerting.schemas';
import { listFrom } from './list-from';
import { silence, silenceBody, silencesQuery } from './notification.schemas';
import { silenceOnTheWire } from './notification.wire';

const silencePage = pageSchema(silence);

@Controller('v1/silences')
export class SilencesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @Permit('controller', 'manager')
  @Returns({
    status: 201,
    summary: 'Keep matching alerts quiet for a while, with a reason; alerts about integrity cannot be',
    body: created,
  })
  async create(
    @Context() context: RequestContext,
    @Body({ schema: silenceBody }) body: z.output<typeof silenceBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof created>> {
    const { matchers, startsAt, endsAt, reason } = body;
    const { id } = await this.commands.execute(new CreateSilence(context, { matchers, startsAt: startsAt ?? null, endsAt, reason }));
    void reply.header('location', `/v1/silences/${id}`);
    return { id };
  }

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'List silences, newest first, with how each ended', body: silencePage })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: silencesQuery }) query: z.output<typeof silencesQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof silencePage>> {
    const found = await this.queries.execute(new ListSilencesQuery(context.tenantId, listFrom(query.cursor), query.limit));
    const readAt = positionNumber(found.position);
    const { items, next } = page(found.items, query.limit, (last) => [readAt, positionNumber(last.position)], { request, reply });
    const now = this.clock.now();
    return { items: items.map((item) => silenceOnTheWire(item, now)), next };
  }

  @Delete(':id')
  @Permit('controller', 'manager')
  @Returns({ status: 204, summary: 'End a silence; what it kept quiet and still fires is told' })
  async end(@Context() context: RequestContext, @Param({ schema: idParams }) { id }: z.output<typeof idParams>): Promise<void> {
    await this.commands.execute(new EndSilence(context, id));
  }
}
