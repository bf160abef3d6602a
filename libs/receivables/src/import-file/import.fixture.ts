import { randomBytes, randomUUID } from 'node:crypto';
import type { Database as DatabaseType, EventDefinition, JsonObject } from '@app/event-store';
import { Database, EventStore, registerEventTypes } from '@app/event-store';
import type { Clock, Intents, RequestContext } from '@app/platform';
import { PersonalDataVault, SecretBox } from '@app/platform';
import type { TestDatabase } from '@app/testing';
import { createTestDatabase } from '@app/testing';
import { events } from '../events';
import { controlTotals } from './decide/control-totals';
import { debtors } from './decide/debtors';
import type { RowKind } from './decide/decided-batch';
import { fxRates } from './decide/fx-rates';
import { movements } from './decide/movements';
import type { StatedDeclaration } from '../open-items/declaration';
import { openItemsOf } from '../open-items/open-items';
import { receivables } from './decide/receivables';
import { DownloadRejectsHandler, DownloadRejectsQuery } from './download-rejects.query';
import type { ImportFormat, ImportKind } from './import-kinds';
import type { ImportRecord } from './import-record';
import { findImport } from './import-record';
import { ReceiveImportCommand } from './receive-import.command';
import { ReceiveImportHandler } from './receive-import.handler';
import type { ImportRun } from './run-import';
import { runImport } from './run-import';

/** Events of other features that the book reads. */
const FOREIGN_EVENTS: EventDefinition[] = [
  { code: 2, type: 'TenantSettingsChanged', schemaVersion: 1 },
  { code: 203, type: 'IndividualAssessmentApproved', schemaVersion: 1 },
];

export const HEADERS: Readonly<Record<ImportKind, string>> = {
  debtors: 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency',
  receivables: 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no',
  movements: 'movement_id,receivable_id,type,amount,effective_on,reference',
  'fx-rates': 'base,quote,rate,effective_on',
  'control-totals': 'entity_id,kind,currency,account,as_of,amount',
  'open-items': 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no',
};

/** The tables a rebuild of the book refills. */
const BOOK_TABLES = [
  'debtor',
  'debtor_fact',
  'receivable',
  'movement',
  'reclassification',
  'fx_rate',
  'control_total',
  'control_explanation',
  'movement_classification',
  'open_credit',
  'enforcement_end',
];

export interface ImportOptions {
  readonly dryRun?: boolean;
  readonly charset?: string;
  readonly format?: ImportFormat;
  readonly rowsPerBatch?: number;
  /** What a list of open items declares. */
  readonly declaration?: StatedDeclaration;
  /** The import as a worker that was left behind remembers it. */
  readonly file?: ImportRecord;
  /** Thrown after so many batches were recorded, as a crash would. */
  readonly crashAfterBatches?: number;
}

export interface Outcome {
  readonly id: string;
  readonly status: string;
  readonly accepted: number;
  readonly rejected: number;
  readonly unchanged: number;
  /** `row column code` of every refused row. */
  readonly refusals: readonly string[];
}

/** A book in a database of its own, fed the way the application feeds it: upload, then run. */
export class TestBook {
  today = '2026-01-15';
  readonly requested: string[] = [];

  private constructor(
    readonly server: TestDatabase,
    readonly api: EventStore,
    readonly worker: EventStore,
    readonly vault: PersonalDataVault,
  ) {}

  static async create(): Promise<TestBook> {
    const server = await createTestDatabase({ schemas: ['pf', 'rc'] });
    const catalogue = [...events, ...FOREIGN_EVENTS];
    await registerEventTypes(server.ownerUrl, catalogue);
    const open = (connectionString: string, role: 'arrears_api' | 'arrears_worker'): EventStore =>
      new EventStore(new Database({ connectionString, role, applicationName: 'receivables-test' }), catalogue);
    const vault = new PersonalDataVault(new SecretBox(randomBytes(32)));
    return new TestBook(server, open(server.apiUrl, 'arrears_api'), open(server.workerUrl, 'arrears_worker'), vault);
  }

  async drop(): Promise<void> {
    await this.api.database.close();
    await this.worker.database.close();
    await this.server.drop();
  }

  get database(): DatabaseType {
    return this.worker.database;
  }

  private get clock(): Clock {
    return { now: () => new Date(`${this.today}T12:00:00Z`), today: () => this.today };
  }

  context(tenantId = 1): RequestContext {
    return { tenantId, principalId: randomUUID(), roles: ['ingest'], correlationId: randomUUID(), newId: () => randomUUID() };
  }

  /** Uploads a file; the first record of CSV text is its header. */
  async upload(kind: string, body: string | Uint8Array, options: ImportOptions = {}, context = this.context()): Promise<string> {
    const intents = {
      request: (_tx: unknown, _tenantId: number, intent: { kind: string }) => {
        this.requested.push(intent.kind);
        return Promise.resolve(randomUUID());
      },
    } as unknown as Intents;
    const handler = new ReceiveImportHandler(this.api, intents, this.clock);
    const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
    const { id } = await handler.execute(
      new ReceiveImportCommand(context, {
        kind,
        format: options.format ?? 'csv',
        charset: options.charset,
        dryRun: options.dryRun ?? false,
        ...(options.declaration === undefined ? {} : { declaration: options.declaration }),
        body: inPieces(bytes),
      }),
    );
    return id;
  }

  /** Runs an uploaded import, as the job does. */
  async run(id: string, options: ImportOptions = {}, tenantId = 1): Promise<void> {
    await this.database.transaction(tenantId, (tx) =>
      tx.execute(`UPDATE rc.import SET status = 'running' WHERE tenant_id = $1 AND import_id = $2`, [tenantId, id]),
    );
    let batches = 0;
    const run: ImportRun = {
      store: this.worker,
      tenantId,
      file: options.file ?? (await this.record(id, tenantId)),
      today: this.today,
      doneOn: this.today,
      awaitedProcessors: [],
      proceed: () => {
        batches += 1;
        return batches === options.crashAfterBatches ? Promise.reject(new Error('crashed')) : Promise.resolve();
      },
      ...(options.rowsPerBatch === undefined ? {} : { rowsPerBatch: options.rowsPerBatch }),
    };
    switch (run.file.kind) {
      case 'debtors':
        return runImport(run, debtors(this.vault));
      case 'receivables':
        return runImport(run, receivables(this.worker));
      case 'movements':
        return runImport(run, movements(this.worker) as RowKind<unknown>);
      case 'fx-rates':
        return runImport(run, fxRates);
      case 'control-totals':
        return runImport(run, controlTotals);
      case 'open-items':
        return runImport(run, openItemsOf(run.file, receivables(this.worker)));
    }
  }

  /** Uploads, runs and reports. `rows` are lines of CSV under the kind's usual header unless `header` says otherwise. */
  async import(kind: ImportKind, rows: readonly string[], options: ImportOptions & { readonly header?: string } = {}): Promise<Outcome> {
    return this.importText(kind, [options.header ?? HEADERS[kind], ...rows].join('\n'), options);
  }

  async importText(kind: ImportKind, body: string | Uint8Array, options: ImportOptions = {}): Promise<Outcome> {
    const id = await this.upload(kind, body, options);
    await this.run(id, options);
    return this.outcome(id);
  }

  async record(id: string, tenantId = 1): Promise<ImportRecord> {
    const found = await this.database.read(tenantId, (tx) => findImport(tx, tenantId, id));
    if (found === undefined) throw new Error(`there is no import ${id}`);
    return found;
  }

  async outcome(id: string): Promise<Outcome> {
    const { status, accepted, rejected, unchanged } = await this.record(id);
    const rejects = await this.rows<{ row: number; column_name: string; code: string }>(
      'SELECT row, column_name, code FROM rc.import_reject WHERE tenant_id = 1 AND import_id = $1 ORDER BY row',
      [id],
    );
    const refusals = rejects.map((reject) => [String(reject.row), reject.column_name, reject.code].filter((part) => part !== '').join(' '));
    return { id, status, accepted, rejected, unchanged, refusals };
  }

  async rejectsCsv(id: string): Promise<string> {
    const lines = await new DownloadRejectsHandler(this.api).execute(new DownloadRejectsQuery(1, id));
    let text = '';
    for await (const line of lines) text += line;
    return text;
  }

  rows<R extends object = JsonObject>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return this.database.read(1, (tx) => tx.query<R>(sql, params));
  }

  /** Number of facts in the log, imports themselves left out. */
  async facts(): Promise<number> {
    const [found] = await this.rows<{ count: bigint }>(
      'SELECT count(*) AS count FROM es.event WHERE tenant_id = 1 AND type BETWEEN 103 AND 108',
    );
    return Number(found?.count ?? 0n);
  }

  /** Every row of the book as text, table by table: two books are the same when this is. */
  async bookText(): Promise<string> {
    const parts: string[] = [];
    for (const table of BOOK_TABLES) {
      const rows = await this.rows<{ line: string }>(`SELECT t::text AS line FROM rc.${table} t WHERE tenant_id = 1 ORDER BY 1`);
      parts.push(`${table}\n${rows.map((row) => row.line).join('\n')}`);
    }
    return parts.join('\n\n');
  }
}

/** Bytes in small pieces, cut where no boundary of characters or lines is. */
async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const size = Math.max(7, Math.ceil(bytes.length / 50));
  for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.subarray(from, from + size));
}
