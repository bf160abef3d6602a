import type { StoredEvent } from '@app/event-store';
import { dataOf } from '../event-data';
import type { DebtorGroup } from './limits.queries';

export const DEBTOR_GROUP = 'debtor-group';

/** The groups in force on a date, in the order of their ids: of two statements for one day the later one counts. */
export function foldGroups(events: readonly StoredEvent[], asOf: string): DebtorGroup[] {
  const groups = new Map<string, DebtorGroup>();
  const versions = new Map<string, number>();
  for (const event of events) {
    versions.set(event.key, event.version);
    const known = groups.get(event.key);
    if (event.effectiveOn > asOf || (known !== undefined && known.effectiveOn > event.effectiveOn)) continue;
    const { groupId, name, members, limit } = dataOf('DebtorGroupStated', event);
    groups.set(groupId, {
      ...{ groupId, name, members },
      limit: limit === null ? null : { minor: BigInt(limit.amount), currency: limit.currency },
      effectiveOn: event.effectiveOn,
      streamVersion: event.version,
    });
  }
  return [...groups.values()]
    .map((group) => ({ ...group, streamVersion: versions.get(group.groupId) ?? group.streamVersion }))
    .sort((left, right) => (left.groupId < right.groupId ? -1 : 1));
}
