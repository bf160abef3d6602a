import { generateApiKey, hashApiKey, isWellFormedApiKey } from './api-key';
import { events } from './events';
import { assertFourEyes } from './four-eyes';

describe('API keys', () => {
  it('are never alike and can be told from text, so that scanners find a leaked one', () => {
    const keys = Array.from({ length: 200 }, generateApiKey);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(isWellFormedApiKey(key)).toBe(true);
    const [key = ''] = keys;
    expect(isWellFormedApiKey(`${key.slice(0, 10)}${key.charAt(10) === 'A' ? 'B' : 'A'}${key.slice(11)}`)).toBe(false);
    expect(isWellFormedApiKey('an ordinary sentence')).toBe(false);
  });

  it('are stored as a hash that no part of the key can be read from', () => {
    const key = generateApiKey();
    expect(hashApiKey(key)).toHaveLength(32);
    expect(hashApiKey(key).equals(hashApiKey(`${key} `))).toBe(false);
  });
});

describe('four eyes', () => {
  const [ann, bob] = ['0b6c1f5e-0000-4000-8000-00000000000a', '0b6c1f5e-0000-4000-8000-00000000000b'];

  it('are two principals, whatever keys they use', () => {
    const approving = (approver: string) => () => {
      assertFourEyes(ann, approver);
    };
    expect(approving(bob)).not.toThrow();
    for (const same of [ann, ann.toUpperCase()]) expect(approving(same)).toThrow('another principal');
  });
});

describe('the events of access', () => {
  it('keep their codes, or old books cannot be read', () => {
    expect(events.map(({ code, type }) => [code, type])).toEqual([
      [1, 'TenantCreated'],
      [2, 'TenantSettingsChanged'],
      [3, 'PrincipalRegistered'],
      [4, 'ApiKeyIssued'],
      [5, 'ApiKeyRevoked'],
    ]);
  });
});
