import {
  GetDunningRunQuery,
  ListDunningRunsQuery,
  MakeDunningRunCommand,
  PreviewDunningRunQuery,
  ReadBusinessDateQuery,
} from '@app/collections';
import type { RequestContext } from '@app/platform';
import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import { Context, decodeCursor, type EdgeReply, encodeCursor, notFound, Permit, positionNumber, Returns } from '../http';
import { dunningRun, dunningRuns, runAnswer, runBody, runsQuery } from './dunning.schemas';
import { planOnTheWire, runOnTheWire } from './dunning.wire';
import { uuidParams } from './limits.schemas';

const previewCursor = z.tuple([z.int().nonnegative(), z.string()]);

@Controller('v1/dunning-runs')
export class DunningRunsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Post()
  @Permit('controller', 'manager')
  @Returns({
    status: 202,
    summary: 'Look at every overdue item and issue the letters that are due, or preview them',
    description: 'Each tenant has one such run a day by itself. `preview` answers 200 and writes nothing.',
    body: runAnswer,
  })
  async make(
    @Context() context: RequestContext,
    @Body({ schema: runBody }) { asOf: asked, preview, cursor, limit }: z.output<typeof runBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof runAnswer>> {
    const asOf = asked ?? (await this.queries.execute(new ReadBusinessDateQuery(context.tenantId)));
    if (!preview) {
      const { id } = await this.commands.execute(new MakeDunningRunCommand(context, asOf));
      void reply.header('location', `/v1/dunning-runs/${id}`);
      return { id, preview: null };
    }
    const [pinned, after = ''] = decodeCursor(cursor, previewCursor) ?? [];
    const request = { asOf, after, debtors: limit, ...(pinned !== undefined && { position: BigInt(pinned) }) };
    const shown = await this.queries.execute(new PreviewDunningRunQuery(context.tenantId, request));
    const position = positionNumber(shown.position);
    void reply.status(200);
    return {
      id: context.newId(),
      preview: {
        ...{ asOf, position, debtors: shown.debtors.map(planOnTheWire) },
        next: shown.next === null ? null : encodeCursor([position, shown.next]),
      },
    };
  }

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'Dunning runs, the latest first', body: dunningRuns })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: runsQuery }) { limit }: z.output<typeof runsQuery>,
  ): Promise<z.input<typeof dunningRuns>> {
    const runs = await this.queries.execute(new ListDunningRunsQuery(context.tenantId, limit));
    return { items: runs.map(runOnTheWire) };
  }

  @Get(':id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'How far a run is, how many letters it issued, and who is in none by reason', body: dunningRun })
  async show(
    @Context() context: RequestContext,
    @Param({ schema: uuidParams }) { id }: z.output<typeof uuidParams>,
  ): Promise<z.input<typeof dunningRun>> {
    const run = await this.queries.execute(new GetDunningRunQuery(context.tenantId, id));
    if (run === null) throw notFound('dunning run', id);
    return runOnTheWire(run);
  }
}
