import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateBook } from './book/generate-book';
import { readBook, toCsv, writeBook } from './csv-files';

describe('the demo’s files', () => {
  it('give back the book they were written from, so that one edited amount is the only difference', () => {
    const directory = mkdtempSync(join(tmpdir(), 'arrears-demo-spec-'));
    try {
      const book = generateBook();
      writeBook(directory, book);
      expect(readBook(directory)).toEqual(book);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('quote what would break a row, so that a name with a comma stays one name', () => {
    const rows = [{ kind: 'trade', segment: 'a,b', bucket: 'say "1"', rate: 'x\ny', basis: 'assumed' }];
    expect(toCsv('loss-rates', rows)).toBe('kind,segment,bucket,rate,basis\ntrade,"a,b","say ""1""","x\ny",assumed\n');
  });
});
