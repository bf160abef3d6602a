import { TextDecoder } from 'node:util';
import { Refusal } from '@app/platform';
import { IMPORT_BYTES_MAX } from '../import-limits';

const BYTE_ORDER_MARKS: readonly (readonly [charset: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];
const BYTE_ORDER_MARK_BYTES_MAX = 3;

/** The decoder of a charset by its WHATWG label (`gb18030`, `windows-1252`, ...). Throws the refusal `charset-unknown`. */
function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    throw new Refusal('charset-unknown', `The charset ${JSON.stringify(charset)} is not known.`, [{ field: 'content-type' }]);
  }
}

/**
 * Decodes an upload. A byte-order mark says what the bytes are; else `charset`, else UTF-8. Bytes that mean nothing in that charset are refused
 * as `encoding-invalid`: a name with holes in it would be kept for ever. Throws `file-too-large` beyond IMPORT_BYTES_MAX.
 */
export async function* decodeUpload(bytes: AsyncIterable<Uint8Array>, charset: string | undefined): AsyncGenerator<string> {
  const declared = charset === undefined ? undefined : decoderOf(charset);
  let decoder: TextDecoder | undefined;
  let head: Uint8Array = new Uint8Array(0);
  let received = 0;
  for await (const piece of bytes) {
    received += piece.length;
    if (received > IMPORT_BYTES_MAX) {
      throw new Refusal('file-too-large', `The file is larger than ${String(IMPORT_BYTES_MAX)} bytes. Send it in parts.`);
    }
    let fresh = piece;
    if (decoder === undefined) {
      head = head.length === 0 ? piece : Buffer.concat([head, piece]);
      if (head.length < BYTE_ORDER_MARK_BYTES_MAX) continue;
      decoder = chooseDecoder(head, declared);
      fresh = head;
    }
    yield decode(decoder, fresh, received);
  }
  decoder ??= chooseDecoder(head, declared);
  const rest = decode(decoder, received < BYTE_ORDER_MARK_BYTES_MAX ? head : new Uint8Array(0), received) + finish(decoder, received);
  if (rest !== '') yield rest;
}

function chooseDecoder(head: Uint8Array, declared: TextDecoder | undefined): TextDecoder {
  const marked = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, index) => head[index] === byte));
  return marked === undefined ? (declared ?? decoderOf('utf-8')) : decoderOf(marked[0]);
}

function decode(decoder: TextDecoder, bytes: Uint8Array, received: number): string {
  try {
    return decoder.decode(bytes, { stream: true });
  } catch {
    throw invalidEncoding(decoder, received);
  }
}

function finish(decoder: TextDecoder, received: number): string {
  try {
    return decoder.decode();
  } catch {
    throw invalidEncoding(decoder, received);
  }
}

function invalidEncoding(decoder: TextDecoder, received: number): Refusal {
  return new Refusal(
    'encoding-invalid',
    `The file is not valid ${decoder.encoding} (within its first ${String(received)} bytes). Send it as UTF-8 or name its charset in content-type.`,
  );
}
