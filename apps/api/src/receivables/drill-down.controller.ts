import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ReadCaseSummariesQuery } from '@app/collections';
import type { Clock, RequestContext } from '@app/platform';
import { CLOCK } from '@app/platform';
import type { ReceivableBalance } from '@app/receivables';
import { GetDebtorQuery, GetReceivableQuery, ListDebtorReceivablesQuery, ListReceivableEventsQuery } from '@app/receivables';
import { z } from 'zod';
import { summaryOnTheWire } from '../collections/cases.wire';
import type { EdgeReply, EdgeRequest } from '../http';
import { Context, Permit, Returns, decodeCursor, encodeCursor, money, positionNumber, setNextLink } from '../http';
import {
  debtorAnswer,
  eventsQuery,
  pointInTimeQuery,
  receivableAnswer,
  receivableEventsAnswer,
  receivablePage,
  receivablePageQuery,
} from './drill-down.schemas';

const receivableCursor = z.tuple([z.string(), z.string(), z.string()]);

const balanceOf = (balance: ReceivableBalance) => ({
  id: balance.receivableId,
  debtorId: balance.debtorId,
  entityId: balance.entityId,
  kind: balance.kind,
  class: balance.class,
  amount: money(balance.amount, balance.currency),
  outstanding: money(balance.outstanding, balance.currency),
  recognisedOn: balance.recognisedOn,
  invoicedOn: balance.invoicedOn,
  dueOn: balance.dueOn,
  daysPastDue: balance.daysPastDue,
  documentNo: balance.documentNo,
  takenOn: balance.takenOn,
});

/** From a figure to the debtors, receivables and events behind it. */
@Controller('v1')
export class DrillDownController {
  constructor(
    private readonly queries: QueryBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('debtors/:id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'A debtor on any date, as known at any moment.', body: debtorAnswer })
  async debtor(
    @Context() context: RequestContext,
    @Param('id') id: string,
    @Query({ schema: pointInTimeQuery }) query: z.output<typeof pointInTimeQuery>,
  ): Promise<z.input<typeof debtorAnswer>> {
    const view = await this.queries.execute(new GetDebtorQuery(this.at(context, query), id));
    const { asOf, position } = view;
    const cases = await this.queries.execute(new ReadCaseSummariesQuery(context.tenantId, { asOf, position, debtorIds: [id] }));
    const collections = cases.get(id);
    const attributes = Object.entries(view.personal ?? {}).filter(
      (entry): entry is [string, string] => entry[0] !== 'name' && typeof entry[1] === 'string',
    );
    return {
      ...stamp(view),
      id: view.debtorId,
      name: view.name,
      attributes: Object.fromEntries(attributes),
      segment: view.segment,
      relatedParty: view.relatedParty,
      country: view.country,
      termsDays: view.termsDays,
      creditImpaired: view.creditImpaired,
      creditLimit: view.creditLimit === null ? null : money(view.creditLimit.minor, view.creditLimit.currency),
      individuallyAssessed: view.individuallyAssessed,
      balances: view.balances.map((b) => ({ entityId: b.entityId, kind: b.kind, outstanding: money(b.outstanding, b.currency) })),
      creditBalances: view.creditBalances.map((b) => ({ entityId: b.entityId, amount: money(b.amount, b.currency) })),
      collections: collections === undefined ? null : summaryOnTheWire(collections),
    };
  }

  @Get('debtors/:id/receivables')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'The open receivables of a debtor on any date, as known at any moment.', body: receivablePage })
  async receivables(
    @Context() context: RequestContext,
    @Param('id') id: string,
    @Query({ schema: receivablePageQuery }) query: z.output<typeof receivablePageQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof receivablePage>> {
    // Every page is read at the moment of the first one, so that facts arriving meanwhile shift nothing.
    const cursor = decodeCursor(query.cursor, receivableCursor);
    const at = this.at(context, { asOf: query.asOf ?? cursor?.[1], knownAt: query.knownAt ?? cursor?.[0] });
    const list = await this.queries.execute(new ListDebtorReceivablesQuery(at, id, { after: cursor?.[2], limit: query.limit }));
    const last = list.items.at(-1);
    const next = list.hasMore && last !== undefined ? encodeCursor([list.knownAt, list.asOf, last.receivableId]) : null;
    if (next !== null) setNextLink({ request, reply }, { cursor: next });
    return { ...stamp(list), items: list.items.map(balanceOf), next };
  }

  @Get('receivables/:id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'A receivable and its movements on any date, as known at any moment.', body: receivableAnswer })
  async receivable(
    @Context() context: RequestContext,
    @Param('id') id: string,
    @Query({ schema: pointInTimeQuery }) query: z.output<typeof pointInTimeQuery>,
  ): Promise<z.input<typeof receivableAnswer>> {
    const view = await this.queries.execute(new GetReceivableQuery(this.at(context, query), id));
    return {
      ...stamp(view),
      ...balanceOf(view),
      classifications: view.classifications.map(({ movementId, position, ...classification }) => ({
        movementId,
        ...classification,
        position: positionNumber(position),
      })),
      movements: view.movements.map((m) => ({
        id: m.movementId,
        type: m.type,
        effectiveOn: m.effectiveOn,
        gross: money(m.gross, view.currency),
        credit: money(m.credit, view.currency),
        recovered: money(m.recovered, view.currency),
        position: positionNumber(m.position),
      })),
    };
  }

  @Get('receivables/:id/events')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({
    summary: 'The events of a receivable, with who recorded each and the file and row it came from.',
    body: receivableEventsAnswer,
  })
  async events(
    @Context() context: RequestContext,
    @Param('id') id: string,
    @Query({ schema: eventsQuery }) query: z.output<typeof eventsQuery>,
  ): Promise<z.input<typeof receivableEventsAnswer>> {
    const events = await this.queries.execute(new ListReceivableEventsQuery(context.tenantId, id, query.knownAt));
    return {
      items: events.map((event) => ({
        position: positionNumber(event.position),
        version: event.version,
        type: event.type,
        effectiveOn: event.effectiveOn,
        recordedAt: event.recordedAt.toISOString(),
        principalId: event.principalId,
        importId: event.sourceId,
        importRow: event.sourceRow,
        data: event.data,
      })),
    };
  }

  private at(context: RequestContext, query: { asOf?: string | undefined; knownAt?: string | undefined }) {
    return { tenantId: context.tenantId, asOf: query.asOf ?? this.clock.today(), knownAt: query.knownAt };
  }
}

const stamp = (view: { asOf: string; knownAt: string; position: bigint }) => ({
  asOf: view.asOf,
  knownAt: view.knownAt,
  position: positionNumber(view.position),
});
