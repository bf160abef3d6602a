import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** True while a process of this id runs (also when it belongs to somebody else). */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function fromPs(pid: number, column: string): string | null {
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', `${column}=`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}

/** What tells two processes with the same id apart: the start time, as the system counts it. Null when none runs. */
export function processIdentity(pid: number): string | null {
  if (!isRunning(pid)) return null;
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // State Z: the process has ended and only waits to be collected.
    return afterName[0] === 'Z' ? null : (afterName[19] ?? null);
  } catch {
    return fromPs(pid, 'lstart') ?? 'unknown';
  }
}

export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return fromPs(pid, 'command') ?? '';
  }
}

export async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  for (const until = Date.now() + timeoutMs; Date.now() < until;) {
    if (processIdentity(pid) === null) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return processIdentity(pid) === null;
}

/** Processes whose working folder is `folder`; empty where the system has no /proc. */
export function processesIn(folder: string): number[] {
  let entries: string[];
  try {
    entries = readdirSync('/proc');
  } catch {
    return [];
  }
  return entries
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => {
      try {
        return readlinkSync(`/proc/${entry}/cwd`) === folder;
      } catch {
        return false;
      }
    })
    .map(Number);
}
