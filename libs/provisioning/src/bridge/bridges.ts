import { Injectable, Inject } from '@nestjs/common';
import { BridgeBuilder, type BuiltBridge } from './build-bridge';
import { BridgePoints, type BridgeStand, type BridgeStands } from './bridge-point';
import { KeptAnswers } from './kept-answers';
import type { BridgeEnds, BridgeEndView, BridgeRequest } from './bridge.queries';

/** Finished or running bridges kept by each process: a summary is some kilobytes. */
const BRIDGES_KEPT_MAX = 16;

export interface FoundBridge extends BridgeEnds, BuiltBridge {}

/**
 * Bridges between pinned ends. Both ends name a position of the log, so a bridge is the same for ever and is kept: whoever asked for a big
 * one and was told to come back finds it.
 */
@Injectable()
export class Bridges {
  private readonly kept = new KeptAnswers<FoundBridge>(BRIDGES_KEPT_MAX);

  constructor(
    @Inject(BridgePoints) private readonly points: BridgePoints,
    @Inject(BridgeBuilder) private readonly builder: BridgeBuilder,
  ) {}

  async between(tenantId: number, { from, to }: BridgeRequest): Promise<FoundBridge> {
    return this.of(tenantId, await this.points.stands(tenantId, from, to));
  }

  of(tenantId: number, stands: BridgeStands): Promise<FoundBridge> {
    return this.kept.get(bridgeKey(tenantId, stands), () => this.build(tenantId, stands));
  }

  private async build(tenantId: number, stands: BridgeStands): Promise<FoundBridge> {
    const { from, to } = await this.points.measured(tenantId, stands);
    return { ...endsOf(stands, to.calculated.output.currency), ...(await this.builder.build(tenantId, from, to)) };
  }
}

/** The ends as they are shown. An opening before everything is a day without a position. */
export function endsOf({ from, to }: BridgeStands, currency: string): BridgeEnds {
  return { from: endView(from), to: endView(to), currency };
}

function endView(stand: BridgeStand | null): BridgeEndView {
  if (stand === null) return { runId: null, asOf: '0001-01-01', knownAt: '1970-01-01T00:00:00.000000Z', position: 0n };
  const { runId, asOf, knownAt, position } = stand;
  return { runId, asOf, knownAt, position };
}

/** Tells bridges apart: everything their figures depend on. */
export function bridgeKey(tenantId: number, { from, to }: BridgeStands): string {
  return JSON.stringify([tenantId, endKey(from), endKey(to)]);
}

function endKey(stand: BridgeStand | null): unknown {
  if (stand === null) return null;
  const { runId, asOf, knownAt, position, request } = stand;
  return [
    runId,
    asOf,
    knownAt,
    position.toString(),
    request.kinds === null ? null : [...request.kinds].sort(),
    request.scheme,
    request.currency,
  ];
}
