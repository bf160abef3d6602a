import { collectiveLineKey, individualLineKey, stagedLineKey } from '@app/credit-domain';
import type { ProvisionFiguresData } from '../events';

/** Changes in the presentation currency: with the changes less without. */
interface Change {
  readonly gross: bigint;
  readonly allowance: bigint;
  readonly net: bigint;
}

interface LineFigures {
  readonly gross: string;
  readonly rate: string;
  readonly allowance: string;
}

/** A line that both calculations have, in its own currency. */
export interface LineChange {
  readonly side: 'collective' | 'staged' | 'individual';
  readonly entityId: string;
  readonly kind: string;
  readonly class: string | null;
  readonly segment: string;
  /** the bucket, the stage in words, or null for an individual line. */
  readonly bucket: string | null;
  readonly debtorId: string | null;
  readonly currency: string;
  readonly before: LineFigures;
  readonly after: LineFigures;
  readonly allowance: bigint;
}

export interface WhatIfDifference {
  readonly byKind: readonly (Change & { readonly kind: string })[];
  readonly total: Change;
  readonly lines: readonly LineChange[];
  /** lines that only one of the two has: other buckets, other segments, another approach. */
  readonly linesOnlyBefore: number;
  readonly linesOnlyAfter: number;
}

/** What the changes do, by kind and by line where lines match. Both calculations are in one presentation currency. */
export function differenceOf(before: ProvisionFiguresData, after: ProvisionFiguresData): WhatIfDifference {
  const kinds = [...new Set([...after.totals, ...before.totals].map(({ kind }) => kind))];
  const none = { gross: '0', allowance: '0' };
  const ofKind = ({ totals }: ProvisionFiguresData, kind: string) => totals.find((total) => total.kind === kind) ?? none;
  const [old, changed] = [linesOf(before), linesOf(after)];
  const matching = [...changed].flatMap(([key, line]) => {
    const match = old.get(key);
    return match === undefined ? [] : [lineChange(match, line)];
  });
  return {
    byKind: kinds.map((kind) => ({ kind, ...change(ofKind(before, kind), ofKind(after, kind)) })),
    total: change(before.total, after.total),
    lines: matching,
    linesOnlyBefore: old.size - matching.length,
    linesOnlyAfter: changed.size - matching.length,
  };
}

type Line = Omit<LineChange, 'before' | 'after' | 'allowance'> & LineFigures;

function linesOf({ collective, staged, individual }: ProvisionFiguresData): Map<string, Line> {
  const lines = new Map<string, Line>();
  for (const line of collective) lines.set(collectiveLineKey(line), { ...line, side: 'collective', class: null });
  for (const line of staged) lines.set(stagedLineKey(line), { ...line, side: 'staged', bucket: `Stage ${String(line.stage)}` });
  for (const line of individual) lines.set(individualLineKey(line), { ...line, side: 'individual', class: null, bucket: null });
  return lines;
}

function lineChange(before: Line, after: Line): LineChange {
  const { side, entityId, kind, class: className, segment, bucket, debtorId, currency } = after;
  return {
    ...{ side, entityId, kind, class: className, segment, bucket, debtorId, currency },
    before: { gross: before.gross, rate: before.rate, allowance: before.allowance },
    after: { gross: after.gross, rate: after.rate, allowance: after.allowance },
    allowance: BigInt(after.allowance) - BigInt(before.allowance),
  };
}

interface Sums {
  readonly gross: string;
  readonly allowance: string;
}

function change(before: Sums, after: Sums): Change {
  const gross = BigInt(after.gross) - BigInt(before.gross);
  const allowance = BigInt(after.allowance) - BigInt(before.allowance);
  return { gross, allowance, net: gross - allowance };
}
