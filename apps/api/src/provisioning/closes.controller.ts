import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { rateOf } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import { GetCloseQuery, ListClosesQuery, RequestCloseCommand, type CloseState, type CloseSummary } from '@app/provisioning';
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
import { amountOf, figuresOf, partOf } from './figures-on-the-wire';
import { problemOnTheWire } from './provision-runs.controller';
import { close, closeSummary, identifierParams, requestCloseBody, requestedClose } from './provisioning.schemas';

const SHARE_DECIMALS = 12;
const closeCursor = z.tuple([z.string().regex(/^\d{4}-\d{2}-\d{2}$/)]);
const closePage = pageSchema(closeSummary);

@Controller('v1/closes')
export class ClosesController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Post()
  @Permit('controller', 'manager', 'approver')
  @Returns({ status: 202, summary: 'Close the book on a date: its age mix and its allowance, for good comparison', body: requestedClose })
  async request(
    @Context() context: RequestContext,
    @Body({ schema: requestCloseBody }) { asOf }: z.output<typeof requestCloseBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof requestedClose>> {
    const { id, position } = await this.commands.execute(new RequestCloseCommand(context, asOf));
    void reply.header('location', `/v1/closes/${id}`);
    return { id, status: 'queued', asOf, position: positionNumber(position) };
  }

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'Closes, the latest date first', body: closePage })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof closePage>> {
    const before = decodeCursor(query.cursor, closeCursor)?.[0];
    const rows = await this.queries.execute(new ListClosesQuery(context.tenantId, { limit: query.limit + 1, before }));
    const { items, next } = page(rows, query.limit, ({ asOf }) => [asOf], { request, reply });
    return { items: items.map(summaryOnTheWire), next };
  }

  @Get(':id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'A close: the age mix by scheme, the allowance by kind, segment and bucket, shares and coverage', body: close })
  async get(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
  ): Promise<z.input<typeof close>> {
    return closeOnTheWire(await this.queries.execute(new GetCloseQuery(context.tenantId, id)));
  }
}

function closeOnTheWire(state: CloseState): z.input<typeof close> {
  const { closeId, asOf, position, requestedBy, requestedAt, computedAt, snapshot, provisionProblem, failure } = state;
  return {
    id: closeId,
    status: state.pending ? 'queued' : failure === null ? 'completed' : 'failed',
    ...{ asOf, position, requestedBy, requestedAt, computedAt },
    currency: snapshot?.currency ?? null,
    ageing: snapshot === null ? [] : snapshot.byAge.map((mix) => ageingOnTheWire(mix, snapshot.currency)),
    allowance: state.provision === null || provisionProblem !== null ? null : allowanceOnTheWire(state.provision),
    provisionProblem: provisionProblem === null ? null : problemOnTheWire(provisionProblem),
    problem: failure === null ? null : problemOnTheWire(failure),
    warnings: provisionProblem === null ? (state.provision?.warnings ?? []) : [],
  };
}

type Mix = NonNullable<CloseState['snapshot']>['byAge'][number];

function ageingOnTheWire({ scheme, basis, total, buckets }: Mix, currency: string): z.input<typeof close>['ageing'][number] {
  return {
    ...{ scheme, basis, total: amountOf(total, currency) },
    buckets: buckets.map(({ label, amount }) => ({ label, amount: amountOf(amount, currency), share: shareOf(amount, total) })),
  };
}

function allowanceOnTheWire(provision: NonNullable<CloseState['provision']>): NonNullable<z.input<typeof close>['allowance']> {
  const { currency, resultHash, total, kinds, buckets, stages } = provision;
  return {
    resultHash,
    ...figuresOf(total, currency),
    coverage: shareOf(total.allowance, total.gross),
    kinds: kinds.map((each) => ({ kind: each.kind, ...figuresOf(each, currency), coverage: shareOf(each.allowance, each.gross) })),
    buckets: buckets.map(({ kind, scheme, segment, bucket, rate, ...amounts }) => ({
      kind,
      scheme,
      segment,
      bucket,
      rate,
      ...partOf(amounts, currency),
    })),
    stages: stages.map(({ kind, segment, stage, ...amounts }) => ({ kind, segment, stage, ...partOf(amounts, currency) })),
  };
}

function shareOf(part: string, whole: string): string | null {
  return rateOf(BigInt(part), BigInt(whole), SHARE_DECIMALS) ?? null;
}

function summaryOnTheWire(summary: CloseSummary): z.input<typeof closeSummary> {
  const { id, asOf, status, problemCode, currency, gross, allowance } = summary;
  return {
    ...{ id, asOf, status, problemCode },
    position: summary.position === null ? null : positionNumber(summary.position),
    gross: gross === null || currency === null ? null : amountOf(gross, currency),
    allowance: allowance === null || currency === null ? null : amountOf(allowance, currency),
  };
}
