import type { BridgeCause, BridgeSubject, ReceivableBridge } from '@app/credit-domain';
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
      const part = partOf(request.cause, request.kind, subject, bridge);
      if (part === null || part.moved === 0n || (request.after !== undefined && largestMoveFirst(request.after, part) >= 0)) return;
      if (largest.wouldKeep(part)) largest.add({ ...part, events: events.of(request.cause, subject) });
    });
    return { ...endsOf(stands, to.calculated.output.currency), items: largest.inOrder() };
  }
}

/** One receivable's part of a leg; null when it has none. */
function partOf(cause: BridgeCause, kind: string | undefined, subject: BridgeSubject, bridge: ReceivableBridge): BridgeReceivable | null {
  const own = bridge.contributions.filter((each) => each.cause === cause && (kind === undefined || each.cell.kind === kind));
  const [first] = own;
  if (first === undefined) return null;
  const on = (side: string): bigint => own.reduce((sum, { cell, amount }) => (cell.side === side ? sum + amount : sum), 0n);
  const sides = { collective: on('collective'), individual: on('individual'), staged: on('staged') };
  const { history, opening, closing } = subject;
  const amount = sides.collective + sides.individual + sides.staged;
  return {
    ...{ cause, amount, ...sides },
    moved: [amount, ...Object.values(sides)].map(magnitude).reduce((largest, each) => (each > largest ? each : largest), 0n),
    receivableNo: history.receivableNo,
    receivableId: history.receivableId,
    debtorId: history.debtorId,
    documentNo: history.documentNo,
    kind: first.cell.kind,
    opening: opening.allowance + opening.overlay,
    closing: closing.allowance + closing.overlay,
    events: [],
  };
}

type Ranked = Pick<BridgeReceivable, 'moved' | 'receivableNo'>;

function largestMoveFirst(left: Ranked, right: Ranked): number {
  if (left.moved !== right.moved) return left.moved > right.moved ? -1 : 1;
  return left.receivableNo < right.receivableNo ? -1 : left.receivableNo > right.receivableNo ? 1 : 0;
}

function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
