import type { QueryArrayConfig } from 'pg';
import { canonicalJson } from '../canonical-json';
import { canonicalEventWriter, HASH_VERSION, type OwnHashedFields, sha256Hex } from '../content-hash';
import type { JsonObject, Position, Tx } from '../types';
import { contentFault, type StoredContent } from './stored-content';
import { StoredJson } from './stored-json';

/**
 * The columns of an event that its hash covers, as the texts PostgreSQL writes. A log has millions of events and most values are only
 * put into the text that is hashed, so a value is parsed where it is looked at and nowhere else.
 */
type ContentRow = readonly [
  position: string,
  streamId: string,
  version: string,
  type: string,
  schemaVersion: string,
  effectiveOn: string,
  principalId: string,
  correlationId: string,
  causationPosition: string | null,
  sourceId: string | null,
  sourceRow: string | null,
  hashVersion: string,
  hash: string,
  category: string | null,
  key: string | null,
  data: string,
];

const COLUMNS = `e.position, e.stream_id, e.version, e.type, e.schema_version, e.effective_on, e.principal_id, e.correlation_id, e.causation_position,
  e.source_id, e.source_row, e.hash_version, encode(e.hash, 'hex'), s.category, s.key, e.data`;
const AS_TEXT: NonNullable<QueryArrayConfig['types']> = { getTypeParser: () => (value: string) => value };

/** Events of the tenant with after < position <= to, by position. */
export function contentBetween(tx: Tx, { after, to }: { readonly after: Position; readonly to: Position }): Promise<ContentRow[]> {
  return rowsOf(tx, 'FROM es.event e', 'e.position > $2 AND e.position <= $3', [tx.tenantId, after, to]);
}

/** Events of one stream of the tenant behind a position, by position. */
export function contentOfStream(
  tx: Tx,
  { category, key, after }: { readonly category: string; readonly key: string; readonly after: Position },
): Promise<ContentRow[]> {
  const from = 'FROM es.stream o JOIN es.event e ON e.tenant_id = $1 AND e.stream_id = o.stream_id';
  const where = 'o.tenant_id = $1 AND o.category = $3 AND o.key = $4 AND e.position > $2';
  return rowsOf(tx, from, where, [tx.tenantId, after, category, key]);
}

async function rowsOf(tx: Tx, from: string, where: string, values: readonly unknown[]): Promise<ContentRow[]> {
  const text = `SELECT ${COLUMNS} ${from} LEFT JOIN es.stream s ON s.tenant_id = $1 AND s.stream_id = e.stream_id
                 WHERE e.tenant_id = $1 AND ${where} ORDER BY e.position`;
  const { rows } = await tx.client.query<string[]>({ text, values: [...values], rowMode: 'array', types: AS_TEXT });
  return rows as unknown as ContentRow[];
}

export interface ContentFault {
  readonly position: Position;
  readonly stream: { readonly category: string; readonly key: string } | null;
  readonly type: string | null;
  readonly detail: string;
}

/** Holds events of one tenant against their hashes, at a few microseconds each. */
export class ContentCheck {
  readonly #json = new StoredJson();
  #last: ContentRow | undefined;
  #write: (event: OwnHashedFields) => string = () => '';

  private constructor(
    private readonly tenantId: number,
    private readonly typeNames: ReadonlyMap<string, string>,
  ) {}

  static async open(tx: Tx, tenantId: number): Promise<ContentCheck> {
    const types = await tx.query<{ code: string; name: string }>('SELECT code::text AS code, name FROM es.event_type');
    return new ContentCheck(tenantId, new Map(types.map(({ code, name }) => [code, name])));
  }

  /** Undefined when the event is what was recorded. */
  faultOf(row: ContentRow): ContentFault | undefined {
    if (this.isAsHashed(row)) return undefined;
    const event = this.storedContent(row);
    const { category, key, type, position } = event;
    // Only a text that was hashed is taken at its word; whatever else is wrong, the one rule for single events says what.
    const detail = contentFault(event);
    if (detail === undefined) return undefined;
    return { position, stream: category === null || key === null ? null : { category, key }, type, detail: `event ${row[0]}: ${detail}` };
  }

  private isAsHashed(row: ContentRow): boolean {
    const [, , version, type, schemaVersion, effectiveOn, , , , , sourceRow, hashVersion, hash, category, key, data] = row;
    const typeName = this.typeNames.get(type);
    if (category === null || key === null || typeName === undefined || Number(hashVersion) !== HASH_VERSION) return false;
    this.shareWith(row);
    try {
      const text = this.#write({
        ...{ category, key, version: Number(version), type: typeName, schemaVersion: Number(schemaVersion), effectiveOn },
        ...{
          sourceRow: sourceRow === null ? null : Number(sourceRow),
          dataText: this.#json.canonical(data) ?? canonicalJson(JSON.parse(data) as JsonObject),
        },
      });
      return sha256Hex(text) === hash;
    } catch {
      return false;
    }
  }

  /** Events of one import follow each other, so what they share is seldom written anew. */
  private shareWith(row: ContentRow): void {
    const last = this.#last;
    this.#last = row;
    if (last?.[6] === row[6] && last[7] === row[7] && last[8] === row[8] && last[9] === row[9]) return;
    const [, , , , , , principalId, correlationId, causation, sourceId] = row;
    const causationPosition = causation === null ? null : BigInt(causation);
    this.#write = canonicalEventWriter({ tenantId: this.tenantId, principalId, correlationId, causationPosition, sourceId });
  }

  private storedContent(row: ContentRow): StoredContent {
    const [position, streamId, version, type, schemaVersion, effectiveOn, principalId, correlationId, causation, sourceId] = row;
    const [sourceRow, hashVersion, hash, category, key, data] = [row[10], row[11], row[12], row[13], row[14], row[15]];
    return {
      ...{ tenant_id: this.tenantId, position: BigInt(position), stream_id: BigInt(streamId), version: Number(version), category, key },
      ...{ type: this.typeNames.get(type) ?? null, schema_version: Number(schemaVersion), effective_on: effectiveOn, recorded_us: 0n },
      ...{ principal_id: principalId, correlation_id: correlationId, causation_position: causation === null ? null : BigInt(causation) },
      ...{ source_id: sourceId, source_row: sourceRow === null ? null : Number(sourceRow), hash_version: Number(hashVersion) },
      ...{ hash: Buffer.from(hash, 'hex'), data: JSON.parse(data) as JsonObject },
    };
  }
}
