import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { AgeingScheme, RollRateDrift, NotificationPolicy, RuleDefinition } from '@app/credit-domain';
import { builtInScheme, isBoundary } from '@app/credit-domain';
import type { Tx } from '@app/event-store';
import { Refusal } from '@app/platform';
import { ResolveSchemeQuery } from '@app/receivables';
import { AlertingLog } from '../alerting-log';

/** What of a rule depends on the rest of the book: its scheme and its channels. Its own form is checked at the edge. */
@Injectable()
export class RuleCheck {
  constructor(
    private readonly log: AlertingLog,
    private readonly queries: QueryBus,
  ) {}

  /** Refused `ageing-scheme-unknown`, `age-limit-not-a-boundary`, `bucket-unknown`. Before the transaction: the scheme never changes once it is defined. */
  async checkDefinition(tenantId: number, definition: RuleDefinition): Promise<void> {
    if (!('scheme' in definition)) return;
    const { buckets } = await this.#scheme(tenantId, definition.scheme);
    if (definition.type === 'roll-rate-drift') checkRollingBucket(definition, buckets);
    if (definition.type !== 'ageing-share-shift') return;
    const limits = buckets.map((bucket) => ({ upTo: 'upTo' in bucket ? bucket.upTo : null }));
    if (isBoundary(definition.olderThan, limits)) return;
    const ends = buckets.flatMap((bucket) => ('upTo' in bucket ? [`${String(bucket.upTo.count)} ${bucket.upTo.unit}`] : []));
    throw new Refusal('age-limit-not-a-boundary', `olderThan must be where a bucket of ${definition.scheme} ends: ${ends.join(', ')}.`, [
      { field: 'definition.olderThan', pointer: '/definition/olderThan' },
    ]);
  }

  /** Refused `channel-unknown`. */
  async checkChannels(tx: Tx, channels: readonly string[], notification: NotificationPolicy | null = null): Promise<void> {
    await requireChannels(this.log, tx, channels, 'channels');
    await requireChannels(this.log, tx, notification?.escalation?.channels ?? [], 'notification.escalation.channels');
  }

  async #scheme(tenantId: number, schemeId: string): Promise<AgeingScheme> {
    const builtIn = builtInScheme(schemeId);
    if (builtIn !== undefined) return builtIn;
    const position = await this.log.database.read(tenantId, (tx) => this.log.settledPosition(tx));
    return this.queries.execute(new ResolveSchemeQuery(tenantId, schemeId, position));
  }
}

/** The last bucket rolls nowhere, and what is new in it at a close nobody knows: a rule rolls from one before those two. */
function checkRollingBucket({ bucket, scheme }: RollRateDrift, buckets: AgeingScheme['buckets']): void {
  const rolling = buckets.slice(0, -2).map(({ label }) => label);
  if (rolling.length > 0 && (bucket === null || rolling.includes(bucket))) return;
  const which = rolling.length === 0 ? `${scheme} has too few buckets to roll between` : `bucket must be one of ${rolling.join(', ')}`;
  throw new Refusal('bucket-unknown', `${which}.`, [{ field: 'definition.bucket', pointer: '/definition/bucket' }]);
}

/** Refused `channel-unknown`, with the place in the list that names it. */
export async function requireChannels(log: AlertingLog, tx: Tx, channels: readonly string[], field: string): Promise<void> {
  if (channels.length === 0) return;
  const known = new Set((await log.channels(tx)).filter(({ status }) => status === 'active').map(({ id }) => id));
  channels.forEach((channelId, index) => {
    if (known.has(channelId)) return;
    throw new Refusal('channel-unknown', `There is no channel ${channelId}.`, [
      { field: `${field}[${String(index)}]`, pointer: `/${field.replaceAll('.', '/')}/${String(index)}` },
    ]);
  });
}
