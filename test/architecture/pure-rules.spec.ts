import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** Lints each snippet with the bans of credit-domain alone, in a process of its own because the configuration is an ES module. */
const SCRIPT = `
  import { Linter } from 'eslint';
  import configuration from './eslint.config.mjs';
  const bans = configuration.find((entry) => entry.files?.[0]?.startsWith('libs/credit-domain/'));
  const found = JSON.parse(process.argv[1]).map((code) =>
    new Linter().verify(code, { rules: bans.rules }).map(({ message }) => message).join(' '));
  console.log(JSON.stringify(found));
`;

const BANNED: readonly (readonly [code: string, replacement: RegExp])[] = [
  ['const now = Date.now();', /take the date as an argument/],
  ['const now = new Date();', /take the date as an argument/],
  ['const chance = Math.random();', /take the value as an argument/],
  ['const double = amount.toNumber();', /bigint minor units or Decimal/],
  ['const double = parseFloat(text);', /use Decimal/],
  ['const double = Number.parseFloat(text);', /use Decimal/],
];
const ALLOWED = ['const day = new Date(0);', 'const whole = Number.parseInt(text, 10);'];

describe('the bans that keep the rules of credit pure', () => {
  let found: string[] = [];
  beforeAll(() => {
    const codes = JSON.stringify([...BANNED.map(([code]) => code), ...ALLOWED]);
    found = JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT, codes], { cwd: ROOT, encoding: 'utf8' }),
    ) as string[];
  }, 60_000);

  it.each(BANNED.map(([code, replacement], index) => [code, replacement, index] as const))(
    'refuse %s and name what to use',
    (_, replacement, index) => {
      expect(found[index]).toMatch(replacement);
    },
  );

  it('refuse nothing else', () => {
    expect(found.slice(BANNED.length)).toEqual(ALLOWED.map(() => ''));
  });
});
