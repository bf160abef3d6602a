import { Database, verifyLog } from '@app/event-store';
import { withBook } from './open-book';

/** `arrears verify`: 0 when the log is whole, 1 when anything was altered, deleted, reordered or cut off. */
export function verifyBook(): Promise<number> {
  return withBook(async (ownerUrl) => {
    const database = new Database({ connectionString: ownerUrl, role: 'arrears_worker', applicationName: 'arrears-verify', poolSize: 2 });
    try {
      const found = await verifyLog(database, {
        onProgress: (position) => {
          if (process.stderr.isTTY) process.stderr.write(`\rchecked to position ${String(position)}`);
        },
      });
      if (process.stderr.isTTY) process.stderr.write('\n');
      for (const { kind, fromPosition, toPosition, detail } of found.problems)
        process.stdout.write(`${kind} at ${String(fromPosition)}-${String(toPosition)}: ${detail}\n`);
      const head = found.head === null ? 'no seal yet' : `head ${found.head.root} at position ${String(found.head.toPosition)}`;
      process.stdout.write(
        `${found.ok ? 'The log is whole' : `The log is damaged: ${String(found.problemCount)} problems`}; ${String(found.events)} events, ${String(found.seals)} seals, ${head}.\n`,
      );
      return found.ok ? 0 : 1;
    } finally {
      await database.close();
    }
  });
}
