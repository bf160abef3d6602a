import type { StoredEvent } from '@app/event-store';
import type { ChannelRegisteredData } from './events';

/** Where alerts are told; folded from its stream. Secrets stay sealed in it. */
export interface Channel {
  readonly id: string;
  readonly streamVersion: number;
  readonly name: string;
  readonly target: ChannelRegisteredData['target'];
  readonly status: 'active' | 'removed';
  readonly registeredAt: Date;
}

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
      });
      continue;
    }
    const known = channels.get(event.key);
    if (known === undefined) throw new Error(`The stream of channel ${event.key} begins with ${event.type}.`);
    const status = event.type === 'ChannelRemoved' ? 'removed' : known.status;
    channels.set(event.key, { ...known, streamVersion: event.version, status });
  }
  return [...channels.values()];
}

/** What the secrets of a channel are bound to: a sealed text copied to another channel does not open. */
export function secretOf(tenantId: number, channelId: string): string {
  return `tenant/${String(tenantId)}/channel/${channelId}`;
}

/** The personal-data vault keeps the addresses of an email channel under this person. */
export function personOf(channelId: string): string {
  return `channel:${channelId}`;
}
