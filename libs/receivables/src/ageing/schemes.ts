import type { AgeingScheme } from '@app/credit-domain';
import { BUILT_IN_SCHEMES, builtInScheme, validateAgeingScheme } from '@app/credit-domain';
import type { EventStore, Position, Tx } from '@app/event-store';
import { Refusal } from '@app/platform';

export const SCHEME_CATEGORY = 'ageing-scheme';

/** The scheme a figure uses when neither a scheme nor an approved loss-rate set names one. */
export const DEFAULT_SCHEME_ID = 'months-6-12-24-36-48';

/** Every scheme known at a position: the built-in ones and those the tenant has defined. */
export async function schemesAt(store: EventStore, tx: Tx, position: Position): Promise<Map<string, AgeingScheme>> {
  const schemes = new Map(BUILT_IN_SCHEMES.map((scheme) => [scheme.id, scheme]));
  for (const event of await store.readCategory(tx, SCHEME_CATEGORY, position)) {
    const { schemeId, basis, buckets } = event.data;
    const validated = validateAgeingScheme({ id: schemeId, basis, buckets });
    if (!validated.ok) throw new Error(`The ageing scheme recorded at position ${String(event.position)} is not a partition of time.`);
    schemes.set(validated.scheme.id, validated.scheme);
  }
  return schemes;
}

/** @throws Refusal `ageing-scheme-unknown` */
export async function schemeAt(store: EventStore, tx: Tx, schemeId: string, position: Position): Promise<AgeingScheme> {
  const scheme = builtInScheme(schemeId) ?? (await schemesAt(store, tx, position)).get(schemeId);
  if (scheme === undefined) throw new Refusal('ageing-scheme-unknown', `There is no ageing scheme ${schemeId}.`, [{ field: 'scheme' }]);
  return scheme;
}

/**
 * The scheme of a kind's policy at a date: that of its loss-rate set approved by then (as known at the position) with the latest effective date.
 * Without a kind, trade receivables decide.
 */
export async function policySchemeId(
  store: EventStore,
  tx: Tx,
  kind: string | undefined,
  asOf: string,
  position: Position,
): Promise<string> {
  const proposed = new Map<unknown, { effectiveOn: string; scheme: string }>();
  let policy: { effectiveOn: string; scheme: string } | undefined;
  for (const event of await store.readCategory(tx, 'loss-rate-set', position)) {
    const { setId, kind: setKind, scheme, effectiveOn } = event.data;
    if (
      event.type === 'LossRateSetProposed' &&
      setKind === (kind ?? 'trade') &&
      typeof scheme === 'string' &&
      typeof effectiveOn === 'string'
    ) {
      proposed.set(setId, { effectiveOn, scheme });
    }
    const approved = event.type === 'LossRateSetApproved' ? proposed.get(setId) : undefined;
    if (approved !== undefined && approved.effectiveOn <= asOf && (policy === undefined || approved.effectiveOn >= policy.effectiveOn))
      policy = approved;
  }
  return policy?.scheme ?? DEFAULT_SCHEME_ID;
}
