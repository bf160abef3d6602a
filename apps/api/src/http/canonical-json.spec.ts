import { canonicalJson } from './canonical-json';

describe('the fingerprint of a body', () => {
  it('does not depend on the order of keys, or a retry by another library is refused', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(canonicalJson({ a: null, b: [{ c: 2, d: 1 }] }));
  });

  it('depends on the order of lists and on every value, or another order counts as the same', () => {
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
    expect(canonicalJson({ a: '1' })).not.toBe(canonicalJson({ a: 1 }));
  });
});
