import type { Json } from './types';

/** Nothing the log can store: jsonb has no NUL character and no half of a surrogate pair. */
const UNSTORABLE = /\0|\p{Surrogate}/u;
/** Text longer than this is cheaper to encode by JSON.stringify than by looking at each character. */
const PLAIN_LENGTH_MAX = 64;
/** Shapes of objects that are remembered. Imports repeat a handful; free attributes could bring any number. */
const SHAPES_MAX = 2_000;

/** The members of an object in canonical order, each with the text that comes before its value. */
interface Shape {
  keys: readonly string[];
  before: readonly string[];
}

const NO_MEMBERS: Shape = { keys: [], before: [] };
const shapes = new Map<string, Shape>();

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
  if (isPlain(value)) return `"${value}"`;
  const text = JSON.stringify(value);
  // Only text with an escape can hide one of the two, so the costly look happens rarely.
  if (text.includes('\\u') && UNSTORABLE.test(value)) throw new TypeError('a string holds NUL or half a surrogate pair');
  return text;
}

/** Whether a short string is ASCII without anything to escape, as nearly every value of an import is. */
function isPlain(value: string): boolean {
  if (value.length > PLAIN_LENGTH_MAX) return false;
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}

function canonicalArray(value: Json[]): string {
  let text = '[';
  for (let index = 0; index < value.length; index += 1) text += (index === 0 ? '' : ',') + canonicalJson(value[index] as Json);
  return text + ']';
}

function canonicalObject(value: { [key: string]: Json }): string {
  const { keys, before } = shapeOf(Object.keys(value));
  let text = '{';
  for (let index = 0; index < keys.length; index += 1) {
    const member = value[keys[index] as string] as Json;
    text += (before[index] as string) + (typeof member === 'string' ? canonicalString(member) : canonicalJson(member));
  }
  return text + '}';
}

function shapeOf(keys: string[]): Shape {
  // Its name would be that of an object whose one member has the empty name.
  if (keys.length === 0) return NO_MEMBERS;
  const name = keys.join('\0');
  const known = shapes.get(name);
  if (known !== undefined) return known;
  const sorted = keys.sort();
  const shape = { keys: sorted, before: sorted.map((key, index) => `${index === 0 ? '' : ','}${canonicalString(key)}:`) };
  if (shapes.size >= SHAPES_MAX) shapes.clear();
  shapes.set(name, shape);
  return shape;
}
