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
 *  5. acknowledgement  somebody has that alert: no repeat and no escalation of it until that expires or its figure grows worse
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
  /** Its rule names the channel; else only an escalation brings it there. */
  readonly isNamed: boolean;
  /** When the first channel was told that it fires. */
  readonly firstToldAt: number | null;
  /** Inhibited or silenced now; `until` null: as long as it lasts. */
  readonly muted: { readonly reason: InhibitionReason | 'silenced'; readonly until: number | null } | null;
  /** Until when somebody has it; null when nobody has, or the channel was told that the time is up. */
  readonly acknowledgedUntil: number | null;
}

export interface ChannelView {
  /** The policy escalates to it what nobody acknowledges in time. */
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
  | {
      readonly decision: 'suppress';
      readonly reason: SuppressReason;
      readonly until: number | null;
      /** Members whose news it keeps quiet. */
      readonly except: readonly QuietMember[];
    };

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** What a channel is told about a group now; null when there is nothing to tell. */
export function decideChannel(input: PipelineInput): ChannelDecision | null {
  const speaking = input.members.filter((member) => member.news !== null && mutedNews(member) === null);
  const muted = input.members.filter((member) => member.news !== null && mutedNews(member) !== null);
  const asked = speaking.length > 0 ? newsOf(input, speaking) : (timerOf(input) ?? quietOf(muted) ?? quietHold(input));
  if (asked === null || asked.decision !== 'notify') return asked;
  return throughHours(input, throughDigest(input, asked));
}

/** When a group has to be looked at again on a channel though nothing happens; null: never. Asked once the decision is written down. */
export function nextLook(input: PipelineInput): number | null {
  const { policy, channel, members, now } = input;
  const due: (number | null)[] = [
    channel.hold?.until ?? null,
    ...members.map(({ isOpen, muted }) => (isOpen ? (muted?.until ?? null) : null)),
  ];
  // What is due already and did not fit into this decision comes with the next look, unless a hold says when.
  const atOnce = channel.hold === null ? now + 1 : null;
  const told = firingOf(input).filter(({ isTold }) => isTold);
  for (const { acknowledgedUntil: until } of told) if (until !== null) due.push(until > now ? until : atOnce);
  if (policy.repeatHours !== null && channel.lastToldAt !== null && told.length > 0) {
    const repeatAt = channel.lastToldAt + policy.repeatHours * HOUR_MS;
    if (repeatAt > now) due.push(repeatAt);
    else if (!told.every((member) => isHeld(member, now))) due.push(atOnce);
  }
  for (const member of untoldOf(input)) {
    const escalateAt = escalationTime(member, policy) ?? now;
    due.push(escalateAt > now ? escalateAt : isHeld(member, now) ? member.acknowledgedUntil : atOnce);
  }
  return due.reduce<number | null>((first, time) => (time === null || (first !== null && first <= time) ? first : time), null);
}

/** A worse figure is heard in spite of a silence, and an end where the beginning was heard. */
function mutedNews({ news, muted }: MemberView): MemberView['muted'] {
  if (muted === null || news === 'resolved') return null;
  return news === 'worsened' && muted.reason === 'silenced' ? null : muted;
}

function newsOf({ members, channel }: PipelineInput, speaking: readonly MemberView[]): ChannelDecision {
  const except = quietMembers(members);
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
  const isOver = members.every(({ isOpen, isTold, isNamed }) => !isOpen || !(isTold || isNamed));
  return { decision: 'notify', notify: 'resolved', reason: isOver ? 'all-resolved' : 'some-resolved', about: about('resolved'), except };
}

/** Nothing new, but due. What somebody has is left out; when that is all of it, that is the reason of the quiet. */
function timerOf(input: PipelineInput): ChannelDecision | null {
  const { now, policy, channel, members } = input;
  // One message at a time: what is due beside news comes with the next look.
  if (channel.lastToldAt !== null && channel.lastToldAt >= now) return null;
  const firing = firingOf(input);
  const except = members.flatMap(({ alertId, isOpen, muted }): QuietMember[] =>
    isOpen && muted !== null ? [{ alertId, reason: muted.reason }] : [],
  );
  const tell = (
    notify: NotifyReason,
    reason: TellReason,
    about: readonly MemberView[],
    held: readonly MemberView[] = [],
  ): ChannelDecision => ({
    decision: 'notify',
    notify,
    reason,
    about: about.map(({ alertId }) => alertId),
    except: [...except, ...held.map(({ alertId }): QuietMember => ({ alertId, reason: 'acknowledged' }))],
  });

  const untold = untoldOf(input);
  const late = untold.filter((member) => (escalationTime(member, policy) ?? now) <= now);
  if (late.some((member) => !isHeld(member, now))) {
    const [held, free] = [untold.filter((member) => isHeld(member, now)), untold.filter((member) => !isHeld(member, now))];
    return tell('escalated', 'not-acknowledged-in-time', free, held);
  }
  const told = firing.filter(({ isTold }) => isTold);
  const lapsed = told.filter(({ acknowledgedUntil: until }) => until !== null && until <= now);
  if (lapsed.length > 0) return tell('ack-expired', 'acknowledgement-expired', lapsed);
  const isRepeatDue =
    policy.repeatHours !== null && channel.lastToldAt !== null && now >= channel.lastToldAt + policy.repeatHours * HOUR_MS;
  const repeated = isRepeatDue ? told.filter((member) => !isHeld(member, now)) : [];
  if (repeated.length > 0) return tell('repeat', 'repeat-due', repeated);
  const until = [...late, ...(isRepeatDue ? told : [])].flatMap(({ acknowledgedUntil }) => acknowledgedUntil ?? []);
  return until.length === 0 ? null : { decision: 'suppress', reason: 'acknowledged', until: Math.min(...until), except: [] };
}

function firingOf({ members }: PipelineInput): readonly MemberView[] {
  return members.filter(({ isOpen, muted }) => isOpen && muted === null);
}

/** What fires and was told, but not to this channel, which hears of it when nobody acknowledges. */
function untoldOf(input: PipelineInput): readonly MemberView[] {
  if (!input.channel.isEscalation) return [];
  return firingOf(input).filter(({ isTold, isNamed, firstToldAt }) => !isTold && !isNamed && firstToldAt !== null);
}

function escalationTime({ firstToldAt }: MemberView, { escalation }: NotificationPolicy): number | null {
  return firstToldAt === null || escalation === null ? null : firstToldAt + escalation.afterMinutes * MINUTE_MS;
}

/** Somebody has it now. */
function isHeld({ acknowledgedUntil }: MemberView, now: number): boolean {
  return acknowledgedUntil !== null && acknowledgedUntil > now;
}

/** News that nobody may hear now: the reason of the first, and when the first of the silences ends. */
function quietOf(muted: readonly MemberView[]): ChannelDecision | null {
  const reasons = muted.map((member) => mutedNews(member)).filter((reason) => reason !== null);
  const [first] = reasons;
  if (first === undefined) return null;
  const ends = reasons.flatMap(({ until }) => (until === null ? [] : [until]));
  return { decision: 'suppress', reason: first.reason, until: ends.length === 0 ? null : Math.min(...ends), except: quietMembers(muted) };
}

/** Something waited here without news, an escalation or a repeat, and what it was about has gone quiet meanwhile: that is why it is not told. */
function quietHold({ channel, members }: PipelineInput): ChannelDecision | null {
  const quiet = members.find(({ isOpen, muted }) => isOpen && muted !== null)?.muted ?? null;
  if (channel.hold === null || quiet === null) return null;
  return { decision: 'suppress', reason: quiet.reason, until: quiet.until, except: [] };
}

/** Members with news that is not told now, and why. */
function quietMembers(members: readonly MemberView[]): QuietMember[] {
  return members.flatMap((member) => {
    const muted = member.news === null ? null : mutedNews(member);
    return muted === null ? [] : [{ alertId: member.alertId, reason: muted.reason }];
  });
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

/** Whatever leads the message: a critical alert in it waits for nothing. */
function isCritical({ members }: PipelineInput, { about }: Told): boolean {
  const named = new Set(about);
  return members.some(
    (member) => member.severity === 'critical' && (named.has(member.alertId) || (member.news !== null && mutedNews(member) === null)),
  );
}
