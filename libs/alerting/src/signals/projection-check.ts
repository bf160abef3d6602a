import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { AgeingScheme, ProjectionComparison } from '@app/credit-domain';
import { addDays, BUILT_IN_SCHEMES, localDate, toEpochDay } from '@app/credit-domain';
import type { Position } from '@app/event-store';
import { ReadExposureFromLogQuery, ReadExposureQuery, type ExposureCell } from '@app/receivables';

const SAMPLED_DAYS = 366;
/** Prime to the number of sampled days: every one of them is looked at once in as many days. */
const SAMPLING_STEP = 37;

/** Compares the exposure that figures are read from with what the events alone come to, at one past date a day. */
@Injectable()
export class ProjectionCheck {
  constructor(private readonly queries: QueryBus) {}

  /** Null where there is nothing to compare by. A pass over the log. */
  async compare(tenantId: number, asOf: string, position: Position): Promise<ProjectionComparison | null> {
    const today = localDate(asOf);
    const sampledOn = addDays(today, -((toEpochDay(today) * SAMPLING_STEP) % SAMPLED_DAYS));
    const [scheme] = BUILT_IN_SCHEMES;
    if (scheme === undefined) return null;
    const request = { asOf: sampledOn, position, scheme };
    const projected = byFigure(await this.queries.execute(new ReadExposureQuery(tenantId, request)), scheme);
    const derived = byFigure(await this.queries.execute(new ReadExposureFromLogQuery(tenantId, request)), scheme);
    const figures = [...new Set([...projected.keys(), ...derived.keys()])].sort();
    const differences = figures.flatMap((figure) => {
      const [have, want] = [projected.get(figure) ?? 0n, derived.get(figure) ?? 0n];
      return have === want ? [] : [{ figure, projected: have.toString(), derived: want.toString() }];
    });
    return { sampledOn, compared: figures.length, differences };
  }
}

function byFigure(cells: readonly ExposureCell[], { buckets }: AgeingScheme): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const cell of cells) {
    const pool = [cell.entityId, cell.kind, cell.class, cell.segment, cell.related ? 'related' : '', cell.assessed ? 'individual' : ''];
    const figure = [...pool.filter((part) => part !== ''), cell.currency, buckets[cell.bucket]?.label ?? ''].join(' / ');
    sums.set(figure, (sums.get(figure) ?? 0n) + cell.amount);
  }
  return sums;
}
