import { StartFailure } from './start-failure';

/** What a started process is asked to do at the end. */
export interface RunningProcess {
  stop(): Promise<void>;
}

const STOP_TIMEOUT_MS = 9_500;

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

/** A failure that a person can mend is one line; anything else is a bug and shows where it happened. */
function describe(error: unknown): string {
  if (error instanceof StartFailure) return error.message.replaceAll('\n', ' ');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
