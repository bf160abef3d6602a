import { StartFailure } from './start-failure';

/** What a started process is asked to do at the end. */
export interface RunningProcess {
  stop(): Promise<void>;
}

const STOP_TIMEOUT_MS = 9_500;
const PARENT_POLL_MS = 500;

/**
 * Runs a process from its start to its signal: a failed start is one line on stderr and exit code 1; SIGTERM or SIGINT stop it
 * cleanly within 10 s; a signal during the start stops it as soon as it has started.
 */
export function runProcess(start: () => Promise<RunningProcess>): void {
  let running: RunningProcess | undefined;
  let stopping = false;
  const stop = (): void => {
    if (running === undefined || stopping) {
      stopping = true;
      return;
    }
    stopping = true;
    setTimeout(() => {
      process.stderr.write('arrears did not stop in time and ends now; the next start recovers.\n');
      process.exit(1);
    }, STOP_TIMEOUT_MS).unref();
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`arrears stopped with an error: ${describe(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  if (process.env['npm_lifecycle_event'] !== undefined) whenParentEnds(stop);
  start().then(
    (started) => {
      running = started;
      if (!stopping) return;
      stopping = false;
      stop();
    },
    (error: unknown) => {
      process.stderr.write(`arrears cannot start: ${describe(error)}\n`);
      process.exit(1);
    },
  );
}

/**
 * npm passes a signal on to the shell it started and not to what the shell runs, so whoever stops `npm start` would leave this process
 * behind, with its port and its data folder. It then has another parent.
 */
function whenParentEnds(stop: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_POLL_MS);
  timer.unref();
}

/** A failure that a person can mend is one line; anything else is a bug and shows where it happened. */
function describe(error: unknown): string {
  if (error instanceof StartFailure) return error.message.replaceAll('\n', ' ');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
