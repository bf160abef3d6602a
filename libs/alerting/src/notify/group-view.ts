import type { Inhibition, MemberView, NotificationPolicy, PipelineInput } from '@app/credit-domain';
import { ALERT_SEVERITIES, silenceOf, type Silence } from '@app/credit-domain';
import type { Episode } from '../episodes/episode';
import { groupChannel, type AlertGroup } from '../episodes/group';
import { silenced } from './silence-ends';

/** What is outside a group and counts for it. */
export interface Surroundings {
  readonly now: number;
  readonly timeZone: string;
  readonly policy: NotificationPolicy;
  readonly silences: readonly Silence[];
  readonly inhibitionOf: (episode: Episode) => Inhibition | null;
  /** The alert an inhibition is by. */
  readonly inhibitor: (alertId: string) => Episode | undefined;
}

/** A group as the pipeline looks at it for one of its channels. */
export function pipelineInput(group: AlertGroup, members: readonly Episode[], channelId: string, around: Surroundings): PipelineInput {
  const { now, timeZone, policy } = around;
  const known = groupChannel(group, channelId);
  return {
    now,
    timeZone,
    policy,
    members: membersOn(channelId, members, policy).map((member) => memberView(group, member, channelId, around)),
    channel: {
      isEscalation: isEscalation(channelId, policy),
      lastToldAt: known.lastToldAt === null ? null : Date.parse(known.lastToldAt),
      hold:
        known.hold === null ? null : { reason: known.hold.reason, until: known.hold.until === null ? null : Date.parse(known.hold.until) },
    },
  };
}

/** The members a channel hears of, or will when nobody acknowledges them: a message speaks of no other. */
export function membersOn(channelId: string, members: readonly Episode[], policy: NotificationPolicy): Episode[] {
  const isForAll = isEscalation(channelId, policy);
  return members.filter(
    ({ channels, told, state }) => (isForAll && state.isOpen) || channels.includes(channelId) || told.includes(channelId),
  );
}

function isEscalation(channelId: string, { escalation }: NotificationPolicy): boolean {
  return escalation?.channels.includes(channelId) === true;
}

/** Every channel a group can be told on: those its rules named, those that know of it, and those it escalates to. */
export function channelsOf(members: readonly Episode[], policy: NotificationPolicy): string[] {
  const isOpen = members.some(({ state }) => state.isOpen);
  const named = members.flatMap(({ channels, told }) => [...channels, ...told]);
  return [...new Set([...named, ...(isOpen ? (policy.escalation?.channels ?? []) : [])])];
}

function memberView(group: AlertGroup, member: Episode, channelId: string, around: Surroundings): MemberView {
  const { isOpen } = member.state;
  const isLapseKnown = member.acknowledgedUntil === null || member.lapseTold.includes(channelId);
  const firstToldAt = member.firstToldAt ?? (member.told.length > 0 ? group.firstToldAt : null);
  return {
    alertId: member.alertId,
    severity: member.severity,
    isOpen,
    news: member.news[channelId] ?? null,
    isTold: member.told.includes(channelId),
    isNamed: member.channels.includes(channelId),
    firstToldAt: firstToldAt === null ? null : Date.parse(firstToldAt),
    muted: isOpen ? mutedBy(member, channelId, around) : null,
    acknowledgedUntil: isLapseKnown ? null : Date.parse(member.acknowledgedUntil),
  };
}

function mutedBy(member: Episode, channelId: string, { now, silences, inhibitionOf, inhibitor }: Surroundings): MemberView['muted'] {
  const inhibition = inhibitionOf(member);
  if (inhibition !== null && isCarriedTo(channelId, member, inhibition, inhibitor)) return { reason: inhibition.reason, until: null };
  const silence = silenceOf(silenced(member), silences, now);
  return silence === null ? null : { reason: 'silenced', until: silence.endsAt };
}

/** A book alert speaks for its segments where it is heard itself, and for none that is graver than it. A broken source mutes everywhere. */
function isCarriedTo(channelId: string, member: Episode, { reason, by }: Inhibition, inhibitor: Surroundings['inhibitor']): boolean {
  if (reason !== 'carried-by-book-alert') return true;
  const book = inhibitor(by);
  if (book === undefined) return false;
  const isHeard = book.channels.includes(channelId) || book.told.includes(channelId);
  return isHeard && ALERT_SEVERITIES.indexOf(book.severity) >= ALERT_SEVERITIES.indexOf(member.severity);
}
