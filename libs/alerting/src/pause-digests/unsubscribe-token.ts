import { SealBroken, type SecretBox } from '@app/platform';
import { z } from 'zod';

const PLACE = 'digest-unsubscribe';
const content = z.strictObject({ tenantId: z.int(), channelId: z.string(), recipient: z.string() });

/** Who ends which digests. Sealed: whoever reads the link in a log learns no address, and nobody can make one. */
export type Unsubscription = z.infer<typeof content>;

export function unsubscribeToken(secrets: SecretBox, unsubscription: Unsubscription): string {
  return secrets.seal(JSON.stringify(unsubscription), PLACE);
}

/** Null for a token that this installation did not make. */
export function readUnsubscribeToken(secrets: SecretBox, token: string): Unsubscription | null {
  try {
    return content.parse(JSON.parse(secrets.open(token, PLACE)));
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}
