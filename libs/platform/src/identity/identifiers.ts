import { createHash, randomBytes } from 'node:crypto';

function format(bytes: Buffer, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** A new uuid of version 7: random, and ordered by the millisecond it was made in (RFC 9562 section 5.7). */
export function uuidV7(atMs: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(atMs, 0, 6);
  return format(bytes, 7);
}

/** The uuid of version 5 of a name in a namespace: the same name always gives the same uuid (RFC 9562 section 5.5). */
export function uuidV5(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest();
  return format(hash.subarray(0, 16), 5);
}
