import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { prepareBook } from '@app/book';
import { Database, exportLog, importLog, LogImportRefused, type LogTransfer } from '@app/event-store';
import { CommandFailure } from './command-failure';
import { withBook } from './open-book';
import { exportPersonalKeys, importPersonalKeys, personalKeysFile } from './personal-keys';
import { rebuildEveryTenant } from './rebuild.command';

function report(verb: string, { events, streams, seals, lastPosition }: LogTransfer): void {
  process.stdout.write(
    `${verb} ${String(events)} events of ${String(streams)} streams, ${String(seals)} seals, last position ${String(lastPosition)}.\n`,
  );
}

/** `arrears log export <file>`: written aside and renamed, so that a file that exists is a whole one. */
export function exportBook([file = '']: readonly string[]): Promise<number> {
  return withBook(async (ownerUrl) => {
    const database = new Database({
      connectionString: ownerUrl,
      role: 'arrears_worker',
      applicationName: 'arrears-log-export',
      poolSize: 1,
    });
    try {
      const target = createWriteStream(`${file}.part`, { mode: 0o600 });
      const transfer = await exportLog(database, target);
      target.end();
      await finished(target);
      await rename(`${file}.part`, file);
      await exportPersonalKeys(ownerUrl, file);
      report('Exported', transfer);
      return 0;
    } finally {
      await database.close();
    }
  });
}

/** `arrears log import <file>`: into a database whose log is empty. */
export function importBook([file = '']: readonly string[]): Promise<number> {
  return withBook(async (ownerUrl) => {
    await prepareBook(ownerUrl);
    try {
      report('Imported', await importLog(ownerUrl, createReadStream(file)));
      if (!(await importPersonalKeys(ownerUrl, file)))
        process.stdout.write(`There is no ${personalKeysFile(file)}: names and other personal details cannot be read.\n`);
      return await rebuildEveryTenant(ownerUrl);
    } catch (error) {
      if (error instanceof LogImportRefused) throw new CommandFailure(error.message);
      throw error;
    }
  });
}
