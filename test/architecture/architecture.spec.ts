import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const CONFIG = join(ROOT, '.dependency-cruiser.cjs');

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

/** What a careless change would look like: the file, its import, and the rule that must say no. */
const PLANTED: readonly (readonly [file: string, imports: string, rule: string])[] = [
  ['libs/credit-domain/src/a.ts', '../../platform/src/index', 'credit-domain-imports-only-decimal-js'],
  ['libs/credit-domain/src/b.ts', 'node:fs', 'credit-domain-imports-only-decimal-js'],
  ['libs/credit-domain/src/c.ts', 'shipped', 'credit-domain-imports-only-decimal-js'],
  ['libs/event-store/src/a.ts', '../../platform/src/index', 'event-store-imports-only-pg'],
  ['libs/event-store/src/b.ts', 'shipped', 'event-store-imports-only-pg'],
  ['libs/platform/src/a.ts', '../../alerting/src/index', 'platform-knows-no-business'],
  ['libs/provisioning/src/a.ts', '../../receivables/src/hidden', 'features-meet-only-in-events'],
  ['libs/alerting/src/a.ts', '../../provisioning/src/hidden', 'features-meet-only-in-events'],
  ['libs/collections/src/a.ts', '../../receivables/src/hidden', 'features-meet-only-in-events'],
  ['libs/access/src/a.ts', '../../alerting/src/index', 'access-knows-no-feature'],
  ['libs/alerting/src/b.ts', '../../book/src/index', 'only-apps-compose-the-book'],
  ['libs/receivables/src/a.ts', '../../../apps/api/src/index', 'libs-never-import-apps'],
  ['apps/api/src/a.ts', '../../worker/src/index', 'apps-never-import-apps'],
  ['libs/receivables/src/b.ts', '../../platform/src/hidden', 'enter-a-lib-by-its-index'],
  ['apps/api/src/b.ts', '../../../libs/receivables/src/hidden', 'apps-enter-a-lib-by-its-index'],
  ['test/a.ts', '../libs/receivables/src/hidden', 'apps-enter-a-lib-by-its-index'],
  ['apps/standalone/src/a.ts', '../../api/src/hidden', 'enter-an-app-by-its-index'],
  ['libs/receivables/src/c.ts', '../../testing/src/index', 'testing-is-for-tests'],
  ['libs/receivables/src/d.ts', './e', 'no-circular'],
  ['libs/receivables/src/f.ts', 'for-development', 'no-unlisted-or-dev-dependency'],
  ['libs/receivables/src/g.ts', './missing', 'not-to-unresolvable'],
];

const LIBS = [
  'credit-domain',
  'event-store',
  'platform',
  'access',
  'receivables',
  'provisioning',
  'collections',
  'alerting',
  'book',
  'testing',
];
const APPS = ['api', 'worker', 'standalone'];

describe('the rules of who may import whom', () => {
  const folder = mkdtempSync(join(tmpdir(), 'arrears-rules-'));
  let violations: Violation[] = [];

  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const cruise = (): Violation[] => {
    const output = execFileSync(process.execPath, [CRUISER, 'libs', 'apps', 'test', '--config', CONFIG, '--output-type', 'json'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return (JSON.parse(output) as { summary: { violations: Violation[] } }).summary.violations;
  };

  beforeAll(() => {
    write(
      'package.json',
      JSON.stringify({ name: 'planted', dependencies: { shipped: '1.0.0' }, devDependencies: { 'for-development': '1.0.0' } }),
    );
    write('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'nodenext', moduleResolution: 'nodenext' } }));
    for (const name of ['shipped', 'for-development']) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
      write(`node_modules/${name}/index.js`, 'module.exports = {};');
    }
    for (const lib of LIBS) for (const file of ['index', 'hidden']) write(`libs/${lib}/src/${file}.ts`, `export const ${file} = 1;\n`);
    for (const app of APPS) for (const file of ['index', 'hidden']) write(`apps/${app}/src/${file}.ts`, `export const ${file} = 1;\n`);
    for (const [file, imports] of PLANTED) write(file, `import * as planted from '${imports}';\nexport const kept = planted;\n`);
    write('libs/receivables/src/e.ts', `import * as planted from './d';\nexport const kept = planted;\n`);
    write('libs/receivables/src/allowed.ts', `import * as planted from '../../provisioning/src/index';\nexport const kept = planted;\n`);
    violations = cruise();
  }, 60_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(PLANTED)('%s may not import %s (%s)', (file, _, rule) => {
    expect(violations.filter((violation) => violation.from === file).map((violation) => violation.rule.name)).toContain(rule);
  });

  it('are each seen red by a planted import, or a rule that never fires would pass for a guard', () => {
    const { forbidden } = jest.requireActual<{ forbidden: { name: string }[] }>(CONFIG);
    const seen = new Set(violations.map((violation) => violation.rule.name));
    expect(forbidden.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
  });

  it('let a feature use what another exports', () => {
    expect(violations.filter((violation) => violation.from === 'libs/receivables/src/allowed.ts')).toEqual([]);
  });
});
