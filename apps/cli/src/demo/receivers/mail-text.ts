export interface Mail {
  readonly subject: string;
  readonly text: string;
}

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Subject and plain text of a message (RFC 5322, MIME): enough to show what arrived. */
export function readMail(source: string): Mail {
  const message = readPart(source);
  const plain = findPlain(message) ?? message;
  return { subject: decodeWords(message.headers.get('subject') ?? ''), text: decodeBody(plain).replaceAll('\r\n', '\n').trim() };
}

function readPart(source: string): Part {
  const gap = source.indexOf('\r\n\r\n');
  const head = gap < 0 ? source : source.slice(0, gap);
  const unfolded = head.replace(/\r\n[ \t]+/g, ' ');
  const headers = new Map(
    unfolded.split('\r\n').map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { headers, body: gap < 0 ? '' : source.slice(gap + 4) };
}

function findPlain(part: Part): Part | undefined {
  const type = part.headers.get('content-type') ?? 'text/plain';
  if (type.toLowerCase().startsWith('text/plain')) return part;
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary === undefined) return undefined;
  const inner = part.body.split(`--${boundary}`).slice(1, -1);
  for (const source of inner) {
    const found = findPlain(readPart(source.replace(/^\r\n/, '')));
    if (found !== undefined) return found;
  }
  return undefined;
}

function decodeBody({ headers, body }: Part): string {
  switch ((headers.get('content-transfer-encoding') ?? '').toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64').toString('utf8');
    case 'quoted-printable':
      return decodeQuotedPrintable(body.replace(/=\r\n/g, ''));
    default:
      return body;
  }
}

function decodeQuotedPrintable(text: string): string {
  const bytes: Buffer[] = text
    .split(/(=[0-9A-F]{2})/i)
    .map((piece) => (/^=[0-9A-F]{2}$/i.test(piece) ? Buffer.from(piece.slice(1), 'hex') : Buffer.from(piece, 'utf8')));
  return Buffer.concat(bytes).toString('utf8');
}

/** Encoded words of a header (RFC 2047), UTF-8 only. */
function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_word, encoding: string, content: string) =>
      encoding.toLowerCase() === 'b'
        ? Buffer.from(content, 'base64').toString('utf8')
        : decodeQuotedPrintable(content.replaceAll('_', ' ')),
    );
}
