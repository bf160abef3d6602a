import { canonicalJson } from './canonical-json';
import { ProblemException } from './problem';

describe('the fingerprint of a body', () => {
  it('does not depend on the order of keys, or a retry by another library is refused', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(canonicalJson({ a: null, b: [{ c: 2, d: 1 }] }));
  });

  it('refuses a body nested without end instead of failing inside, whoever sends it with an Idempotency-Key', () => {
    const nested: unknown = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    expect(() => canonicalJson(nested)).toThrow(ProblemException);
  });

  it('depends on the order of lists and on every value, or another order counts as the same', () => {
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
    expect(canonicalJson({ a: '1' })).not.toBe(canonicalJson({ a: 1 }));
  });
});
