import type { Json } from './types';

/** Nothing the log can store: jsonb has no NUL character and no half of a surrogate pair. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/**
 * RFC 8785 text of a JSON value: members sorted by UTF-16 code units, no white space, shortest escapes.
 * Throws a TypeError for what does not survive storage unchanged: fractions and unsafe integers, undefined, NUL, lone surrogates.
 */
export function canonicalJson(value: Json): string {
  switch (typeof value) {
    case 'string':
      return canonicalString(value);
    case 'number':
      if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not a safe integer; write it as a string`);
      return String(value + 0);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value);
    default:
      throw new TypeError(`${typeof value} is no JSON`);
  }
}

function canonicalString(value: string): string {
  const text = JSON.stringify(value);
  // Only text with an escape can hide one of the two, so the costly look happens rarely.
  if (text.includes('\\u') && UNSTORABLE.test(value)) throw new TypeError('a string holds NUL or half a surrogate pair');
  return text;
}

function canonicalArray(value: Json[]): string {
  let text = '[';
  for (let index = 0; index < value.length; index += 1) text += (index === 0 ? '' : ',') + canonicalJson(value[index] as Json);
  return text + ']';
}

function canonicalObject(value: { [key: string]: Json }): string {
  const keys = sorted(Object.keys(value));
  let text = '{';
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] as string;
    text += (index === 0 ? '' : ',') + canonicalString(key) + ':' + canonicalJson(value[key] as Json);
  }
  return text + '}';
}

function sorted(keys: string[]): string[] {
  for (let index = 1; index < keys.length; index += 1) if ((keys[index - 1] as string) > (keys[index] as string)) return keys.sort();
  return keys;
}
