import { labelsKey } from '@app/credit-domain';
import { uuidV5 } from '@app/platform';

/** Namespace of every identifier alerting derives (a random UUID, fixed for ever): whoever decides the same thing again arrives at the same stream. */
const NAMESPACE = '2f6a4d0c-9b17-4d5f-a3e0-8c61d7b25e94';

interface Episode {
  readonly tenantId: number;
  readonly ruleId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly episode: number;
}

export function alertIdOf({ tenantId, ruleId, labels, episode }: Episode): string {
  return uuidV5(NAMESPACE, `alert:${String(tenantId)}:${ruleId}:${labelsKey(labels)}:${String(episode)}`);
}

export function groupIdOf(tenantId: number, key: string): string {
  return uuidV5(NAMESPACE, `group:${String(tenantId)}:${key}`);
}

/** The unique key of a group's message: its stream must not exist when it is asked for. `slot` counts those before it on the channel, so that each is asked for once. */
export function groupDeliveryIdOf(tenantId: number, groupId: string, channelId: string, reason: string, slot: number): string {
  return uuidV5(NAMESPACE, ['group-delivery', String(tenantId), groupId, channelId, reason, String(slot)].join(':'));
}

/** The unique key of a digest: of a channel and the instant it was due, and of the first group in it, should two be due apart. */
export function digestDeliveryIdOf(tenantId: number, channelId: string, slot: string, groupId: string): string {
  return uuidV5(NAMESPACE, ['digest', String(tenantId), channelId, slot, groupId].join(':'));
}

/** The id of a check of the system's own, as rules have one. */
export function systemRuleIdOf(tenantId: number, source: string): string {
  return uuidV5(NAMESPACE, `system-rule:${String(tenantId)}:${source}`);
}

/** The message that tells the same through another channel: one a channel, however often its own is given up. */
export function fallbackDeliveryIdOf(tenantId: number, deliveryId: string, channelId: string): string {
  return uuidV5(NAMESPACE, `fallback:${String(tenantId)}:${deliveryId}:${channelId}`);
}

/** The principal of what the system decides by itself. */
export const MACHINE_PRINCIPAL = '00000000-0000-0000-0000-000000000000';

/** A position as the integer JSON holds. */
export function positionNumber(position: bigint): number {
  const number = Number(position);
  if (!Number.isSafeInteger(number)) throw new RangeError(`Position ${String(position)} does not fit a JSON number.`);
  return number;
}
