import { StartFailure } from '@app/platform';
import { CommandFailure } from './command-failure';
import { importFile } from './import-file.command';
import { issueKey, revokeKey } from './keys.command';
import { exportBook, importBook } from './log.command';
import { migrateBook } from './migrate.command';
import { rebuildCommand } from './rebuild.command';
import { verifyBook } from './verify.command';

const USAGE = `arrears <command>

  migrate                            bring the database up to date
  verify                             recompute every hash and seal of the log
  rebuild                            refill the read models from the log; stop Arrears first
  log export <file>                  write the whole log, positions kept, and the wrapped personal keys beside it
  log import <file>                  read both into an empty database and rebuild the read models
  import <kind> <file> [--dry-run]   send a CSV or NDJSON file (debtors, receivables, movements, fx-rates, ...)
  keys issue <name> <role,...>       register a principal and print its key once
  keys revoke <principal> <key>      withdraw a key

migrate, verify, rebuild and log work on DATABASE_URL, or on the embedded server of ARREARS_DATA_DIR (.data).
import and keys talk to ARREARS_URL (http://127.0.0.1:3000) with the key in ARREARS_KEY.
`;

type Command = (args: readonly string[]) => Promise<number>;

const COMMANDS: Readonly<Record<string, { readonly arguments: number; readonly run: Command }>> = {
  migrate: { arguments: 0, run: migrateBook },
  verify: { arguments: 0, run: verifyBook },
  rebuild: { arguments: 0, run: rebuildCommand },
  'log export': { arguments: 1, run: exportBook },
  'log import': { arguments: 1, run: importBook },
  import: { arguments: 2, run: importFile },
  'keys issue': { arguments: 2, run: issueKey },
  'keys revoke': { arguments: 2, run: revokeKey },
};

/** Runs one command and leaves its exit code: 0 done, 1 failed or found something, 2 not understood. */
export async function runCommand(args: readonly string[]): Promise<void> {
  const name = [args.slice(0, 2).join(' '), args[0] ?? ''].find((candidate) => candidate in COMMANDS);
  const command = name === undefined ? undefined : COMMANDS[name];
  const rest = args.slice(name?.split(' ').length ?? 0);
  if (command === undefined || rest.filter((one) => !one.startsWith('--')).length !== command.arguments) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  try {
    process.exitCode = await command.run(rest);
  } catch (error) {
    const known = error instanceof StartFailure || error instanceof CommandFailure;
    process.stderr.write(`arrears: ${known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  }
}
