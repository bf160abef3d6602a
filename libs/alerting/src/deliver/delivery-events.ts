import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';

/** What happens to a message between its request and its outcome, and to the channels that take it; a part of `events.ts`. */
const id = z.string();
const instant = z.iso.datetime();

/** Recorded before the message leaves: whoever finds an attempt that never ended knows that it may have arrived. */
export const deliveryAttemptedData = z.strictObject({
  deliveryId: id,
  /** Counts from 1 over the whole life of the message. */
  attempt: z.int().positive(),
});

export const deliveryAttemptEndedData = z.strictObject({
  deliveryId: id,
  attempt: z.int().positive(),
  /** `unknown`: no answer, or the process died; the channel is asked before the message is sent again. `not-arrived`: it was asked. */
  outcome: z.enum(['retry', 'unknown', 'not-arrived']),
  reason: z.string(),
  /** What the channel asked for. */
  retryAfterSeconds: z.int().nonnegative().nullable(),
  /** Milliseconds from the end of the attempt to the next one. */
  delayMs: z.int().nonnegative(),
});

/** A message that was given up is tried anew. */
export const deliveryReplayedData = z.strictObject({
  deliveryId: id,
  /** 2 for the first replay; each counts its attempts from 1. */
  series: z.int().min(2),
});

export const channelFallbackSetData = z.strictObject({
  channelId: id,
  /** Who tells what this channel does not take; null: the rule's escalation channel, if it has one. */
  fallbackChannelId: id.nullable(),
  /** A channel that has failed for so many minutes is told about, and falls back. */
  afterMinutes: z.int().positive(),
});
export type ChannelFallbackSetData = z.infer<typeof channelFallbackSetData>;

export const channelFailingData = z.strictObject({
  channelId: id,
  since: instant,
  /** Failed for the minutes given, or gave up a message. */
  cause: z.enum(['too-long', 'dead-letter']),
  reason: z.string(),
  /** Who was told. */
  channels: z.array(id),
});
export type ChannelFailingData = z.infer<typeof channelFailingData>;
export const channelRecoveredData = z.strictObject({ channelId: id });

export const deliveryEventSchemas = {
  DeliveryAttempted: deliveryAttemptedData,
  DeliveryAttemptEnded: deliveryAttemptEndedData,
  DeliveryReplayed: deliveryReplayedData,
  ChannelFallbackSet: channelFallbackSetData,
  ChannelFailing: channelFailingData,
  ChannelRecovered: channelRecoveredData,
} as const;

export const deliveryEvents: readonly EventDefinition[] = [
  { code: 433, type: 'DeliveryAttempted', schemaVersion: 1 },
  { code: 434, type: 'DeliveryAttemptEnded', schemaVersion: 1 },
  { code: 435, type: 'DeliveryReplayed', schemaVersion: 1 },
  { code: 436, type: 'ChannelFallbackSet', schemaVersion: 1 },
  { code: 437, type: 'ChannelFailing', schemaVersion: 1 },
  { code: 438, type: 'ChannelRecovered', schemaVersion: 1 },
];
