import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CLOCK, type Clock, type RequestContext } from '@app/platform';
import {
  BackTestLossRatesQuery,
  GetLossRateEvidenceQuery,
  ListEvidenceReceivablesQuery,
  ProposeEvidenceCommand,
  type BackTestLine,
  type EvidenceAnswer,
  type EvidenceReceivable,
  type LossRateBackTest,
} from '@app/provisioning';
import { z } from 'zod';
import {
  Context,
  decodeCursor,
  encodeCursor,
  Permit,
  positionNumber,
  Returns,
  setNextLink,
  type EdgeReply,
  type EdgeRequest,
} from '../http';
import {
  backTestAnswer,
  backTestQuery,
  evidenceAnswer,
  evidenceProposalBody,
  evidenceQuery,
  evidenceReceivablePage,
  evidenceReceivablesQuery,
  proposedEvidence,
} from './evidence.schemas';
import { amountOf } from './figures-on-the-wire';
import { identifierParams } from './provisioning.schemas';

const receivableCursor = z.tuple([z.string(), z.string(), z.string().regex(/^\d+$/), z.int().min(0)]);
type FlowField = 'opening' | 'raised' | 'collected' | 'credited' | 'writtenOff' | 'disposed' | 'unclassified' | 'reclassified';

@Controller('v1/loss-rate-evidence')
export class EvidenceController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: "Loss rates as the book's own events give them, with the sample behind each", body: evidenceAnswer })
  async evidence(
    @Context() context: RequestContext,
    @Query({ schema: evidenceQuery }) query: z.output<typeof evidenceQuery>,
  ): Promise<z.input<typeof evidenceAnswer>> {
    const answer = await this.queries.execute(new GetLossRateEvidenceQuery(context.tenantId, this.requestOf(query)));
    return evidenceOnTheWire(answer);
  }

  @Get('receivables')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'The receivables behind a cell of the evidence', body: evidenceReceivablePage })
  async receivables(
    @Context() context: RequestContext,
    @Query({ schema: evidenceReceivablesQuery }) query: z.output<typeof evidenceReceivablesQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof evidenceReceivablePage>> {
    // Every page is read at the moment of the first one.
    const cursor = decodeCursor(query.cursor, receivableCursor);
    const { cursor: _cursor, limit, fromBucket, toBucket, ...asked } = query;
    const wanted = this.requestOf({ ...asked, knownAt: asked.knownAt ?? cursor?.[0] }, cursor?.[1]);
    const after = cursor === undefined ? undefined : { receivableNo: BigInt(cursor[2]), periodIndex: cursor[3] };
    const list = await this.queries.execute(
      new ListEvidenceReceivablesQuery(context.tenantId, { ...wanted, fromBucket, toBucket, after, limit: limit + 1 }),
    );
    const items = list.items.slice(0, limit);
    const last = items.at(-1);
    const hasMore = list.items.length > limit && last !== undefined;
    const next = hasMore ? encodeCursor([list.knownAt, list.asOf, String(last.receivableNo), last.periodIndex]) : null;
    if (next !== null) setNextLink({ request, reply }, { cursor: next });
    return { asOf: list.asOf, knownAt: list.knownAt, position: positionNumber(list.position), items: items.map(receivableOnTheWire), next };
  }

  @Post('proposals')
  @Permit('manager')
  @Returns({ status: 201, summary: 'Derive loss rates and propose them as a set; another principal approves', body: proposedEvidence })
  async propose(
    @Context() context: RequestContext,
    @Body({ schema: evidenceProposalBody }) body: z.output<typeof evidenceProposalBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof proposedEvidence>> {
    const { id, effectiveOn, replaces, capAtOne, ...asked } = body;
    const evidence = this.requestOf(asked);
    const proposed = await this.commands.execute(new ProposeEvidenceCommand(context, { evidence, id, effectiveOn, replaces, capAtOne }));
    void reply.header('location', `/v1/loss-rate-sets/${proposed.id}`);
    return {
      ...{ id: proposed.id, status: proposed.status, contentHash: proposed.contentHash, warnings: [...proposed.warnings] },
      rates: proposed.rates.map(({ numerator: _numerator, denominator: _denominator, flags, ...rate }) => ({ ...rate, flags: [...flags] })),
    };
  }

  private requestOf<Query extends { readonly asOf?: string | undefined; readonly groups?: string | readonly number[] | undefined }>(
    query: Query,
    asOf?: string,
  ): Omit<Query, 'asOf' | 'groups'> & { asOf: string; groups: readonly number[] | undefined } {
    const { groups } = query;
    const sizes = typeof groups === 'string' ? groups.split(',').map(Number) : groups;
    return { ...query, asOf: query.asOf ?? asOf ?? this.clock.today(), groups: sizes };
  }
}

@Controller('v1/loss-rate-sets')
export class BackTestController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':id/back-test')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'What a set of loss rates gave on the claims of a date, against what came by a later one', body: backTestAnswer })
  async backTest(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Query({ schema: backTestQuery }) query: z.output<typeof backTestQuery>,
  ): Promise<z.input<typeof backTestAnswer>> {
    const at = query.at ?? this.clock.today();
    const tested = await this.queries.execute(new BackTestLossRatesQuery(context.tenantId, { ...query, setId: id, at }));
    const { asOf, knownAt, position, currency, setId, kind, scheme, warnings } = tested;
    return {
      ...{ asOf, knownAt, position: positionNumber(position), at, currency, setId, kind, scheme, warnings: [...warnings] },
      lines: tested.lines.map((line) => ({
        ...{ segment: line.segment, bucket: line.bucket, rate: line.rate },
        ...outcomeOnTheWire(line, currency),
      })),
      total: outcomeOnTheWire(tested.total, currency),
    };
  }
}

function evidenceOnTheWire(answer: EvidenceAnswer): z.input<typeof evidenceAnswer> {
  const { asOf, knownAt, position, currency, method, kind, scheme, window, choices } = answer;
  const amount = (minor: bigint) => amountOf(minor, currency);
  const amountOrNone = (minor: bigint | null) => (minor === null ? null : amount(minor));
  return {
    ...{ asOf, knownAt, position: positionNumber(position), currency, method, kind, scheme, choices },
    window: { ...window, periods: window.periods.map((period) => ({ ...period })) },
    groups: answer.groups.map(({ label, buckets }) => ({ label, buckets: [...buckets] })),
    rates: answer.rates.map(({ numerator, denominator, flags, ...rate }) => ({
      ...{ ...rate, numerator: amountOrNone(numerator), denominator: amountOrNone(denominator), flags: [...flags] },
    })),
    rolls: answer.rolls.map(({ from, flags, periods, numerator, denominator, writtenOff, ...roll }) => ({
      ...{ ...roll, from: [...from], flags: [...flags] },
      ...{ numerator: amount(numerator), denominator: amount(denominator), writtenOff: amount(writtenOff) },
      periods: periods.map((period) => ({ ...period, numerator: amount(period.numerator), denominator: amount(period.denominator) })),
    })),
    migrations: answer.migrations.map(({ rows, ...migration }) => ({
      ...migration,
      rows: rows.map((row) => ({
        ...{ from: row.from, receivables: row.receivables, ...flowOnTheWire(row, currency) },
        closing: row.closing.map((cell) => ({ bucket: cell.bucket, amount: amount(cell.amount) })),
      })),
    })),
    matrices: answer.matrices.map(({ segment, states, rows }) => ({
      ...{ segment, states: [...states] },
      rows: rows.map((row) => ({
        ...row,
        base: amount(row.base),
        probabilities: row.probabilities === null ? null : [...row.probabilities],
      })),
    })),
    cohorts: answer.cohorts.map(({ sales, netLosses, outstanding, ...cohort }) => ({
      ...{ ...cohort, sales: amount(sales), netLosses: netLosses.map(amount), outstanding: amount(outstanding) },
    })),
    factors: answer.factors.map(({ segment, factors }) => ({ segment, factors: [...factors] })),
    sample: { receivables: answer.sample.receivables, amount: amount(answer.sample.amount) },
    warnings: [...answer.warnings],
  };
}

function receivableOnTheWire(item: EvidenceReceivable): z.input<typeof evidenceReceivablePage>['items'][number] {
  const { receivableId, debtorId, segment, period, fromBucket, toBucket, currency } = item;
  return {
    ...{ receivableId, debtorId, segment, from: period.from, to: period.to, fromBucket, toBucket },
    ...flowOnTheWire(item, currency),
    closing: amountOf(item.closing, currency),
  };
}

function flowOnTheWire(flow: Readonly<Record<FlowField, bigint>>, currency: string) {
  const amount = (minor: bigint) => amountOf(minor, currency);
  return {
    ...{ opening: amount(flow.opening), raised: amount(flow.raised), collected: amount(flow.collected), credited: amount(flow.credited) },
    ...{ writtenOff: amount(flow.writtenOff), disposed: amount(flow.disposed) },
    ...{ unclassified: amount(flow.unclassified), reclassified: amount(flow.reclassified) },
  };
}

function outcomeOnTheWire(line: LossRateBackTest['total'] | BackTestLine, currency: string) {
  const amount = (minor: bigint) => amountOf(minor, currency);
  return {
    ...{ gross: amount(line.gross), given: amount(line.given), writtenOff: amount(line.writtenOff), recovered: amount(line.recovered) },
    ...{ stillOpen: amount(line.stillOpen), stillNeeded: amount(line.stillNeeded), came: amount(line.came) },
    ...{ shortfall: amount(line.shortfall), ratio: line.ratio?.toRate() ?? null, unclassified: amount(line.unclassified) },
    receivables: line.receivables,
  };
}
