import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StartFailure } from '../start/start-failure';
import { processIdentity } from './processes';
import { chooseServerUser, firstClosedFolder } from './server-user';

const INSTANCE_FILE = 'instance.json';

/** Which process uses a data folder, and on which port its server listens. */
export interface Instance {
  readonly pid: number;
  readonly identity: string | null;
  readonly port?: number;
}

function create(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw new StartFailure(
      `The data folder ${folder} cannot be made (${(error as Error).message}); set ARREARS_DATA_DIR to a folder that can be written.`,
    );
  }
}

export interface DataFolderRequest {
  readonly folder: string;
  /** Nobody asked for this folder, so it may move. */
  readonly isDefault: boolean;
  /** The embedded server keeps its files there, so its account has to get in. */
  readonly forServer: boolean;
}

/**
 * Makes the data folder and returns where it is. The default folder moves to /var/lib/arrears when the account that runs the
 * server may not enter the working folder; a folder somebody asked for never moves.
 * @throws StartFailure when it cannot be made or reached.
 */
export function prepareDataFolder(request: DataFolderRequest, notice: (line: string) => void): string {
  const folder = resolve(request.folder);
  const user = request.forServer ? chooseServerUser() : null;
  if (user === null) {
    create(folder);
    return folder;
  }
  const closedAbove = firstClosedFolder(dirname(folder), user);
  if (closedAbove === null) {
    create(folder);
    // The folder is ours: others may pass through it, not read it; secrets and server files keep their own modes.
    if (firstClosedFolder(folder, user) !== null) chmodSync(folder, statSync(folder).mode | 0o011);
    return folder;
  }
  if (!request.isDefault)
    throw new StartFailure(
      `The data folder ${folder} cannot be used: PostgreSQL runs as ${user.name}, who may not enter ${closedAbove}; choose another ARREARS_DATA_DIR.`,
    );
  const moved = join('/var/lib/arrears', createHash('sha256').update(folder).digest('hex').slice(0, 12));
  create(moved);
  notice(
    `Data folder: ${moved}, because PostgreSQL runs as ${user.name}, who may not enter ${closedAbove}. Set ARREARS_DATA_DIR to choose another.`,
  );
  return moved;
}

function readInstance(folder: string): Instance | null {
  try {
    return JSON.parse(readFileSync(join(folder, INSTANCE_FILE), 'utf8')) as Instance;
  } catch {
    return null;
  }
}

/** The running process that uses the folder, or null when it is free (a dead owner does not count). */
export function runningInstance(folder: string): Instance | null {
  const instance = readInstance(folder);
  if (instance === null) return null;
  const identity = processIdentity(instance.pid);
  return identity !== null && identity === instance.identity ? instance : null;
}

/** @throws StartFailure when another process uses the folder. */
export function claimDataFolder(folder: string, port?: number): void {
  const other = runningInstance(folder);
  if (other !== null && other.pid !== process.pid)
    throw new StartFailure(
      `The data folder ${folder} is in use by another Arrears (process ${String(other.pid)}); stop it or choose another ARREARS_DATA_DIR.`,
    );
  const instance: Instance = { pid: process.pid, identity: processIdentity(process.pid), ...(port === undefined ? {} : { port }) };
  writeFileSync(join(folder, INSTANCE_FILE), JSON.stringify(instance));
}

export function releaseDataFolder(folder: string): void {
  if (readInstance(folder)?.pid === process.pid) rmSync(join(folder, INSTANCE_FILE), { force: true });
}

/** @throws StartFailure when the server files belong to another major version. */
export function assertServerVersion(serverFolder: string, majorVersion: string): boolean {
  const file = join(serverFolder, 'PG_VERSION');
  if (!existsSync(file)) return false;
  const found = readFileSync(file, 'utf8').trim();
  if (found !== majorVersion)
    throw new StartFailure(
      `The data folder ${serverFolder} was made by PostgreSQL ${found} and this release runs PostgreSQL ${majorVersion}: export the log with the release that made it (arrears log export) and import it into an empty ARREARS_DATA_DIR.`,
    );
  return true;
}
