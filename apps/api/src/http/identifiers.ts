import { createHash, randomBytes } from 'node:crypto';

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Namespace of every identifier this service derives from a name (a random UUID, fixed for ever). */
const ARREARS_NAMESPACE = Buffer.from('6f1d0c1e8a5b4b0e9a3c2f74d1b7e650', 'hex');

export function isUuid(text: string): boolean {
  return UUID_PATTERN.test(text);
}

/** Time-ordered identifier (RFC 9562, version 7): new streams land next to each other in their index. */
export function uuidV7(now: Date): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  return format(bytes, 0x70);
}

/** Identifier derived from a name (RFC 9562, version 5): the same name always gives the same identifier. */
export function uuidV5(name: string): string {
  const digest = createHash('sha1').update(ARREARS_NAMESPACE).update(name).digest();
  return format(digest.subarray(0, 16), 0x50);
}

function format(bytes: Buffer, version: number): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | version, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
