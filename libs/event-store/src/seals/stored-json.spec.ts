import * as fc from 'fast-check';
import { canonicalJson } from '../canonical-json';
import type { Json } from '../types';
import { StoredJson } from './stored-json';

/** As PostgreSQL writes a `jsonb`: shorter keys first, a space behind each comma and colon. */
function asStored(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(asStored).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const bytes = (key: string): number => Buffer.byteLength(key);
  const keys = Object.keys(value).sort((a, b) => bytes(a) - bytes(b) || (a < b ? -1 : 1));
  return `{${keys.map((key) => `${JSON.stringify(key)}: ${asStored(value[key] as Json)}`).join(', ')}}`;
}

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 6 }),
  ),
})).value;

describe('the canonical text of stored JSON', () => {
  it('is that of its values, or an auditor would be told of an event that nobody altered', () => {
    const stored = new StoredJson();
    fc.assert(
      fc.property(json, (value) => {
        const text = asStored(value);
        expect(stored.canonical(text)).toBe(text.includes('\\') ? null : canonicalJson(JSON.parse(text) as Json));
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps the spelling of a number, or another spelling would pass for the one that was hashed', () => {
    expect(new StoredJson().canonical('{"b": 1.0, "aa": [], "ab": {}}')).toBe('{"aa":[],"ab":{},"b":1.0}');
  });
});
