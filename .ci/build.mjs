// Compiles every application and library in one run, puts the migrations beside the compiled code and notes what was built.
// `node .ci/build.mjs --if-stale` does nothing when nothing has changed since.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const stampFile = join(dist, '.built-from');
const SOURCES = ['apps', 'libs', '.ci/build.mjs', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];
const LEFT_OUT = /(^|\/)(node_modules|dist|coverage)$|(spec|\.features|\.fixture)\.ts$/;

function* filesUnder(path) {
  if (LEFT_OUT.test(path)) return;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) yield path;
  else for (const entry of readdirSync(path).sort()) yield* filesUnder(join(path, entry));
}

/** The content of every source file: times and sizes lie after a checkout. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const source of SOURCES)
    for (const file of filesUnder(join(root, source)))
      hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

export function buildIfStale() {
  // An image holds the compiled code only.
  if (!existsSync(join(root, 'libs'))) return;
  const built = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (built !== fingerprint()) build();
}

export function build() {
  const from = fingerprint();
  rmSync(stampFile, { force: true });
  rmSync(join(dist, '.tsbuildinfo'), { force: true });
  const compiler = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  const compiled = spawnSync(process.execPath, [compiler, 'build', 'standalone'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (compiled.status !== 0) {
    process.stderr.write(`${compiled.stdout}${compiled.stderr}\narrears cannot start: the build failed.\n`);
    process.exit(1);
  }
  for (const lib of readdirSync(join(root, 'libs'))) {
    const migrations = join(root, 'libs', lib, 'migrations');
    const target = join(dist, 'libs', lib, 'migrations');
    rmSync(target, { recursive: true, force: true });
    if (existsSync(migrations)) cpSync(migrations, target, { recursive: true });
  }
  mkdirSync(dist, { recursive: true });
  writeFileSync(stampFile, from);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes('--if-stale')) buildIfStale();
  else build();
}
