import type { JsonObject } from '@app/event-store';
import type { AlertFiredData, AlertGroupDecidedData } from '../events';
import type { FoldedEvent } from './episode';

/** What one channel knows of a group. */
export interface GroupChannel {
  /** The message that opened it: others are threaded under it. A digest opens nothing. */
  readonly firstDeliveryId: string | null;
  readonly lastToldAt: string | null;
  /** Messages so far: a part of the next one's identity. */
  readonly told: number;
  /** The last decision that told nothing, and when it is taken again. */
  readonly hold: { readonly decision: string; readonly reason: string; readonly until: string | null } | null;
  /** Members the last decision kept quiet, each with its reason. Groups from before it was kept have none. */
  readonly quiet?: Readonly<Record<string, string>>;
}

/** Alerts that are told together: one thread on each channel; folded from the alerts that joined it and its own stream. */
export interface AlertGroup {
  readonly groupId: string;
  readonly streamVersion: number;
  /** The rule that opened it: its policy is the group's. */
  readonly ruleId: string;
  readonly asOf: string;
  readonly firstToldAt: string | null;
  readonly channels: Readonly<Record<string, GroupChannel>>;
}

const UNTOLD: GroupChannel = { firstDeliveryId: null, lastToldAt: null, told: 0, hold: null };

export function groupChannel(group: AlertGroup, channelId: string): GroupChannel {
  return group.channels[channelId] ?? UNTOLD;
}

/** The group once an alert has joined it. An alert from before there were groups opens one in which it was told alone. */
export function joined(group: AlertGroup | undefined, { key, data }: FoldedEvent, at: Date): AlertGroup {
  if (group !== undefined) return group;
  const { groupId, ruleId, asOf, notified } = data as unknown as AlertFiredData;
  const channels = notified.map(({ channelId, deliveryId }): [string, GroupChannel] => [
    channelId,
    { firstDeliveryId: deliveryId, lastToldAt: at.toISOString(), told: 1, hold: null },
  ]);
  return {
    groupId: (groupId as string | null | undefined) ?? key,
    streamVersion: 0,
    ruleId,
    asOf,
    firstToldAt: channels.length === 0 ? null : at.toISOString(),
    channels: Object.fromEntries(channels),
  };
}

export function evolveGroup(group: AlertGroup | undefined, event: FoldedEvent): AlertGroup {
  if (group === undefined) throw new Error(`The stream of alert group ${event.key} begins before any of its alerts fired.`);
  const { channelId, decision, reason, at, until, deliveryId, notify, except } = event.data as unknown as AlertGroupDecidedData;
  const known = groupChannel(group, channelId);
  const quiet = Object.fromEntries(except.map((member) => [member.alertId, member.reason]));
  const channel: GroupChannel =
    decision === 'notify'
      ? {
          firstDeliveryId: known.firstDeliveryId ?? (notify === 'digest' ? null : deliveryId),
          lastToldAt: at,
          told: known.told + 1,
          hold: null,
          quiet,
        }
      : { ...known, hold: { decision, reason, until }, quiet };
  return {
    ...group,
    streamVersion: event.version,
    firstToldAt: group.firstToldAt ?? (decision === 'notify' ? at : null),
    channels: { ...group.channels, [channelId]: channel },
  };
}

export function storedGroup(group: AlertGroup): JsonObject {
  return group as unknown as JsonObject;
}
