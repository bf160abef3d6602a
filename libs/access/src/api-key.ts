import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const PREFIX = 'ark_';
const SECRET_BYTES = 32;
const HASH_PREFIX_BYTES = 4;

/** The shortest key an operator may choose for the administrator (`ARREARS_ADMIN_KEY`). */
export const ADMIN_KEY_LENGTH_MIN = 32;

/** A new API key: 256 random bits and a checksum, by which scanners for leaked secrets tell a real key from look-alike text. */
export function generateApiKey(): string {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return `${PREFIX}${secret}${checksum(secret)}`;
}

/** Whether the text was made by `generateApiKey` and copied without a slip. */
export function isWellFormedApiKey(text: string): boolean {
  const body = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  return body.length === 49 && checksum(body.slice(0, -6)) === body.slice(-6);
}

/** What is stored of a key. A plain hash is enough for 256 random bits: there is nothing to guess. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}

/** The part of the hash that events carry, to tell keys apart in a list. */
export function hashPrefixOf(hash: Buffer): string {
  return hash.subarray(0, HASH_PREFIX_BYTES).toString('hex');
}

function checksum(secret: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(secret));
  return bytes.toString('base64url');
}
