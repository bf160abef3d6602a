import type { PrefixRow } from './prefix-fold';

/** PostgreSQL's binary COPY format, for the two array columns that would be slow as text. */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const OID_INT4 = 23;
const OID_INT8 = 20;
const FIELD_COUNT = 6;
const ARRAY_HEADER_BYTES = 20;

export function copyHeader(): Buffer {
  return Buffer.concat([SIGNATURE, Buffer.alloc(8)]);
}

export function copyTrailer(): Buffer {
  const trailer = Buffer.alloc(2);
  trailer.writeInt16BE(-1);
  return trailer;
}

/** One row of (ordinal int, basis smallint, pool_id int, currency text, anchors int[], sums bigint[]). */
export function copyRow(ordinal: number, row: PrefixRow): Buffer {
  const currency = Buffer.from(row.currency, 'utf8');
  const days = row.anchors.length;
  const anchorBytes = ARRAY_HEADER_BYTES + days * 8;
  const sumBytes = ARRAY_HEADER_BYTES + days * 12;
  const buffer = Buffer.allocUnsafe(2 + (4 + 4) + (4 + 2) + (4 + 4) + (4 + currency.length) + (4 + anchorBytes) + (4 + sumBytes));
  let at = buffer.writeInt16BE(FIELD_COUNT, 0);
  at = buffer.writeInt32BE(4, at);
  at = buffer.writeInt32BE(ordinal, at);
  at = buffer.writeInt32BE(2, at);
  at = buffer.writeInt16BE(row.basis, at);
  at = buffer.writeInt32BE(4, at);
  at = buffer.writeInt32BE(row.poolId, at);
  at = buffer.writeInt32BE(currency.length, at);
  at += currency.copy(buffer, at);
  at = writeArrayHeader(buffer, at, anchorBytes, OID_INT4, days);
  for (const anchor of row.anchors) {
    at = buffer.writeInt32BE(4, at);
    at = buffer.writeInt32BE(anchor, at);
  }
  at = writeArrayHeader(buffer, at, sumBytes, OID_INT8, days);
  for (const sum of row.sums) {
    at = buffer.writeInt32BE(8, at);
    at = buffer.writeBigInt64BE(sum, at);
  }
  return buffer;
}

function writeArrayHeader(buffer: Buffer, start: number, bytes: number, elementType: number, length: number): number {
  let at = buffer.writeInt32BE(bytes, start);
  at = buffer.writeInt32BE(1, at); // one dimension
  at = buffer.writeInt32BE(0, at); // without nulls
  at = buffer.writeInt32BE(elementType, at);
  at = buffer.writeInt32BE(length, at);
  return buffer.writeInt32BE(1, at); // subscripts start at 1
}
