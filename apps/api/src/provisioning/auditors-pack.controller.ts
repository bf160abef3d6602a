import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import { GetAuditorsPackQuery, ListOpenItemsQuery } from '@app/provisioning';
import { Readable } from 'node:stream';
import type { z } from 'zod';
import { Context, Permit, Returns, type EdgeReply } from '../http';
import { auditorsPack, packQuery } from './auditors-pack.schemas';
import { openItemLines, packOnTheWire } from './auditors-pack.wire';
import { identifierParams } from './provisioning.schemas';

@Controller('v1/provision-runs')
export class AuditorsPackController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get(':id/auditors-pack')
  @Permit('auditor', 'controller', 'manager', 'approver')
  @Returns({
    summary: 'What an auditor re-performs a run with: open items and cash since, a drawn sample, tie-outs, policies and their signatures',
    description: 'With `format=csv` all open items as text/csv, one line an item.',
    body: auditorsPack,
  })
  async get(
    @Context() { tenantId }: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Query({ schema: packQuery }) { format, seed, sample }: z.output<typeof packQuery>,
    @Res() reply: EdgeReply,
  ): Promise<void> {
    if (format === 'csv') {
      const { run, pages } = await this.queries.execute(new ListOpenItemsQuery(tenantId, id));
      await reply
        .headers({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="open-items-${id}.csv"` })
        .send(Readable.from(openItemLines(pages, run.result.currency), { objectMode: true }));
      return;
    }
    await reply.send(packOnTheWire(await this.queries.execute(new GetAuditorsPackQuery(tenantId, id, { seed, size: sample }))));
  }
}
