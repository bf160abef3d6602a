import { canInhibit, labelsKey, type NotificationPolicy } from '@app/credit-domain';
import type { NewEvent, StoredEvent, Tx } from '@app/event-store';
import type { AppendPlan } from '../append-plan';
import { ALERT, ALERT_GROUP, type AlertGroupDecidedData } from '../events';
import { evolveEpisode, told, type Episode, type FoldedEvent } from './episode';
import { evolveGroup, joined, type AlertGroup } from './group';
import { episodeRows, groupRows, saveEpisodes, saveGroups, type GroupTiming } from './episode-tables';

/** Alerts and groups while one decision goes on: read as they are needed, changed by the events it writes and by nothing else, saved at its end. */
export class EpisodeSession {
  readonly #episodes = new Map<string, Episode>();
  readonly #latest = new Map<string, string>();
  readonly #groups = new Map<string, AlertGroup>();
  readonly #members = new Map<string, Set<string>>();
  readonly #inhibiting = new Set<string>();
  readonly #rulesRead = new Set<string>();
  readonly #groupsRead = new Set<string>();
  readonly #changed = new Set<string>();
  readonly #changedGroups = new Set<string>();
  #inhibitorsRead = false;

  /** Groups with a member something happened to: they are decided at the end. */
  readonly touched = new Set<string>();
  /** Alerts that grew worse in this decision. */
  readonly worsened = new Set<string>();

  /** Silences that the decision ends, and the policy it sets: they count in it already. */
  readonly endedSilences = new Set<string>();
  newPolicy: NotificationPolicy | null = null;

  constructor(readonly tenantId: number) {}

  /** The latest episodes of a rule by their labels. */
  async ofRule(tx: Tx, ruleId: string): Promise<Episode[]> {
    if (!this.#rulesRead.has(ruleId)) {
      this.#rulesRead.add(ruleId);
      this.#take(await episodeRows(tx, this.tenantId, { ruleId }));
    }
    return [...this.#episodes.values()].filter((episode) => episode.ruleId === ruleId && episode.isLatest);
  }

  /** The latest episode of a rule and labels. The rule has to have been read. */
  latest(ruleId: string, labels: Readonly<Record<string, string>>): Episode | undefined {
    return this.#episodes.get(this.#latest.get(latestKey(ruleId, labels)) ?? '');
  }

  async byId(tx: Tx, alertIds: readonly string[]): Promise<Episode[]> {
    const missing = alertIds.filter((alertId) => !this.#episodes.has(alertId));
    if (missing.length > 0) this.#take(await episodeRows(tx, this.tenantId, { alertIds: missing }));
    return alertIds.flatMap((alertId) => this.#episodes.get(alertId) ?? []);
  }

  /** Every open alert: for what somebody asks, not for what a close brings. */
  async open(tx: Tx): Promise<Episode[]> {
    this.#take(await episodeRows(tx, this.tenantId, { open: true }));
    return [...this.#episodes.values()].filter(({ state }) => state.isOpen);
  }

  /** Has every group with an open alert decided anew. */
  async touchOpen(tx: Tx): Promise<void> {
    for (const { groupId } of await this.open(tx)) if (groupId !== null) this.touched.add(groupId);
  }

  /** Open alerts that can mute others. */
  async inhibitors(tx: Tx): Promise<Episode[]> {
    if (!this.#inhibitorsRead) {
      this.#inhibitorsRead = true;
      this.#take(await episodeRows(tx, this.tenantId, { inhibiting: true }));
    }
    return [...this.#inhibiting].flatMap((alertId) => this.#episodes.get(alertId) ?? []).filter(({ state }) => state.isOpen);
  }

  /** Groups with all their members. */
  async readGroups(
    tx: Tx,
    which: { readonly ids: readonly string[] } | { readonly waiting: true } | { readonly dueBy: Date },
  ): Promise<AlertGroup[]> {
    const rows = await groupRows(tx, this.tenantId, which);
    const fresh = rows.filter(({ groupId }) => !this.#groupsRead.has(groupId));
    for (const group of fresh) if (!this.#groups.has(group.groupId)) this.#groups.set(group.groupId, group);
    const asked = 'ids' in which ? which.ids : rows.map(({ groupId }) => groupId);
    const unread = asked.filter((groupId) => !this.#groupsRead.has(groupId));
    for (const groupId of unread) this.#groupsRead.add(groupId);
    if (unread.length > 0) this.#take(await episodeRows(tx, this.tenantId, { groupIds: unread }));
    return asked.flatMap((groupId) => this.#groups.get(groupId) ?? []);
  }

  group(groupId: string): AlertGroup | undefined {
    return this.#groups.get(groupId);
  }

  members(groupId: string): Episode[] {
    return [...(this.#members.get(groupId) ?? [])].flatMap((alertId) => this.#episodes.get(alertId) ?? []);
  }

  /** Writes an event of an alert or a group into the plan, and takes in what it says. */
  append(plan: AppendPlan, category: typeof ALERT | typeof ALERT_GROUP, key: string, event: NewEvent, at: Date): void {
    const known = category === ALERT ? this.#episodes.get(key)?.streamVersion : this.#groups.get(key)?.streamVersion;
    const version = (known ?? 0) + 1;
    plan.add(category, key, version - 1, event);
    this.apply(category, { type: event.type, key, version, data: event.data }, at);
  }

  /** Takes in one event; in the order they were recorded. `at`: when it was, for what was told before there were groups. */
  apply(category: string, event: FoldedEvent, at: Date): void {
    if (category === ALERT) this.#applyToAlert(event, at);
    else if (category === ALERT_GROUP) this.#applyToGroup(event);
  }

  replay(events: readonly StoredEvent[]): void {
    for (const event of events) this.apply(event.category, event, event.recordedAt);
  }

  /** Changed alerts, and the groups among `timing` or that changed. */
  async save(tx: Tx, timing: ReadonlyMap<string, GroupTiming>): Promise<void> {
    await saveEpisodes(
      tx,
      this.tenantId,
      [...this.#changed].flatMap((alertId) => this.#episodes.get(alertId) ?? []),
    );
    const groups = new Set([...this.#changedGroups, ...timing.keys()]);
    await saveGroups(
      tx,
      this.tenantId,
      [...groups].flatMap((groupId) => {
        const group = this.#groups.get(groupId);
        return group === undefined ? [] : [{ group, timing: timing.get(groupId) ?? { isWaiting: false, dueAt: null } }];
      }),
    );
    this.#changed.clear();
    this.#changedGroups.clear();
  }

  get groupIds(): readonly string[] {
    return [...this.#groups.keys()];
  }

  #applyToAlert(event: FoldedEvent, at: Date): void {
    const known = this.#episodes.get(event.key);
    const before = known === undefined ? this.#before(event) : undefined;
    const episode = evolveEpisode(known, event, before);
    if (before !== undefined) this.#set({ ...before, isLatest: false });
    this.#set(episode);
    if (episode.groupId === null) return;
    if (event.type === 'AlertFired') {
      this.#groups.set(episode.groupId, joined(this.#groups.get(episode.groupId), event, at));
      this.#changedGroups.add(episode.groupId);
    }
    if (event.type === 'AlertWorsened') this.worsened.add(episode.alertId);
    this.touched.add(episode.groupId);
  }

  #applyToGroup(event: FoldedEvent): void {
    this.#groups.set(event.key, evolveGroup(this.#groups.get(event.key), event));
    this.#changedGroups.add(event.key);
    const { decision, channelId, notify, at, except } = event.data as unknown as AlertGroupDecidedData;
    if (decision !== 'notify') return;
    const quiet = new Set(except.map(({ alertId }) => alertId));
    for (const member of this.members(event.key)) {
      if (!quiet.has(member.alertId)) this.#set(told(member, { channelId, notify, at }));
    }
  }

  #before({ data }: FoldedEvent): Episode | undefined {
    const { ruleId, labels } = data;
    if (typeof ruleId !== 'string' || typeof labels !== 'object' || labels === null) return undefined;
    return this.latest(ruleId, labels as Record<string, string>);
  }

  #set(episode: Episode): void {
    this.#episodes.set(episode.alertId, episode);
    this.#changed.add(episode.alertId);
    this.#index(episode);
  }

  #index(episode: Episode): void {
    if (episode.isLatest) this.#latest.set(latestKey(episode.ruleId, episode.labels), episode.alertId);
    if (canInhibit(episode)) this.#inhibiting.add(episode.alertId);
    if (episode.groupId === null) return;
    const members = this.#members.get(episode.groupId);
    if (members === undefined) this.#members.set(episode.groupId, new Set([episode.alertId]));
    else members.add(episode.alertId);
  }

  /** Rows read again never overwrite what this decision has changed. */
  #take(episodes: readonly Episode[]): void {
    for (const episode of episodes) {
      if (this.#episodes.has(episode.alertId)) continue;
      this.#episodes.set(episode.alertId, episode);
      this.#index(episode);
    }
  }
}

function latestKey(ruleId: string, labels: Readonly<Record<string, string>>): string {
  return `${ruleId} ${labelsKey(labels)}`;
}
