import { prepareBook } from '@app/book';
import { withBook } from './open-book';

/** `arrears migrate` */
export async function migrateBook(): Promise<number> {
  await withBook(prepareBook);
  process.stdout.write('The database is up to date.\n');
  return 0;
}
