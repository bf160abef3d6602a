import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Body, Controller, Get, Logger, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import { DownloadRejectsQuery, GetImportQuery, ListImportsQuery, ReceiveImportCommand } from '@app/receivables';
import type { z } from 'zod';
import type { EdgeReply, EdgeRequest } from '../http';
import { Context, Permit, Returns, Streams, decodeCursor, openEventStream, page } from '../http';
import type { ImportStatusAnswer } from './imports.schemas';
import {
  importAccepted,
  importKindParams,
  importPage,
  declarationOf,
  importParams,
  importStatus,
  listCursor,
  listQuery,
  receiveQuery,
  statusOf,
} from './imports.schemas';

const PROGRESS_EVERY_MS = 300;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)"?/i;

@Controller('v1/imports')
export class ImportsController {
  private readonly logger = new Logger(ImportsController.name);

  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post(':kind')
  @Permit('ingest')
  @Streams('text/csv', 'application/x-ndjson')
  @Returns({
    summary: 'Bring in debtors, receivables, movements, fx-rates, control-totals or open-items from a file.',
    description:
      'The body is stored durably before the answer. Files of a tenant run one at a time, in the order in which they were accepted. ' +
      'The charset is taken from a byte-order mark, else from content-type, else it is UTF-8. ' +
      'A list of open items declares what it is complete for: `asOf`, and if need be `entity` and `kinds`.',
    status: 202,
    body: importAccepted,
  })
  async receive(
    @Context() context: RequestContext,
    @Param({ schema: importKindParams }) { kind }: z.output<typeof importKindParams>,
    @Query({ schema: receiveQuery }) query: z.output<typeof receiveQuery>,
    @Body() body: Readable | undefined,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof importAccepted>> {
    const { dryRun } = query;
    const declaration = declarationOf(kind, query);
    const contentType = request.headers['content-type'] ?? '';
    const accepted = await this.commands.execute(
      new ReceiveImportCommand(context, {
        kind,
        format: contentType.toLowerCase().startsWith('application/x-ndjson') ? 'ndjson' : 'csv',
        charset: CHARSET.exec(contentType)?.[1],
        dryRun,
        declaration,
        body: body ?? Readable.from([]),
      }),
    );
    void reply.header('location', `/v1/imports/${accepted.id}`);
    return accepted;
  }

  @Get()
  @Permit('ingest', 'controller', 'manager', 'auditor', 'viewer', 'admin')
  @Returns({ summary: 'The imports, the latest first.', body: importPage })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: listQuery }) { cursor, limit }: z.output<typeof listQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof importPage>> {
    const [before] = decodeCursor(cursor, listCursor) ?? [];
    const found = await this.queries.execute(
      new ListImportsQuery(context.tenantId, before === undefined ? undefined : BigInt(before), limit + 1),
    );
    const { items, next } = page(found, limit, (last) => [String(last.queueOrder)], { request, reply });
    return { items: items.map(statusOf), next };
  }

  @Get(':id')
  @Permit('ingest', 'controller', 'manager', 'auditor', 'viewer', 'admin')
  @Returns({
    summary: 'How far an import has come.',
    description: 'With `Accept: text/event-stream` the answer is a stream of `progress` events, as at `/events`.',
    body: importStatus,
  })
  async show(
    @Context() context: RequestContext,
    @Param({ schema: importParams }) { id }: z.output<typeof importParams>,
    @Req() request: EdgeRequest,
    @Res() reply: EdgeReply,
  ): Promise<void> {
    const status = await this.statusOf(context, id);
    if ((request.headers.accept ?? '').includes('text/event-stream')) this.stream(context, status, request, reply);
    else await reply.send(status);
  }

  @Get(':id/events')
  @Permit('ingest', 'controller', 'manager', 'auditor', 'viewer', 'admin')
  @Returns({ summary: 'Follow an import: `progress` events until it has ended.', contentType: 'text/event-stream' })
  async follow(
    @Context() context: RequestContext,
    @Param({ schema: importParams }) { id }: z.output<typeof importParams>,
    @Req() request: EdgeRequest,
    @Res() reply: EdgeReply,
  ): Promise<void> {
    this.stream(context, await this.statusOf(context, id), request, reply);
  }

  @Get(':id/rejects')
  @Permit('ingest', 'controller', 'manager', 'auditor', 'admin')
  @Returns({
    summary: 'The refused rows, ready to mend and send again.',
    description: 'The columns of the file, then `row`, `column`, `code` and `reason`, which are not read when the file is sent again.',
    contentType: 'text/csv',
  })
  async rejects(
    @Context() context: RequestContext,
    @Param({ schema: importParams }) { id }: z.output<typeof importParams>,
    @Res() reply: EdgeReply,
  ): Promise<void> {
    const lines = await this.queries.execute(new DownloadRejectsQuery(context.tenantId, id));
    await reply
      .headers({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="rejects-${id}.csv"` })
      .send(Readable.from(lines, { objectMode: true }));
  }

  private async statusOf(context: RequestContext, id: string): Promise<ImportStatusAnswer> {
    return statusOf(await this.queries.execute(new GetImportQuery(context.tenantId, id)));
  }

  /** Sends the state now and whenever it has changed. A client that comes back gets the present state: nothing it missed matters any more. */
  private stream(context: RequestContext, first: ImportStatusAnswer, request: EdgeRequest, reply: EdgeReply): void {
    const stream = openEventStream(request, reply);
    const follow = async (): Promise<void> => {
      let status = first;
      for (let sent = ''; !stream.signal.aborted;) {
        const text = JSON.stringify(status);
        if (text !== sent) stream.send({ id: String(status.rowsDone), event: 'progress', data: text });
        sent = text;
        if (status.status === 'completed' || status.status === 'failed') break;
        await sleep(PROGRESS_EVERY_MS, undefined, { signal: stream.signal, ref: false });
        status = await this.statusOf(context, status.id);
      }
    };
    follow()
      .catch((error: unknown) => {
        if (!stream.signal.aborted) this.logger.error({ error }, 'the progress of an import could not be followed');
      })
      .finally(() => {
        stream.close();
      });
  }
}
