import type { JsonObject, Tx } from '@app/event-store';
import type { PersonalDataVault } from '@app/platform';
import { personOf } from '../channel';

export interface EmailAddresses {
  readonly to: readonly string[];
  readonly from: string | null;
}

/** The addresses of an email channel; none once they have been erased. */
export async function addressesOf(
  vault: PersonalDataVault,
  tx: Tx,
  tenantId: number,
  channelId: string,
  envelope: JsonObject,
): Promise<EmailAddresses> {
  const fields = await vault.decrypt(tx, tenantId, personOf(channelId), envelope);
  const to = fields?.['to'];
  const from = fields?.['from'];
  return { to: Array.isArray(to) ? to.map(String) : [], from: typeof from === 'string' ? from : null };
}

/** The recipients of a channel that want no more digests; none once they have been erased. */
export async function pausedDigestsOf(
  vault: PersonalDataVault,
  tx: Tx,
  tenantId: number,
  channelId: string,
  envelopes: readonly JsonObject[],
): Promise<readonly string[]> {
  const items = envelopes.map((envelope) => ({ person: personOf(channelId), envelope }));
  const details = items.length === 0 ? [] : await vault.decryptMany(tx, tenantId, items);
  return [...new Set(details.map((fields) => fields?.['to']).filter((to) => typeof to === 'string'))];
}
