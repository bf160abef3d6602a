import type { NotifyReason } from '../alert-message';
import type { AlertSeverity } from '../rule-definition';
import { minutesOf, nextOpening } from './business-hours';
import type { InhibitionReason } from './inhibition';
import type { NotificationPolicy } from './notification-policy';
import { nextDaily } from '../../values/zoned-time';

/**
 * What is told to whom, when and why: this file is the order.
 *
 *  1. grouping         which alerts are one message (grouping.ts, when an alert fires)
 *  2. what is new      a member nobody of this channel was told of; fired and resolved while it was held is dropped (no news is left)
 *  3. inhibition       a stale feed or failed recompute mutes shifts; the book's alert carries its segments' (inhibition.ts)
 *  4. silences         somebody asked for quiet, with a reason and an end; a worse figure passes (silence.ts)
 *  5. acknowledgement  somebody has it: no repeat and no escalation until that expires or the figure grows worse
 *  6. timers           nothing new, but due: escalation, expired acknowledgement, repeat
 *  7. digest           below critical, and the policy has a daily one: waits for it
 *  8. business hours   below critical, and the policy has hours: waits for the next opening
 *  9. notify
 *
 * Every answer is a named reason that is written down. Times are milliseconds since 1970.
 */
export type HoldReason = 'outside-business-hours' | 'waiting-for-digest';
export type SuppressReason = InhibitionReason | 'silenced' | 'acknowledged';
export type TellReason =
  | 'first-notification'
  | 'new-alerts'
  | 'grew-worse'
  | 'all-resolved'
  | 'some-resolved'
  | 'repeat-due'
  | 'acknowledgement-expired'
  | 'not-acknowledged-in-time'
  | 'digest-due';

export type MemberNews = 'fired' | 'worsened' | 'resolved';

/** An alert of the group as one channel knows it. */
export interface MemberView {
  readonly alertId: string;
  readonly severity: AlertSeverity;
  readonly isOpen: boolean;
  /** What this channel has not been told. */
  readonly news: MemberNews | null;
  /** The channel was told that it fires. */
  readonly isTold: boolean;
  /** Inhibited or silenced now; `until` null: as long as it lasts. */
  readonly muted: { readonly reason: InhibitionReason | 'silenced'; readonly until: number | null } | null;
  readonly acknowledgedUntil: number | null;
}

export interface ChannelView {
  /** Told only when nobody acknowledges in time, and not told yet. */
  readonly isEscalation: boolean;
  /** null before its first message about the group. */
  readonly lastToldAt: number | null;
  readonly hold: { readonly reason: string; readonly until: number | null } | null;
}

export interface PipelineInput {
  readonly now: number;
  /** IANA zone of the policy's local times. */
  readonly timeZone: string;
  readonly policy: NotificationPolicy;
  readonly members: readonly MemberView[];
  readonly channel: ChannelView;
  /** The first message about the group, to whichever channel. */
  readonly firstToldAt: number | null;
}

export interface QuietMember {
  readonly alertId: string;
  readonly reason: SuppressReason;
}

export type ChannelDecision =
  | {
      readonly decision: 'notify';
      readonly notify: NotifyReason;
      readonly reason: TellReason;
      /** Members the message leads with: what is new, or what is still so. */
      readonly about: readonly string[];
      /** Members that stay untold. */
      readonly except: readonly QuietMember[];
    }
  | { readonly decision: 'hold'; readonly reason: HoldReason; readonly until: number }
  | { readonly decision: 'suppress'; readonly reason: SuppressReason; readonly until: number | null };

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** What a channel is told about a group now; null when there is nothing to tell. */
export function decideChannel(input: PipelineInput): ChannelDecision | null {
  const speaking = input.members.filter((member) => member.news !== null && mutedNews(member) === null);
  const muted = input.members.filter((member) => member.news !== null && mutedNews(member) !== null);
  const asked = speaking.length > 0 ? newsOf(input, speaking) : (timerOf(input) ?? quietOf(muted));
  if (asked === null || asked.decision !== 'notify') return asked;
  return throughHours(input, throughDigest(input, asked));
}

/** When a group has to be looked at again on a channel though nothing happens; null: never. Asked once the decision is written down. */
export function nextLook(input: PipelineInput): number | null {
  const { policy, channel, firstToldAt, members, now } = input;
  const firing = members.filter(({ isOpen, muted }) => isOpen && muted === null);
  const acknowledged = acknowledgedUntil(input);
  const due: (number | null)[] = [
    channel.hold?.until ?? null,
    ...members.map(({ isOpen, muted }) => (isOpen ? (muted?.until ?? null) : null)),
  ];
  if (firing.some(({ isTold, acknowledgedUntil: until }) => isTold && until !== null && until > now)) due.push(acknowledged);
  // Looked at when it is due, so that it is written down who keeps it quiet, and then when that ends.
  const dueAt = (time: number): number => (time > now ? time : Math.max(time, acknowledged ?? 0));
  if (policy.repeatHours !== null && channel.lastToldAt !== null && firing.some(({ isTold }) => isTold)) {
    due.push(dueAt(channel.lastToldAt + policy.repeatHours * HOUR_MS));
  }
  if (channel.isEscalation && policy.escalation !== null && firstToldAt !== null && firing.length > 0) {
    due.push(dueAt(firstToldAt + policy.escalation.afterMinutes * MINUTE_MS));
  }
  return due.reduce<number | null>((first, time) => (time === null || (first !== null && first <= time) ? first : time), null);
}

/** A worse figure is heard in spite of a silence, and an end where the beginning was heard. */
function mutedNews({ news, muted }: MemberView): MemberView['muted'] {
  if (muted === null || news === 'resolved') return null;
  return news === 'worsened' && muted.reason === 'silenced' ? null : muted;
}

function newsOf({ members, channel }: PipelineInput, speaking: readonly MemberView[]): ChannelDecision {
  const except = members.flatMap((member) => {
    const quiet = member.isTold && member.news === null ? null : mutedNews(member);
    return quiet === null ? [] : [{ alertId: member.alertId, reason: quiet.reason }];
  });
  const about = (news: MemberNews): string[] => speaking.filter((member) => member.news === news).map(({ alertId }) => alertId);
  const worsened = about('worsened');
  if (worsened.length > 0) return { decision: 'notify', notify: 'worsened', reason: 'grew-worse', about: worsened, except };
  const fired = about('fired');
  if (fired.length > 0) {
    const isFirst = channel.lastToldAt === null || !members.some(({ isOpen, isTold }) => isOpen && isTold);
    return isFirst
      ? { decision: 'notify', notify: 'fired', reason: 'first-notification', about: fired, except }
      : { decision: 'notify', notify: 'changed', reason: 'new-alerts', about: fired, except };
  }
  const isOver = members.every(({ isOpen }) => !isOpen);
  return { decision: 'notify', notify: 'resolved', reason: isOver ? 'all-resolved' : 'some-resolved', about: about('resolved'), except };
}

function timerOf(input: PipelineInput): ChannelDecision | null {
  const { now, policy, channel, firstToldAt, members } = input;
  const firing = members.filter(({ isOpen, muted }) => isOpen && muted === null);
  const except = members.flatMap(({ alertId, isOpen, muted }) => (isOpen && muted !== null ? [{ alertId, reason: muted.reason }] : []));
  const tell = (notify: NotifyReason, reason: TellReason, about: readonly MemberView[]): ChannelDecision =>
    acknowledgedUntil(input) === null
      ? { decision: 'notify', notify, reason, about: about.map(({ alertId }) => alertId), except }
      : { decision: 'suppress', reason: 'acknowledged', until: acknowledgedUntil(input) };
  if (channel.isEscalation) {
    const { escalation } = policy;
    if (escalation === null || firstToldAt === null || firing.length === 0) return null;
    return now < firstToldAt + escalation.afterMinutes * MINUTE_MS ? null : tell('escalated', 'not-acknowledged-in-time', firing);
  }
  const told = firing.filter(({ isTold }) => isTold);
  if (channel.lastToldAt === null || told.length === 0) return null;
  if (told.some(({ acknowledgedUntil: until }) => until !== null && until <= now))
    return tell('ack-expired', 'acknowledgement-expired', told);
  if (policy.repeatHours === null || now < channel.lastToldAt + policy.repeatHours * HOUR_MS) return null;
  return tell('repeat', 'repeat-due', told);
}

/** News that nobody may hear now: the reason of the first, and when the first of the silences ends. */
function quietOf(muted: readonly MemberView[]): ChannelDecision | null {
  const reasons = muted.map((member) => mutedNews(member)).filter((reason) => reason !== null);
  const [first] = reasons;
  if (first === undefined) return null;
  const ends = reasons.flatMap(({ until }) => (until === null ? [] : [until]));
  return { decision: 'suppress', reason: first.reason, until: ends.length === 0 ? null : Math.min(...ends) };
}

/** Until when somebody has the group; null when nobody has. One acknowledgement of a member is one of its group. */
function acknowledgedUntil({ now, members }: PipelineInput): number | null {
  const until = members.flatMap((member) => (member.isOpen && member.acknowledgedUntil !== null ? [member.acknowledgedUntil] : []));
  const last = until.length === 0 ? null : Math.max(...until);
  return last === null || last <= now ? null : last;
}

function throughDigest(input: PipelineInput, asked: Told): ChannelDecision {
  const { policy, now, timeZone, channel } = input;
  if (policy.digestAt === null || asked.notify === 'escalated' || isCritical(input, asked)) return asked;
  const { hold } = channel;
  if (hold?.reason === 'waiting-for-digest' && hold.until !== null) {
    if (hold.until > now) return { decision: 'hold', reason: 'waiting-for-digest', until: hold.until };
    return { ...asked, notify: 'digest', reason: 'digest-due' };
  }
  return { decision: 'hold', reason: 'waiting-for-digest', until: nextDaily(now, minutesOf(policy.digestAt), timeZone) };
}

/** A digest comes at its own time, whatever the hours. */
function throughHours(input: PipelineInput, asked: ChannelDecision): ChannelDecision {
  const { policy, now, timeZone } = input;
  if (asked.decision !== 'notify' || asked.notify === 'digest' || policy.hours === null || isCritical(input, asked)) return asked;
  const opening = nextOpening(now, policy.hours, timeZone);
  return opening <= now ? asked : { decision: 'hold', reason: 'outside-business-hours', until: opening };
}

type Told = Extract<ChannelDecision, { decision: 'notify' }>;

function isCritical({ members }: PipelineInput, { about }: Told): boolean {
  const named = new Set(about);
  return members.some(({ alertId, severity }) => severity === 'critical' && named.has(alertId));
}
