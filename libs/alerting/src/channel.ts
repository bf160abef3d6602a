import type { StoredEvent } from '@app/event-store';
import type { ChannelFailingData, ChannelFallbackSetData } from './deliver/delivery-events';
import type { ChannelRegisteredData } from './events';

/** Where alerts are told; folded from its stream. Secrets stay sealed in it. */
export interface Channel {
  readonly id: string;
  readonly streamVersion: number;
  readonly name: string;
  readonly target: ChannelRegisteredData['target'];
  readonly status: 'active' | 'disabled' | 'removed';
  readonly registeredAt: Date;
  /** Who tells what this channel does not take, and after how many minutes of failing; null: the rule's escalation channel. */
  readonly fallback: { readonly channelId: string | null; readonly afterMinutes: number };
  /** Why it is known to take no messages, and who was told; null while it works. */
  readonly failing: { readonly since: Date; readonly reason: string; readonly channels: readonly string[] } | null;
}

/** Minutes a channel may fail before that is told and another one takes over, unless it says otherwise. */
export const FALLBACK_MINUTES_DEFAULT = 10;

export function foldChannels(events: readonly StoredEvent[]): Channel[] {
  const channels = new Map<string, Channel>();
  for (const event of events) {
    if (event.type === 'ChannelRegistered') {
      const { name, target } = event.data as ChannelRegisteredData;
      channels.set(event.key, {
        id: event.key,
        streamVersion: event.version,
        name,
        target,
        status: 'active',
        registeredAt: event.recordedAt,
        fallback: { channelId: null, afterMinutes: FALLBACK_MINUTES_DEFAULT },
        failing: null,
      });
      continue;
    }
    const known = channels.get(event.key);
    if (known === undefined) throw new Error(`The stream of channel ${event.key} begins with ${event.type}.`);
    const status = event.type === 'ChannelRemoved' ? 'removed' : known.status;
    channels.set(event.key, { ...evolve(known, event), streamVersion: event.version, status });
  }
  return [...channels.values()];
}

function evolve(channel: Channel, event: StoredEvent): Channel {
  switch (event.type) {
    case 'ChannelFallbackSet': {
      const { fallbackChannelId, afterMinutes } = event.data as ChannelFallbackSetData;
      return { ...channel, fallback: { channelId: fallbackChannelId, afterMinutes } };
    }
    case 'ChannelFailing': {
      const { since, reason, channels } = event.data as ChannelFailingData;
      return { ...channel, failing: { since: new Date(since), reason, channels } };
    }
    case 'ChannelRecovered':
      return { ...channel, failing: null };
    default:
      return channel;
  }
}

/** What the secrets of a channel are bound to: a sealed text copied to another channel does not open. */
export function secretOf(tenantId: number, channelId: string): string {
  return `tenant/${String(tenantId)}/channel/${channelId}`;
}

/** The personal-data vault keeps the addresses of an email channel under this person. */
export function personOf(channelId: string): string {
  return `channel:${channelId}`;
}
