import { randomBytes } from 'node:crypto';
import { SealBroken, SecretBox } from './secret-box';

describe('a sealed secret', () => {
  const box = new SecretBox(randomBytes(32));

  it('opens in its place and is never the same twice', () => {
    const sealed = box.seal('https://hooks.example/T0/secret', 'channel/1');
    expect(sealed).not.toContain('hooks');
    expect(box.open(sealed, 'channel/1')).toBe('https://hooks.example/T0/secret');
    expect(box.seal('https://hooks.example/T0/secret', 'channel/1')).not.toBe(sealed);
  });

  it.each([
    ['moved to another channel', (sealed: string) => ({ sealed, aad: 'channel/2', with: box })],
    [
      'changed in one letter',
      (sealed: string) => ({
        sealed: `${sealed.slice(0, 10)}${sealed[10] === 'A' ? 'B' : 'A'}${sealed.slice(11)}`,
        aad: 'channel/1',
        with: box,
      }),
    ],
    ['cut short', (sealed: string) => ({ sealed: sealed.slice(0, 8), aad: 'channel/1', with: box })],
    ['opened under another master key', (sealed: string) => ({ sealed, aad: 'channel/1', with: new SecretBox(randomBytes(32)) })],
    ['no seal at all', () => ({ sealed: 'plain', aad: 'channel/1', with: box })],
  ])('does not open when %s, or a stolen row could be used elsewhere', (_, spoil) => {
    const spoilt = spoil(box.seal('secret', 'channel/1'));
    expect(() => spoilt.with.open(spoilt.sealed, spoilt.aad)).toThrow(SealBroken);
  });
});
