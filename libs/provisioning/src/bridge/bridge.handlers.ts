import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { BridgePoints, type BridgeStands } from './bridge-point';
import {
  GetAllowanceBridgeQuery,
  GetGrossRollForwardQuery,
  ListBridgeReceivablesQuery,
  type AllowanceBridge,
  type BridgeReceivable,
  type BridgeReceivables,
  type GrossRollForward,
} from './bridge.queries';
import { bridgeKey, Bridges, endsOf } from './bridges';
import { BridgeBuilder } from './build-bridge';
import { EventsBehind } from './events-behind';
import { KeptAnswers } from './kept-answers';
import { LargestFirst } from './largest-first';
import { largestMoveFirst, partOf } from './leg-part';

/** Pages of receivables kept by each process; a page holds at most a hundred. */
const PAGES_KEPT_MAX = 32;

@QueryHandler(GetAllowanceBridgeQuery)
export class GetAllowanceBridgeHandler implements IQueryHandler<GetAllowanceBridgeQuery> {
  constructor(@Inject(Bridges) private readonly bridges: Bridges) {}

  async execute({ tenantId, request }: GetAllowanceBridgeQuery): Promise<AllowanceBridge> {
    const { from, to, currency, allowance, twoFactor } = await this.bridges.between(tenantId, request);
    return { from, to, currency, ...allowance, twoFactor };
  }
}

@QueryHandler(GetGrossRollForwardQuery)
export class GetGrossRollForwardHandler implements IQueryHandler<GetGrossRollForwardQuery> {
  constructor(@Inject(Bridges) private readonly bridges: Bridges) {}

  async execute({ tenantId, request }: GetGrossRollForwardQuery): Promise<GrossRollForward> {
    const { from, to, currency, gross } = await this.bridges.between(tenantId, request);
    return { from, to, currency, ...gross };
  }
}

@QueryHandler(ListBridgeReceivablesQuery)
export class ListBridgeReceivablesHandler implements IQueryHandler<ListBridgeReceivablesQuery> {
  private readonly kept = new KeptAnswers<BridgeReceivables>(PAGES_KEPT_MAX);

  constructor(
    @Inject(BridgePoints) private readonly points: BridgePoints,
    @Inject(BridgeBuilder) private readonly builder: BridgeBuilder,
  ) {}

  async execute({ tenantId, request }: ListBridgeReceivablesQuery): Promise<BridgeReceivables> {
    const stands = await this.points.stands(tenantId, request.from, request.to);
    const { cause, kind = null, limit, after } = request;
    const page = [cause, kind, limit, after?.moved.toString() ?? null, after?.receivableNo.toString() ?? null];
    return this.kept.get(JSON.stringify([bridgeKey(tenantId, stands), page]), () => this.list(tenantId, stands, request));
  }

  private async list(tenantId: number, stands: BridgeStands, request: ListBridgeReceivablesQuery['request']): Promise<BridgeReceivables> {
    const { from, to } = await this.points.measured(tenantId, stands);
    const largest = new LargestFirst<BridgeReceivable>(request.limit, largestMoveFirst);
    const events = new EventsBehind(from, to);
    await this.builder.build(tenantId, from, to, (subject, bridge) => {
      const part = partOf(request, subject, bridge);
      if (part === null || (request.after !== undefined && largestMoveFirst(request.after, part) >= 0)) return;
      if (largest.wouldKeep(part)) largest.add({ ...part, events: events.of(request.cause, subject) });
    });
    return { ...endsOf(stands, to.calculated.output.currency), items: largest.inOrder() };
  }
}
