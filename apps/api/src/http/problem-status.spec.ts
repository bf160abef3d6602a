import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { statusOfRefusal } from './problem-status';

const ROOT = join(__dirname, '../../../..');
const ROWS = [...readFileSync(join(__dirname, 'problem-status.ts'), 'utf8').matchAll(/^ {2}'?([a-z-]+)'?: (\d+),$/gm)];
const CODES = ROWS.map(([, code = '']) => code);

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!spec)\.ts$/.test(name) && !name.includes('node_modules'))
    .map((name) => join(ROOT, folder, name));
}

describe('the table from refusal to status', () => {
  it('names every code that is thrown anywhere, or a caller gets a status nobody chose', () => {
    const unnamed = [...sourcesBelow('libs'), ...sourcesBelow('apps/api')].flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/new Refusal\(\s*'([^']+)'/g)]
        .map(([, code = '']) => code)
        .filter((code) => !CODES.includes(code))
        .map((code) => `${code} (${file.slice(ROOT.length + 1)}): add it to refusals.ts and problem-status.ts`),
    );
    expect(unnamed).toEqual([]);
  });

  it('holds only statuses of refusals: the caller is at fault, never the server', () => {
    expect(ROWS.length).toBeGreaterThan(10);
    const others = ROWS.filter(([, , status]) => !/^4\d\d$/.test(status ?? ''));
    expect(others).toEqual([]);
  });

  it('keeps its codes sorted, so that two branches do not add one twice', () => {
    expect(CODES).toEqual([...CODES].sort());
  });

  it('takes an unnamed refusal for bad input and not for a failure', () => {
    expect([statusOfRefusal('four-eyes'), statusOfRefusal('nobody-named-this')]).toEqual([403, 422]);
  });
});
