import type { Readable } from 'node:stream';
import { tooLarge } from './metered-body';

/** What browsers, mail programs and Slack send as a form; nothing of ours is near it. */
const FORM_BYTES_MAX = 256 * 1024;

/** The raw text of a form, as signatures are made over it. Throws a 413 problem beyond `FORM_BYTES_MAX`; reads no further. */
export async function readForm(body: Readable | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    const piece = chunk as Buffer;
    bytes += piece.length;
    if (bytes > FORM_BYTES_MAX) throw tooLarge(FORM_BYTES_MAX);
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}
