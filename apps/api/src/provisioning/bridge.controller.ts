import type { BridgeLeg, MovementTable, TwoFactorEffect } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import {
  GetAllowanceBridgeQuery,
  GetGrossRollForwardQuery,
  ListBridgeReceivablesQuery,
  type BridgeEnds,
  type BridgeReceivable,
  type BridgeRequest,
} from '@app/provisioning';
import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import { Context, decodeCursor, page, Permit, positionNumber, Returns, type EdgeReply, type EdgeRequest } from '../http';
import { allowanceBridge, bridgeQuery, bridgeReceivablesPage, bridgeReceivablesQuery, grossRollForward } from './bridge.schemas';
import { amountOf } from './figures-on-the-wire';

const receivableCursor = z.tuple([z.string().regex(/^\d+$/), z.string().regex(/^\d+$/)]);

@Controller('v1')
export class BridgeController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get('allowance-bridge')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({
    summary: 'The movement of the allowance between two runs or dates, cause by cause, exact to the minor unit',
    body: allowanceBridge,
  })
  async bridge(
    @Context() context: RequestContext,
    @Query({ schema: bridgeQuery }) query: z.output<typeof bridgeQuery>,
  ): Promise<z.input<typeof allowanceBridge>> {
    const bridge = await this.queries.execute(new GetAllowanceBridgeQuery(context.tenantId, requestOf(query)));
    const { currency, twoFactor } = bridge;
    const effect = ({ rateEffect, volumeAndMix, change }: TwoFactorEffect) => ({
      rateEffect: amountOf(rateEffect, currency),
      volumeAndMix: amountOf(volumeAndMix, currency),
      change: amountOf(change, currency),
    });
    return {
      ...endsOnTheWire(bridge),
      ...movementOnTheWire(bridge, currency),
      byKind: bridge.byKind.map((each) => ({ kind: each.kind, ...movementOnTheWire(each, currency) })),
      byCell: bridge.byCell.map((each) => ({ ...placeOf(each), ...movementOnTheWire(each, currency) })),
      twoFactor: { ...effect(twoFactor), byKind: twoFactor.byKind.map((each) => ({ kind: each.kind, ...effect(each) })) },
      stageTransfers: bridge.stageTransfers.map(({ entityId, kind, from, to, gross, allowance }) => ({
        ...{ entityId, kind, fromStage: from, toStage: to },
        gross: amountOf(gross, currency),
        allowance: amountOf(allowance, currency),
      })),
    };
  }

  @Get('allowance-bridge/receivables')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({
    summary: 'The receivables behind a leg of the bridge with their events, the largest movement first',
    body: bridgeReceivablesPage,
  })
  async receivables(
    @Context() context: RequestContext,
    @Query({ schema: bridgeReceivablesQuery }) query: z.output<typeof bridgeReceivablesQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof bridgeReceivablesPage>> {
    const cursor = decodeCursor(query.cursor, receivableCursor);
    const { cause, kind, limit } = query;
    const after = cursor === undefined ? undefined : { moved: BigInt(cursor[0]), receivableNo: BigInt(cursor[1]) };
    const found = await this.queries.execute(
      new ListBridgeReceivablesQuery(context.tenantId, { ...requestOf(query), cause, kind, limit: limit + 1, after }),
    );
    const cursorAfter = ({ moved, receivableNo }: BridgeReceivable): string[] => [moved.toString(), receivableNo.toString()];
    const { items, next } = page(found.items, limit, cursorAfter, { request, reply });
    return { ...endsOnTheWire(found), items: items.map((item) => receivableOnTheWire(item, found.currency)), next };
  }

  @Get('gross-roll-forward')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'The movement of the gross carrying amount between two runs or dates (IFRS 7.35I)', body: grossRollForward })
  async gross(
    @Context() context: RequestContext,
    @Query({ schema: bridgeQuery }) query: z.output<typeof bridgeQuery>,
  ): Promise<z.input<typeof grossRollForward>> {
    const gross = await this.queries.execute(new GetGrossRollForwardQuery(context.tenantId, requestOf(query)));
    const { currency } = gross;
    return {
      ...endsOnTheWire(gross),
      ...movementOnTheWire(gross, currency),
      byKind: gross.byKind.map((each) => ({ kind: each.kind, ...movementOnTheWire(each, currency) })),
      byCell: gross.byCell.map((each) => ({ ...placeOf(each), ...movementOnTheWire(each, currency) })),
    };
  }
}

function requestOf({ from, to, fromKnownAt, toKnownAt }: z.output<typeof bridgeQuery>): BridgeRequest {
  return { from: { ref: from, knownAt: fromKnownAt ?? null }, to: { ref: to, knownAt: toKnownAt ?? null } };
}

/** A bridge is stamped by its closing end. */
function endsOnTheWire({ from, to, currency }: BridgeEnds) {
  const end = (each: BridgeEnds['from']) => ({ ...each, position: positionNumber(each.position) });
  const { asOf, knownAt } = to;
  return { from: end(from), to: end(to), asOf, knownAt, position: positionNumber(to.position), currency };
}

function movementOnTheWire<Cause extends string>({ opening, legs, closing }: MovementTable<Cause>, currency: string) {
  return {
    opening: amountOf(opening, currency),
    legs: legs.map((leg) => ({ cause: leg.cause, ...legOnTheWire(leg, currency), receivables: leg.receivables })),
    closing: amountOf(closing, currency),
  };
}

function legOnTheWire({ amount, collective, individual, staged }: Omit<BridgeLeg<string>, 'cause' | 'receivables'>, currency: string) {
  return {
    amount: amountOf(amount, currency),
    collective: amountOf(collective, currency),
    individual: amountOf(individual, currency),
    staged: amountOf(staged, currency),
  };
}

function placeOf({
  entityId,
  kind,
  side,
  stage,
}: {
  entityId: string;
  kind: string;
  side: 'collective' | 'individual' | 'staged';
  stage: number | null;
}) {
  return { entityId, kind, side, stage };
}

function receivableOnTheWire(item: BridgeReceivable, currency: string) {
  const { receivableId, debtorId, documentNo, kind, opening, closing, events } = item;
  return {
    ...{ receivableId, debtorId, documentNo, kind },
    ...legOnTheWire(item, currency),
    opening: amountOf(opening, currency),
    closing: amountOf(closing, currency),
    events: events.map((event) => ({ ...event, position: event.position === null ? null : positionNumber(event.position) })),
  };
}
