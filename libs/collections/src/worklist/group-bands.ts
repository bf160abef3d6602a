import type { QueryBus } from '@nestjs/cqrs';
import { creditExposure, LIMIT_BANDS, type LimitBand, type Translation } from '@app/credit-domain';
import type { Position } from '@app/event-store';
import { ReadDebtorStandingsQuery } from '@app/receivables';
import type { DebtorGroup } from '../limits/limits.queries';

/** The group of a debtor that has used most of its limit. */
export interface GroupBand {
  readonly name: string;
  readonly band: LimitBand;
}

/** By debtor, for the members of groups with a limit; whether or not they owe anything themselves. One that cannot be translated counts for none. */
export async function groupBands(
  queries: QueryBus,
  groups: readonly DebtorGroup[],
  at: { readonly tenantId: number; readonly asOf: string; readonly position: Position; readonly translation: Translation },
): Promise<Map<string, GroupBand>> {
  const { tenantId, asOf, position, translation } = at;
  const debtorIds = [...new Set(groups.flatMap(({ members }) => members))];
  const bands = new Map<string, GroupBand>();
  if (debtorIds.length === 0) return bands;
  const standings = await queries.execute(new ReadDebtorStandingsQuery(tenantId, { asOf, position, debtorIds }));
  const owed = new Map(
    standings.map(({ debtorId, balances }) => [debtorId, balances.map(({ outstanding, currency }) => ({ minor: outstanding, currency }))]),
  );
  for (const { name, members, limit } of groups) {
    const credit = creditExposure(
      limit,
      members.flatMap((id) => owed.get(id) ?? []),
      translation,
    );
    if (!credit.measured) continue;
    const { band } = credit.use;
    for (const id of members) if (isHigher(band, bands.get(id)?.band ?? null)) bands.set(id, { name, band });
  }
  return bands;
}

export function isHigher(band: LimitBand, than: LimitBand | null): boolean {
  return than === null || LIMIT_BANDS.indexOf(band) > LIMIT_BANDS.indexOf(than);
}
