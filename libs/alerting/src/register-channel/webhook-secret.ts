import { randomBytes } from 'node:crypto';
import { Refusal } from '@app/platform';

const PREFIX = 'whsec_';
/** Standard Webhooks: between 24 and 64 bytes. */
const SECRET_BYTES = 32;
const SECRET_BYTES_MIN = 24;
const SECRET_BYTES_MAX = 64;

/** The key given, or a new one. Refused `webhook-secret-invalid`. */
export function webhookSecret(given: string | null): string {
  if (given === null) return `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
  const encoded = given.slice(PREFIX.length);
  const { length } = Buffer.from(encoded, 'base64');
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(encoded);
  if (given.startsWith(PREFIX) && isBase64 && length >= SECRET_BYTES_MIN && length <= SECRET_BYTES_MAX) return given;
  const detail = `secret must be ${PREFIX} and ${String(SECRET_BYTES_MIN)} to ${String(SECRET_BYTES_MAX)} bytes as base64.`;
  throw new Refusal('webhook-secret-invalid', detail, [{ field: 'secret', pointer: '/secret' }]);
}
