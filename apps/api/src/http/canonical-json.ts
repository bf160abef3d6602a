import { ProblemException } from './problem';

/**
 * JSON with the keys of every object in order: two bodies that differ only in key order or white space are the same request. Refused
 * `malformed-request` (400) when it nests deeper than can be written; no request of ours nests more than a few levels.
 */
export function canonicalJson(value: unknown): string {
  try {
    return sortedJson(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ProblemException({ code: 'malformed-request', status: 400, detail: 'The body nests too deeply.' });
  }
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isRecord(part) ? sorted(part) : part));
}

function sorted(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
