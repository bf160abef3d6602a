import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import {
  ApproveProvisionRunCommand,
  GetProvisionRunQuery,
  ListProvisionRunsQuery,
  ListRunJournalLinesQuery,
  RequestProvisionRunCommand,
  type ProvisionRunSummary,
  type ProvisionRunView,
} from '@app/provisioning';
import { z } from 'zod';
import {
  Context,
  decodeCursor,
  page,
  pageQuery,
  pageSchema,
  Permit,
  positionNumber,
  Returns,
  type EdgeReply,
  type EdgeRequest,
} from '../http';
import { amountOf } from './figures-on-the-wire';
import { journalLineOnTheWire } from './journal.wire';
import { EMPTY_RESULT } from './provision-result.schemas';
import { resultOnTheWire } from './provision-result.wire';
import {
  approvedRun,
  approveRunBody,
  identifierParams,
  provisionRun,
  provisionRunSummary,
  requestedRun,
  requestRunBody,
} from './provisioning.schemas';

const runCursor = z.tuple([z.string().regex(/^\d+$/)]);
const runPage = pageSchema(provisionRunSummary);

@Controller('v1/provision-runs')
export class ProvisionRunsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Post()
  @Permit('controller', 'manager', 'approver')
  @Returns({ status: 202, summary: 'Compute the allowance on any date, as known at any moment', body: requestedRun })
  async request(
    @Context() context: RequestContext,
    @Body({ schema: requestRunBody }) body: z.output<typeof requestRunBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof requestedRun>> {
    const { id, knownAt, position } = await this.commands.execute(new RequestProvisionRunCommand(context, body));
    void reply.header('location', `/v1/provision-runs/${id}`);
    return { id, status: 'queued', asOf: body.asOf, knownAt, position: positionNumber(position) };
  }

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'Provision runs, the latest first', body: runPage })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof runPage>> {
    const before = decodeCursor(query.cursor, runCursor)?.[0];
    const rows = await this.queries.execute(new ListProvisionRunsQuery(context.tenantId, { limit: query.limit + 1, before }));
    const { items, next } = page(rows, query.limit, ({ cursor }) => [cursor], { request, reply });
    return { items: items.map(summaryOnTheWire), next };
  }

  @Get(':id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'A provision run with its lines, totals and hash', body: provisionRun })
  async get(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
  ): Promise<z.input<typeof provisionRun>> {
    const run = await this.queries.execute(new GetProvisionRunQuery(context.tenantId, id));
    const journal = run.status === 'completed' ? await this.queries.execute(new ListRunJournalLinesQuery(context.tenantId, id)) : null;
    const lines = journal?.lines.map((line) => journalLineOnTheWire(line, journal.currency)) ?? [];
    return { ...runOnTheWire(run), journal: lines };
  }

  @Post(':id/approve')
  @Permit('approver')
  @Returns({ summary: 'Approve a completed run; another principal than the one who asked for it', body: approvedRun })
  approve(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Body({ schema: approveRunBody }) { hash }: z.output<typeof approveRunBody>,
  ): Promise<z.input<typeof approvedRun>> {
    return this.commands.execute(new ApproveProvisionRunCommand(context, id, hash));
  }
}

function runOnTheWire(run: ProvisionRunView): z.input<typeof provisionRun> {
  const { runId, asOf, knownAt, position } = run.request;
  const status = run.running ? ('running' as const) : run.status;
  const shown = {
    id: runId,
    status,
    ...signaturesOnTheWire(run),
    asOf,
    knownAt,
    position,
    requestedBy: run.requestedBy,
    requestedAt: run.requestedAt,
  };
  const empty = { ...EMPTY_RESULT, hash: null, finishedAt: null, problem: null, journal: [] };
  if (run.status === 'queued') return { ...shown, ...empty };
  if (run.status === 'failed') return { ...shown, ...empty, finishedAt: run.failedAt, problem: problemOnTheWire(run.problem) };
  const { hash } = run.result;
  return { ...shown, finishedAt: run.completedAt, hash, problem: null, journal: [], ...resultOnTheWire(run.result) };
}

function signaturesOnTheWire(run: ProvisionRunView) {
  if (run.status !== 'completed') return { lifecycle: null, approval: null, posting: null, supersededBy: null };
  const onTheWire = (signature: { by: string; at: string; position: bigint } | null) =>
    signature === null ? null : { by: signature.by, at: signature.at, position: positionNumber(signature.position) };
  return {
    ...{ lifecycle: run.lifecycle, supersededBy: run.supersededBy },
    ...{ approval: onTheWire(run.approval), posting: onTheWire(run.posting) },
  };
}

/** A problem inside an answer, as far as its errors name a code. */
export function problemOnTheWire(problem: { code: string; detail: string; errors: readonly Record<string, string | number | null>[] }) {
  const { code, detail } = problem;
  return { code, detail, errors: problem.errors.map((error) => ({ ...error, code: String(error['code'] ?? code) })) };
}

function summaryOnTheWire(run: ProvisionRunSummary): z.input<typeof provisionRunSummary> {
  const { id, status, lifecycle, asOf, knownAt, requestedBy, requestedAt, hash, problemCode, total, currency } = run;
  return {
    ...{ id, status, lifecycle, asOf, knownAt, requestedBy, requestedAt, hash, problemCode },
    position: positionNumber(run.position),
    total:
      total === null || currency === null
        ? null
        : {
            gross: amountOf(total.gross, currency),
            allowance: amountOf(total.allowance, currency),
            net: amountOf(total.gross - total.allowance, currency),
          },
  };
}
