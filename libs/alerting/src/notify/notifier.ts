import { Inject, Injectable } from '@nestjs/common';
import type { ChannelDecision, Explanation, Inhibition, NotificationPolicy } from '@app/credit-domain';
import { decideChannel, inhibitions, nextLook, toldMessage } from '@app/credit-domain';
import type { EventContext, Tx } from '@app/event-store';
import { CLOCK, type Clock } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import type { AppendPlan } from '../append-plan';
import { newEvent } from '../event-data';
import type { Episode } from '../episodes/episode';
import type { EpisodeSession } from '../episodes/episode-session';
import type { GroupTiming } from '../episodes/episode-tables';
import { evaluationOf } from '../episodes/figures';
import { groupChannel, type AlertGroup } from '../episodes/group';
import { ALERT_GROUP, type AlertGroupDecidedData } from '../events';
import { Explainer } from '../explain/explainer';
import { groupDeliveryIdOf } from '../ids';
import { requestDigests, type DigestEntry } from './digests';
import { gravest, headFirst, toldAlert } from './group-message';
import { channelsOf, membersOn, pipelineInput, type Surroundings } from './group-view';
import { NotificationSettings } from './notification-settings';
import { endSilences } from './silence-ends';
import { requestDelivery } from './tell';

type Notify = Extract<ChannelDecision, { decision: 'notify' }>;

/** What is decided for one group on one channel. */
interface GroupDecision {
  readonly group: AlertGroup;
  readonly members: readonly Episode[];
  readonly channelId: string;
  readonly decision: ChannelDecision | null;
}

/** Runs the groups that something happened to, or that are due, through the pipeline: writes what is decided, and the messages that follow. */
@Injectable()
export class Notifier {
  constructor(
    private readonly log: AlertingLog,
    private readonly settings: NotificationSettings,
    private readonly explainer: Explainer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Once a plan has every transition in it, and before it is written: decisions and messages are one transaction with them. */
  async notify(tx: Tx, plan: AppendPlan, context: EventContext, session: EpisodeSession): Promise<void> {
    const now = this.clock.now();
    await session.readGroups(tx, { ids: [...session.touched] });
    const waiting = await session.readGroups(tx, { waiting: true });
    const groupIds = [...new Set([...session.touched, ...waiting.map(({ groupId }) => groupId)])];
    const { around, inhibitionOf } = await this.#surroundings(tx, plan, session, now);

    const decisions = groupIds.flatMap((groupId): GroupDecision[] => {
      const group = session.group(groupId);
      if (group === undefined) return [];
      const members = session.members(groupId);
      const of = around(group);
      return channelsOf(members, of.policy).map((channelId) => ({
        group,
        members: membersOn(channelId, members, of.policy),
        channelId,
        decision: decideChannel(pipelineInput(group, members, channelId, of)),
      }));
    });
    await this.#write(tx, plan, context, session, { decisions, inhibitionOf, now });

    const timing = new Map<string, GroupTiming>();
    for (const groupId of groupIds) {
      const group = session.group(groupId);
      if (group !== undefined) timing.set(groupId, timingOf(group, session.members(groupId), around(group)));
    }
    await session.save(tx, timing);
  }

  async #surroundings(
    tx: Tx,
    plan: AppendPlan,
    session: EpisodeSession,
    now: Date,
  ): Promise<{ around: (group: AlertGroup) => Surroundings; inhibitionOf: (episode: Episode) => Inhibition | null }> {
    const inhibitors = await session.inhibitors(tx);
    const byId = new Map(inhibitors.map((episode) => [episode.alertId, episode]));
    const inhibitionOf = inhibitions(inhibitors);
    const recorded = (await this.log.silences(tx)).filter(({ silenceId }) => !session.endedSilences.has(silenceId));
    const silences = await endSilences(tx, plan, session, { silences: recorded, now, today: this.log.today() });
    const tenant = await this.settings.read(tx, session.tenantId);
    const rules = new Map((await this.log.rules(tx)).map((rule) => [rule.id, rule]));
    const around = ({ ruleId }: AlertGroup): Surroundings => {
      const policy: NotificationPolicy = rules.get(ruleId)?.notification ?? session.newPolicy ?? tenant.policy;
      return {
        now: now.getTime(),
        timeZone: policy.timeZone ?? tenant.timeZone,
        policy,
        silences,
        inhibitionOf,
        inhibitor: (alertId) => byId.get(alertId),
      };
    };
    return { around, inhibitionOf };
  }

  async #write(
    tx: Tx,
    plan: AppendPlan,
    context: EventContext,
    session: EpisodeSession,
    {
      decisions,
      inhibitionOf,
      now,
    }: { readonly decisions: readonly GroupDecision[]; readonly inhibitionOf: (episode: Episode) => Inhibition | null; readonly now: Date },
  ): Promise<void> {
    const { tenantId } = context;
    const carried = carriedBy(decisions, inhibitionOf);
    const explained = new Map<string, Explanation>();
    const digests = new Map<string, DigestEntry[]>();
    const notified: { readonly of: GroupDecision; readonly decision: Notify; readonly deliveryId: string }[] = [];
    for (const of of decisions) {
      const { group, members, channelId, decision } = of;
      if (decision?.decision !== 'notify') {
        quiet(plan, session, of, now);
        continue;
      }
      const { head, others } = speakersOf(group, members, channelId, decision);
      if (decision.notify === 'digest') {
        const slot = groupChannel(group, channelId).hold?.until ?? now.toISOString();
        const entry = {
          slot,
          group,
          alerts: [head, ...others],
          settle: (deliveryId: string) => notified.push({ of, decision, deliveryId }),
        };
        digests.set(channelId, [...(digests.get(channelId) ?? []), entry]);
        continue;
      }
      const key = `${group.groupId} ${head.alertId}`;
      const explanation = explained.get(key) ?? (await this.explainer.explain(tx, tenantId, evaluationOf(head, head.figures)));
      explained.set(key, explanation);
      const known = groupChannel(group, channelId);
      const deliveryId = groupDeliveryIdOf(tenantId, group.groupId, channelId, decision.notify, known.told);
      const all = [...others, ...(carried.get(head.alertId) ?? [])];
      const message = toldMessage(decision.notify, toldAlert(head), explanation, all.map(toldAlert));
      const thread = { inReplyTo: known.firstDeliveryId, threadOf: known.firstDeliveryId, groupId: group.groupId };
      const isHeard = ({ channels, told }: Episode): boolean => channels.includes(channelId) || told.includes(channelId);
      const isFiring = head.state.isOpen || members.some((member) => member.state.isOpen && isHeard(member));
      const groupState = isFiring ? 'firing' : 'resolved';
      const severity = gravest([head, ...others]);
      const request = {
        deliveryId,
        channelId,
        alertId: head.alertId,
        reason: decision.notify,
        severity,
        ...thread,
        groupState,
        message,
      } as const;
      requestDelivery(plan, request, head.asOf);
      notified.push({ of, decision, deliveryId });
    }
    requestDigests(plan, tenantId, digests, this.log.today());
    for (const { of, decision, deliveryId } of notified) {
      const { reason, notify, except } = decision;
      record(plan, session, of, now, { decision: 'notify', reason, until: null, deliveryId, notify, except: [...except] });
    }
  }
}

/** What tells nothing is written down when it is another reason than before, another time, or the reason of another alert. */
function quiet(plan: AppendPlan, session: EpisodeSession, of: GroupDecision, now: Date): void {
  const { group, channelId, decision } = of;
  const { hold, quiet: known = {} } = groupChannel(group, channelId);
  if (decision === null) {
    if (hold === null || hold.reason === 'over-before-told') return;
    record(plan, session, of, now, { ...TOLD_NOBODY, decision: 'suppress', reason: 'over-before-told', until: null });
    return;
  }
  if (decision.decision === 'notify') return;
  const until = decision.until === null ? null : new Date(decision.until).toISOString();
  const except = decision.decision === 'suppress' ? [...decision.except] : [];
  const isKnown = except.every(({ alertId, reason }) => known[alertId] === reason);
  // The last message said already who stays out of it and why.
  if (hold === null && except.length > 0 && isKnown) return;
  if (isKnown && hold?.decision === decision.decision && hold.reason === decision.reason && hold.until === until) return;
  record(plan, session, of, now, { ...TOLD_NOBODY, decision: decision.decision, reason: decision.reason, until, except });
}

const TOLD_NOBODY = { deliveryId: null, notify: null, except: [] };

function record(
  plan: AppendPlan,
  session: EpisodeSession,
  { group, channelId }: GroupDecision,
  now: Date,
  decided: Omit<AlertGroupDecidedData, 'groupId' | 'channelId' | 'at'>,
): void {
  const data: AlertGroupDecidedData = { groupId: group.groupId, channelId, at: now.toISOString(), ...decided };
  session.append(plan, ALERT_GROUP, group.groupId, newEvent('AlertGroupDecided', group.asOf, data), now);
}

/** The alert a message is about first, and the others it tells. A head that is over says that all of the group is. */
function speakersOf(
  group: AlertGroup,
  members: readonly Episode[],
  channelId: string,
  { about, except }: Notify,
): { head: Episode; others: Episode[] } {
  const named = new Set(about);
  const quietIds = new Set(except.map(({ alertId }) => alertId));
  const isTold = (member: Episode): boolean =>
    named.has(member.alertId) || (member.news[channelId] !== undefined && !quietIds.has(member.alertId));
  const speaking = headFirst(members.filter(isTold), group.ruleId);
  const leading = speaking.filter(({ alertId }) => named.has(alertId));
  const standing = headFirst(
    members.filter(({ state, alertId, told }) => state.isOpen && told.includes(channelId) && !quietIds.has(alertId)),
    group.ruleId,
  );
  const head = leading.find(({ state }) => state.isOpen) ?? standing[0] ?? leading[0];
  if (head === undefined) throw new Error(`Nothing of alert group ${group.groupId} is to be told.`);
  return { head, others: speaking.filter(({ alertId }) => alertId !== head.alertId) };
}

/** Segments' alerts by the book alert that carries them. */
function carriedBy(decisions: readonly GroupDecision[], inhibitionOf: (episode: Episode) => Inhibition | null): Map<string, Episode[]> {
  const carried = new Map<string, Map<string, Episode>>();
  for (const { members } of decisions) {
    for (const member of members) {
      const inhibition = member.state.isOpen ? inhibitionOf(member) : null;
      if (inhibition?.reason !== 'carried-by-book-alert') continue;
      const known = carried.get(inhibition.by) ?? new Map<string, Episode>();
      carried.set(inhibition.by, known.set(member.alertId, member));
    }
  }
  return new Map([...carried].map(([by, episodes]) => [by, headFirst([...episodes.values()], '')]));
}

function timingOf(group: AlertGroup, members: readonly Episode[], around: Surroundings): GroupTiming {
  const looks = channelsOf(members, around.policy)
    .map((channelId) => nextLook(pipelineInput(group, members, channelId, around)))
    .filter((look) => look !== null);
  const { policy, inhibitionOf } = around;
  const hasTimers = policy.repeatHours !== null || policy.escalation !== null;
  return {
    // What is inhibited has no time at which that ends: its timers go on with whatever ends it.
    isWaiting: members.some(
      (member) =>
        Object.keys(member.news).length > 0 ||
        (member.state.isOpen && (hasTimers || member.acknowledgedUntil !== null) && inhibitionOf(member) !== null),
    ),
    dueAt: looks.length === 0 ? null : new Date(Math.min(...looks)),
  };
}
