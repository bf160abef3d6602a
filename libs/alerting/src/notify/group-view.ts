import type { Inhibition, MemberView, NotificationPolicy, PipelineInput } from '@app/credit-domain';
import { silenceOf, type Silence } from '@app/credit-domain';
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
}

/** A group as the pipeline looks at it for one of its channels. */
export function pipelineInput(group: AlertGroup, members: readonly Episode[], channelId: string, around: Surroundings): PipelineInput {
  const { now, timeZone, policy, silences, inhibitionOf } = around;
  const known = groupChannel(group, channelId);
  const isNamed = members.some(({ channels }) => channels.includes(channelId));
  return {
    now,
    timeZone,
    policy,
    members: members
      .filter((member) => !isNamed || member.channels.includes(channelId) || member.told.includes(channelId))
      .map((member) => memberView(member, channelId, { now, silences, inhibitionOf })),
    channel: {
      isEscalation: !isNamed && known.lastToldAt === null,
      lastToldAt: known.lastToldAt === null ? null : Date.parse(known.lastToldAt),
      hold:
        known.hold === null ? null : { reason: known.hold.reason, until: known.hold.until === null ? null : Date.parse(known.hold.until) },
    },
    firstToldAt: group.firstToldAt === null ? null : Date.parse(group.firstToldAt),
  };
}

/** Every channel a group can be told on: those its rules named, those that know of it, and those it escalates to. */
export function channelsOf(members: readonly Episode[], policy: NotificationPolicy): string[] {
  const isOpen = members.some(({ state }) => state.isOpen);
  const named = members.flatMap(({ channels, told }) => [...channels, ...told]);
  return [...new Set([...named, ...(isOpen ? (policy.escalation?.channels ?? []) : [])])];
}

function memberView(
  member: Episode,
  channelId: string,
  { now, silences, inhibitionOf }: Pick<Surroundings, 'now' | 'silences' | 'inhibitionOf'>,
): MemberView {
  const { isOpen } = member.state;
  return {
    alertId: member.alertId,
    severity: member.severity,
    isOpen,
    news: member.news[channelId] ?? null,
    isTold: member.told.includes(channelId),
    muted: isOpen ? mutedBy(member, { now, silences, inhibitionOf }) : null,
    acknowledgedUntil: member.acknowledgedUntil === null ? null : Date.parse(member.acknowledgedUntil),
  };
}

function mutedBy(
  member: Episode,
  { now, silences, inhibitionOf }: Pick<Surroundings, 'now' | 'silences' | 'inhibitionOf'>,
): MemberView['muted'] {
  const inhibition = inhibitionOf(member);
  if (inhibition !== null) return { reason: inhibition.reason, until: null };
  const silence = silenceOf(silenced(member), silences, now);
  return silence === null ? null : { reason: 'silenced', until: silence.endsAt };
}
