import type { JsonObject, StoredEvent } from '@app/event-store';
import type { ChannelDigestsPausedData, ChannelDisabledData, ChannelRegisteredData, ChannelSecretRotatedData } from './channel-events';
import type { ChannelFailingData, ChannelFallbackSetData } from './deliver/delivery-events';

/** Where alerts are told; folded from its stream. Secrets stay sealed in it. */
export interface Channel {
  readonly id: string;
  readonly streamVersion: number;
  readonly name: string;
  readonly target: ChannelRegisteredData['target'];
  /** `disabled`: the receiver is gone, and nothing is sent until somebody enables it again. */
  readonly status: 'active' | 'disabled' | 'removed';
  readonly disabled: { readonly reason: ChannelDisabledData['reason']; readonly at: Date } | null;
  /** The signing key before the last rotation, which signs beside it until then; webhooks only. */
  readonly previousSecret: { readonly sealed: string; readonly until: Date } | null;
  /** Envelopes of the recipients that want no more digests. */
  readonly digestsPaused: readonly JsonObject[];
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
      channels.set(event.key, registered(event));
      continue;
    }
    const known = channels.get(event.key);
    if (known === undefined) throw new Error(`The stream of channel ${event.key} begins with ${event.type}.`);
    channels.set(event.key, { ...evolve(known, event), streamVersion: event.version });
  }
  return [...channels.values()];
}

function registered(event: StoredEvent): Channel {
  const { name, target } = event.data as ChannelRegisteredData;
  return {
    id: event.key,
    streamVersion: event.version,
    name,
    target,
    status: 'active',
    disabled: null,
    previousSecret: null,
    digestsPaused: [],
    registeredAt: event.recordedAt,
    fallback: { channelId: null, afterMinutes: FALLBACK_MINUTES_DEFAULT },
    failing: null,
  };
}

function evolve(channel: Channel, event: StoredEvent): Channel {
  switch (event.type) {
    case 'ChannelRemoved':
      return { ...channel, status: 'removed' };
    case 'ChannelDisabled':
      return { ...channel, status: 'disabled', disabled: { reason: (event.data as ChannelDisabledData).reason, at: event.recordedAt } };
    case 'ChannelEnabled':
      return { ...channel, status: 'active', disabled: null };
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
    case 'ChannelSecretRotated':
      return rotated(channel, event.data as ChannelSecretRotatedData);
    case 'ChannelDigestsPaused':
      return { ...channel, digestsPaused: [...channel.digestsPaused, (event.data as ChannelDigestsPausedData).personal] };
    default:
      return channel;
  }
}

function rotated(channel: Channel, { sealedSecret, previousUntil }: ChannelSecretRotatedData): Channel {
  if (channel.target.type !== 'webhook') return channel;
  return {
    ...channel,
    target: { type: 'webhook', webhook: { ...channel.target.webhook, sealedSecret } },
    previousSecret: { sealed: channel.target.webhook.sealedSecret, until: new Date(previousUntil) },
  };
}

/** What the secrets of a channel are bound to: a sealed text copied to another channel does not open. */
export function secretOf(tenantId: number, channelId: string): string {
  return `tenant/${String(tenantId)}/channel/${channelId}`;
}

/** The personal-data vault keeps the addresses of an email channel under this person. */
export function personOf(channelId: string): string {
  return `channel:${channelId}`;
}
