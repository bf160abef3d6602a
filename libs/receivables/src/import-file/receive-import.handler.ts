import { createHash } from 'node:crypto';
import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { CommandHandler } from '@nestjs/cqrs';
import type { Database, EventStore, JsonObject, Position } from '@app/event-store';
import type { Clock, RequestContext } from '@app/platform';
import { CLOCK, EVENT_STORE, Intents, Refusal, eventContext } from '@app/platform';
import type { OpenItemsDeclaration } from '../open-items/declaration';
import { openItemsDeclaration } from '../open-items/declaration';
import { IMPORT_JOB_KEY, IMPORT_JOB_KIND } from './import-job-names';
import type { ImportKind } from './import-kinds';
import { IMPORT_KINDS, isImportKind } from './import-kinds';
import { findImport } from './import-record';
import { inspectHead } from './reading/inspect-head';
import { decodeUpload } from './reading/upload-text';
import { storeChunks } from './store-chunks';
import type { Upload } from './receive-import.command';
import { ReceiveImportCommand } from './receive-import.command';

interface AcceptedUpload {
  readonly kind: ImportKind;
  readonly format: Upload['format'];
  readonly dryRun: boolean;
  readonly declaration: OpenItemsDeclaration | undefined;
}

/** What arrived, once all of it is stored. */
interface StoredUpload {
  readonly byteCount: bigint;
  readonly sha256: Buffer;
  readonly header: readonly string[] | null;
}

@CommandHandler(ReceiveImportCommand)
export class ReceiveImportHandler implements ICommandHandler<ReceiveImportCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly intents: Intents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ context, upload }: ReceiveImportCommand): Promise<{ id: string; status: 'queued' }> {
    const { kind } = upload;
    if (!isImportKind(kind))
      throw new Refusal('import-kind-unknown', `There is no import of ${JSON.stringify(kind)}. Known are ${IMPORT_KINDS.join(', ')}.`);
    const declaration = kind === 'open-items' ? openItemsDeclaration(upload.declaration ?? {}, this.clock.today()) : undefined;
    const id = context.newId();
    const { database } = this.store;
    if (!(await this.open(context, id, kind, upload, declaration))) return { id, status: 'queued' };
    let stored: StoredUpload;
    try {
      stored = await receive(database, context.tenantId, id, kind, upload);
    } catch (error) {
      await discard(database, context.tenantId, id);
      throw error instanceof Refusal || !isBrokenOff(error)
        ? error
        : new Refusal('upload-broken-off', 'The upload broke off before its end.');
    }
    const position = await this.accept(context, id, { kind, declaration, format: upload.format, dryRun: upload.dryRun }, stored);
    if (position !== undefined) await this.store.settle(position);
    return { id, status: 'queued' };
  }

  /** False when a request with the same Idempotency-Key has brought this import in already. */
  private open(
    context: RequestContext,
    id: string,
    kind: ImportKind,
    { format, dryRun }: Upload,
    declaration: OpenItemsDeclaration | undefined,
  ): Promise<boolean> {
    const { tenantId, principalId, correlationId } = context;
    return this.store.database.transaction(tenantId, async (tx) => {
      const earlier = await findImport(tx, tenantId, id);
      if (earlier !== undefined && earlier.status !== 'receiving') return false;
      await tx.execute('DELETE FROM rc.import_chunk WHERE tenant_id = $1 AND import_id = $2', [tenantId, id]);
      await tx.execute('DELETE FROM rc.import WHERE tenant_id = $1 AND import_id = $2', [tenantId, id]);
      await tx.execute(
        `INSERT INTO rc.import (tenant_id, import_id, kind, format, dry_run, status, principal_id, correlation_id, received_at, as_of, entity_id, kinds, max_vanished_share)
         VALUES ($1, $2, $3, $4, $5, 'receiving', $6, $7, $8, $9, $10, $11, $12)`,
        [
          ...[tenantId, id, kind, format, dryRun, principalId, correlationId, this.clock.now()],
          ...[declaration?.asOf ?? null, declaration?.entityId ?? null, declaration?.kinds ?? null, declaration?.maxVanishedShare ?? null],
        ],
      );
      return true;
    });
  }

  /** The fact, the place in the queue and the intent to run it commit together. A dry run leaves no fact. */
  private accept(
    context: RequestContext,
    id: string,
    { kind, format, dryRun, declaration }: AcceptedUpload,
    stored: StoredUpload,
  ): Promise<Position | undefined> {
    const { tenantId } = context;
    const { byteCount, sha256, header } = stored;
    return this.store.database.transaction(tenantId, async (tx) => {
      // Two uploads that end together take their places one after the other, so that the queue is the order of the commits.
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`import-queue ${String(tenantId)}`]);
      let position: Position | undefined;
      if (!dryRun) {
        const stated = declaration === undefined ? {} : declared(declaration);
        const data = { importId: id, kind, format, byteCount: Number(byteCount), sha256: sha256.toString('hex'), ...stated };
        const event = { type: 'ImportReceived', effectiveOn: this.clock.today(), data };
        const [appended] = await this.store.append(tx, eventContext(context), [
          { category: 'import', key: id, expectedVersion: 0, events: [event] },
        ]);
        position = appended?.lastPosition;
      }
      await tx.execute(
        `UPDATE rc.import SET status = 'queued', queue_order = nextval('rc.import_order'), header = $3, byte_count = $4, sha256 = $5, received_position = $6
         WHERE tenant_id = $1 AND import_id = $2`,
        [tenantId, id, header, byteCount, sha256, position ?? null],
      );
      await this.intents.request(tx, tenantId, { kind: IMPORT_JOB_KIND, key: IMPORT_JOB_KEY, payload: {} });
      return position;
    });
  }
}

function declared({ asOf, entityId, kinds, maxVanishedShare }: OpenItemsDeclaration): JsonObject {
  return { asOf, entityId, ...(kinds !== null && { kinds: [...kinds] }), ...(maxVanishedShare !== null && { maxVanishedShare }) };
}

async function receive(database: Database, tenantId: number, id: string, kind: ImportKind, upload: Upload): Promise<StoredUpload> {
  const head = inspectHead(kind, upload.format);
  const hash = createHash('sha256');
  let byteCount = 0n;
  async function* checked(): AsyncGenerator<Buffer> {
    for await (const text of decodeUpload(upload.body, upload.charset)) {
      head.look(text);
      const bytes = Buffer.from(text, 'utf8');
      hash.update(bytes);
      byteCount += BigInt(bytes.length);
      yield bytes;
    }
  }
  await storeChunks(database, tenantId, id, checked());
  return { header: head.end(), byteCount, sha256: hash.digest() };
}

async function discard(database: Database, tenantId: number, id: string): Promise<void> {
  await database.transaction(tenantId, async (tx) => {
    await tx.execute('DELETE FROM rc.import_chunk WHERE tenant_id = $1 AND import_id = $2', [tenantId, id]);
    await tx.execute('DELETE FROM rc.import WHERE tenant_id = $1 AND import_id = $2', [tenantId, id]);
  });
}

const BROKEN_OFF_CODES: readonly unknown[] = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'];

function isBrokenOff(error: unknown): boolean {
  return error instanceof Error && ('code' in error ? BROKEN_OFF_CODES.includes(error.code) : error.message.includes('broke off'));
}
