import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json';
import { canonicalEventWriter, contentHash, sha256Hex } from './content-hash';
import type { Json } from './types';

describe('canonical JSON', () => {
  const cases: [Json, string][] = [
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ '10': 1, '9': 2, a: { z: null, y: [true, false, -0] } }, '{"10":1,"9":2,"a":{"y":[true,false,0],"z":null}}'],
    [
      { '\u20ac': 'Euro', '\r': 'CR', '1': 'One', '\ud83d\ude00': 'Smile', '\ufb33': 'Dalet' },
      '{"\\r":"CR","1":"One","€":"Euro","😀":"Smile","\ufb33":"Dalet"}',
    ],
    ['tab\t quote" back\\ bell\u0007 sep\u2028', '"tab\\t quote\\" back\\\\ bell\\u0007 sep\u2028"'],
    ['x'.repeat(100) + '"', `"${'x'.repeat(100)}\\""`],
    [9007199254740991, '9007199254740991'],
    [[], '[]'],
    [{}, '{}'],
  ];
  it.each(cases)('writes %j one way only, or two servers would disagree about a seal', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
    expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
  });

  it.each([[0.1], [1e21], [NaN], ['\0'], ['half \ud800 pair'], [{ a: undefined }], [[undefined]]])(
    'refuses %j, which would come back changed from the log',
    (value) => {
      expect(() => canonicalJson(value as Json)).toThrow(TypeError);
    },
  );

  it('keeps a member with the empty name apart from no member, or its content could be altered unseen', () => {
    expect(['{}', '{"":"a"}', '{}'].map((text) => canonicalJson(JSON.parse(text) as Json))).toEqual(['{}', '{"":"a"}', '{}']);
  });
});

describe('the content hash', () => {
  const shared = { tenantId: 7, principalId: 'p', correlationId: 'c', causationPosition: 12n, sourceId: 's' };
  const own = {
    category: 'invoice',
    key: 'R"1',
    version: 2,
    type: 'InvoicePaid',
    schemaVersion: 1,
    effectiveOn: '2026-01-31',
    sourceRow: 5,
    dataText: '{"amount":"100"}',
  };

  it('covers the documented text, which an auditor can write and hash without this program', () => {
    const text =
      '{"category":"invoice","causation":"12","correlation":"c","data":{"amount":"100"},"effectiveOn":"2026-01-31","key":"R\\"1","principal":"p",' +
      '"schemaVersion":1,"source":{"id":"s","row":5},"tenant":7,"type":"InvoicePaid","version":2}';
    expect(canonicalEventWriter(shared)(own)).toBe(text);
    expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
    expect(contentHash(shared, own)).toBe(createHash('sha256').update(text).digest('hex'));
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    const plain = canonicalEventWriter({ ...shared, causationPosition: null, sourceId: null })({ ...own, sourceRow: null });
    expect(JSON.parse(plain)).toMatchObject({ causation: null, source: null, tenant: 7 });
  });

  it('changes with every field it covers, or that field could be altered unseen', () => {
    const hashes = [
      contentHash(shared, own),
      ...Object.entries({ tenantId: 8, principalId: 'q', correlationId: 'd', causationPosition: null, sourceId: 't' }).map(
        ([field, value]) => contentHash({ ...shared, [field]: value }, own),
      ),
      ...Object.entries({
        category: 'x',
        key: 'x',
        version: 3,
        type: 'X',
        schemaVersion: 2,
        effectiveOn: '2026-02-01',
        sourceRow: 6,
        dataText: '{}',
      }).map(([field, value]) => contentHash(shared, { ...own, [field]: value })),
    ];
    expect(new Set(hashes).size).toBe(14);
  });
});
