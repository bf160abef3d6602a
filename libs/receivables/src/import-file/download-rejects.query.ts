import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Database, EventStore } from '@app/event-store';
import { EVENT_STORE, Refusal, csvLine } from '@app/platform';
import { importNotFound } from './get-import.query';
import { REFUSAL_COLUMNS } from './import-kinds';
import type { ImportRecord } from './import-record';
import { findImport } from './import-record';
import { knownColumns, readHeader } from './reading/file-header';
import { withoutGuard } from './rows/row-reader';

/** The refused rows of an import as CSV text, piece by piece. @throws Refusal `import-not-found`, `import-expired` */
export class DownloadRejectsQuery extends Query<AsyncGenerator<string>> {
  constructor(
    readonly tenantId: number,
    readonly importId: string,
  ) {
    super();
  }
}

const REJECTS_PER_PAGE = 1_000;

interface RejectRow {
  readonly row: number;
  readonly column_name: string;
  readonly code: string;
  readonly reason: string;
  readonly cells: readonly string[] | Readonly<Record<string, string>>;
}

@QueryHandler(DownloadRejectsQuery)
export class DownloadRejectsHandler implements IQueryHandler<DownloadRejectsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ tenantId, importId }: DownloadRejectsQuery): Promise<AsyncGenerator<string>> {
    const { database } = this.store;
    const file = await database.read(tenantId, (tx) => findImport(tx, tenantId, importId));
    if (file === undefined || file.status === 'receiving') throw importNotFound(importId);
    if (file.expired) throw new Refusal('import-expired', 'The refused rows of this import were removed when their time was over.');
    return rejectLines(database, tenantId, file, await columnsOf(database, tenantId, file));
  }
}

/** A column of the download: its name and how to find its cell. */
interface RejectColumn {
  readonly name: string;
  readonly cellOf: (cells: RejectRow['cells']) => string;
}

/** The columns of the file as they came, less the refusal columns of an earlier round. NDJSON: the known ones and those the refused rows name. */
async function columnsOf(database: Database, tenantId: number, { kind, format, header, importId }: ImportRecord): Promise<RejectColumn[]> {
  if (format === 'csv') {
    const cells = header ?? [];
    const { known, extras, mended } = readHeader(kind, cells);
    const places = [...[...known].map(([name, index]) => ({ name, index })), ...extras.map(([name, index]) => ({ name, index }))];
    return places
      .sort((left, right) => left.index - right.index)
      .map(({ name, index }) => ({ name, cellOf: (row) => (isCells(row) ? unguarded(row[index] ?? '', mended) : '') }));
  }
  const extras = await database.read(tenantId, (tx) =>
    tx.query<{ name: string }>(
      `SELECT DISTINCT jsonb_object_keys(cells) AS name FROM rc.import_reject
       WHERE tenant_id = $1 AND import_id = $2 AND jsonb_typeof(cells) = 'object' ORDER BY name`,
      [tenantId, importId],
    ),
  );
  const names = new Set([...knownColumns(kind), ...extras.map((extra) => extra.name)]);
  return [...names].map((name, place) => ({
    name,
    // A line that is no JSON has no members: what came stands in the first column.
    cellOf: (row) => (isCells(row) ? (place === 0 ? (row[0] ?? '') : '') : (row[name] ?? '')),
  }));
}

function isCells(row: RejectRow['cells']): row is readonly string[] {
  return Array.isArray(row);
}

/** The next download guards the cell again. */
function unguarded(cell: string, mended: boolean): string {
  return mended ? withoutGuard(cell.trim()) : cell;
}

async function* rejectLines(
  database: Database,
  tenantId: number,
  file: ImportRecord,
  columns: readonly RejectColumn[],
): AsyncGenerator<string> {
  yield csvLine([...columns.map((column) => column.name), ...REFUSAL_COLUMNS]);
  for (let after = 0; ;) {
    const page = await database.read(tenantId, (tx) =>
      tx.query<RejectRow>(
        `SELECT row, column_name, code, reason, cells FROM rc.import_reject WHERE tenant_id = $1 AND import_id = $2 AND row > $3 ORDER BY row LIMIT $4`,
        [tenantId, file.importId, after, REJECTS_PER_PAGE],
      ),
    );
    const last = page.at(-1);
    if (last === undefined) return;
    yield page
      .map((row) => csvLine([...columns.map((column) => column.cellOf(row.cells)), String(row.row), row.column_name, row.code, row.reason]))
      .join('');
    after = last.row;
  }
}
