import { canInhibit, labelsKey } from '@app/credit-domain';
import type { Tx } from '@app/event-store';
import { readEpisode, storedEpisode, type Episode, type StoredEpisode } from './episode';
import { storedGroup, type AlertGroup } from './group';

/** When a group has to be looked at again though nothing happens, and whether some channel waits to be told. */
export interface GroupTiming {
  readonly isWaiting: boolean;
  readonly dueAt: Date | null;
}

type EpisodeSelection =
  | { readonly ruleId: string }
  | { readonly alertIds: readonly string[] }
  | { readonly groupIds: readonly string[] }
  | { readonly inhibiting: true }
  | { readonly open: true };

/** Of a rule: the latest of each set of labels. */
export async function episodeRows(tx: Tx, tenantId: number, selection: EpisodeSelection): Promise<Episode[]> {
  const [where, value] = conditionOf(selection);
  const rows = await tx.query<{ data: StoredEpisode; is_latest: boolean }>(
    `SELECT data, is_latest FROM al.episode WHERE tenant_id = $1 AND ${where}`,
    value === null ? [tenantId] : [tenantId, value],
  );
  return rows.map(({ data, is_latest: isLatest }) => readEpisode(data, isLatest));
}

function conditionOf(selection: EpisodeSelection): [where: string, value: unknown] {
  if ('ruleId' in selection) return ['rule_id = $2 AND is_latest', selection.ruleId];
  if ('alertIds' in selection) return ['alert_id = ANY($2)', selection.alertIds];
  if ('groupIds' in selection) return ['group_id = ANY($2)', selection.groupIds];
  return ['open' in selection ? 'is_open' : 'is_open AND can_inhibit', null];
}

export async function groupRows(
  tx: Tx,
  tenantId: number,
  which: { readonly ids: readonly string[] } | { readonly waiting: true } | { readonly dueBy: Date },
): Promise<AlertGroup[]> {
  const [where, value] =
    'ids' in which ? ['group_id = ANY($2)', which.ids] : 'dueBy' in which ? ['due_at <= $2', which.dueBy] : ['is_waiting', null];
  const rows = await tx.query<{ data: AlertGroup }>(
    `SELECT data FROM al.alert_group WHERE tenant_id = $1 AND ${where} ORDER BY group_id`,
    value === null ? [tenantId] : [tenantId, value],
  );
  return rows.map(({ data }) => data);
}

/** Whether something is due, or the tables have yet to be filled from the log and may hold it then. */
export async function hasDueGroup(tx: Tx, tenantId: number, now: Date): Promise<boolean> {
  const [row] = await tx.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM al.alert_group WHERE tenant_id = $1 AND due_at <= $2)
         OR NOT EXISTS (SELECT 1 FROM al.episodes_built WHERE tenant_id = $1) AS found`,
    [tenantId, now],
  );
  return row?.found === true;
}

/** One statement however many they are. Those that are the latest no more come first, or their successors would clash with them. */
export async function saveEpisodes(tx: Tx, tenantId: number, episodes: readonly Episode[]): Promise<void> {
  if (episodes.length === 0) return;
  const rows = [...episodes]
    .sort((left, right) => Number(left.isLatest) - Number(right.isLatest))
    .map((episode) => ({
      alert_id: episode.alertId,
      rule_id: episode.ruleId,
      labels_key: labelsKey(episode.labels),
      is_latest: episode.isLatest,
      is_open: episode.state.isOpen,
      can_inhibit: canInhibit(episode),
      group_id: episode.groupId,
      data: storedEpisode(episode),
    }));
  await tx.execute(
    `INSERT INTO al.episode (tenant_id, alert_id, rule_id, labels_key, is_latest, is_open, can_inhibit, group_id, data)
     SELECT $1, r.* FROM jsonb_to_recordset($2::jsonb)
       AS r(alert_id text, rule_id text, labels_key text, is_latest boolean, is_open boolean, can_inhibit boolean, group_id text, data jsonb)
     ON CONFLICT (tenant_id, alert_id) DO UPDATE
       SET is_latest = excluded.is_latest, is_open = excluded.is_open, group_id = excluded.group_id, data = excluded.data`,
    [tenantId, JSON.stringify(rows)],
  );
}

export async function saveGroups(
  tx: Tx,
  tenantId: number,
  groups: readonly { readonly group: AlertGroup; readonly timing: GroupTiming }[],
): Promise<void> {
  if (groups.length === 0) return;
  const rows = groups.map(({ group, timing }) => ({
    group_id: group.groupId,
    is_waiting: timing.isWaiting,
    due_at: timing.dueAt?.toISOString() ?? null,
    data: storedGroup(group),
  }));
  await tx.execute(
    `INSERT INTO al.alert_group (tenant_id, group_id, is_waiting, due_at, data)
     SELECT $1, r.* FROM jsonb_to_recordset($2::jsonb) AS r(group_id text, is_waiting boolean, due_at timestamptz, data jsonb)
     ON CONFLICT (tenant_id, group_id) DO UPDATE
       SET is_waiting = excluded.is_waiting, due_at = excluded.due_at, data = excluded.data`,
    [tenantId, JSON.stringify(rows)],
  );
}
