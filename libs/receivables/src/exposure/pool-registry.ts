import type { AssessmentPoolFact, DebtorPoolFact } from '@app/credit-domain';
import { poolIntervals } from '@app/credit-domain';
import type { Position, Tx } from '@app/event-store';

/** Everything of one entity, kind and class that one debtor owes. */
export interface Line {
  readonly line_no: bigint;
  readonly debtor_no: bigint;
  readonly entity_id: string;
  readonly kind: string;
  readonly class: string;
}

/** A stretch of time of a line in one pool; `fromOn` inclusive, `toOn` exclusive. */
export interface LineInterval {
  readonly lineNo: bigint;
  readonly fromOn: string;
  readonly toOn: string;
  readonly poolId: number;
}

/** The intervals of lines, from the facts recorded up to a position. Pools seen for the first time are registered. */
export async function intervalsOfLines(tx: Tx, tenantId: number, lines: readonly Line[], knownUpTo: Position): Promise<LineInterval[]> {
  const debtorNumbers = [...new Set(lines.map((line) => line.debtor_no))];
  const debtorFacts = await tx.query<{
    debtor_no: bigint;
    effective_on: string;
    position: bigint;
    segment: string;
    related_party: boolean;
  }>(
    `SELECT debtor_no, effective_on, position, segment, related_party FROM rc.debtor_fact
     WHERE tenant_id = $1 AND debtor_no = ANY($2::bigint[]) AND position <= $3`,
    [tenantId, debtorNumbers, knownUpTo],
  );
  const assessmentFacts = await tx.query<{
    debtor_no: bigint;
    effective_on: string;
    position: bigint;
    entity_id: string | null;
    kinds: string[] | null;
    release: boolean;
  }>(
    `SELECT debtor_no, effective_on, position, entity_id, kinds, release FROM rc.assessment_fact
     WHERE tenant_id = $1 AND debtor_no = ANY($2::bigint[]) AND position <= $3`,
    [tenantId, debtorNumbers, knownUpTo],
  );
  const factsByDebtor = new Map<bigint, DebtorPoolFact[]>();
  for (const f of debtorFacts) {
    push(factsByDebtor, f.debtor_no, {
      effectiveOn: f.effective_on,
      position: f.position,
      segment: f.segment,
      relatedParty: f.related_party,
    });
  }
  const assessmentsByDebtor = new Map<bigint, AssessmentPoolFact[]>();
  for (const f of assessmentFacts) {
    push(assessmentsByDebtor, f.debtor_no, {
      effectiveOn: f.effective_on,
      position: f.position,
      entityId: f.entity_id,
      kinds: f.kinds,
      release: f.release,
    });
  }
  const pools = await PoolRegistry.load(tx, tenantId);
  const intervals: LineInterval[] = [];
  for (const line of lines) {
    const facts = factsByDebtor.get(line.debtor_no) ?? [];
    for (const i of poolIntervals({ entityId: line.entity_id, kind: line.kind }, facts, assessmentsByDebtor.get(line.debtor_no) ?? [])) {
      const poolId = await pools.idOf([line.entity_id, line.kind, line.class, i.segment, i.relatedParty, i.assessed]);
      intervals.push({ lineNo: line.line_no, fromOn: i.from, toOn: i.to, poolId });
    }
  }
  return intervals;
}

type PoolKey = readonly [entityId: string, kind: string, className: string, segment: string, related: boolean, assessed: boolean];

/** The pools of a tenant: few, so all of them are held while a page is projected. */
class PoolRegistry {
  private constructor(
    private readonly tx: Tx,
    private readonly tenantId: number,
    private readonly ids: Map<string, number>,
  ) {}

  static async load(tx: Tx, tenantId: number): Promise<PoolRegistry> {
    const rows = await tx.query<{
      pool_id: number;
      entity_id: string;
      kind: string;
      class: string;
      segment: string;
      related: boolean;
      assessed: boolean;
    }>('SELECT pool_id, entity_id, kind, class, segment, related, assessed FROM rc.pool WHERE tenant_id = $1', [tenantId]);
    return new PoolRegistry(
      tx,
      tenantId,
      new Map(rows.map((r) => [JSON.stringify([r.entity_id, r.kind, r.class, r.segment, r.related, r.assessed]), r.pool_id])),
    );
  }

  async idOf(key: PoolKey): Promise<number> {
    const name = JSON.stringify(key);
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    const [row] = await this.tx.query<{ pool_id: number }>(
      'INSERT INTO rc.pool (tenant_id, entity_id, kind, class, segment, related, assessed) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING pool_id',
      [this.tenantId, ...key],
    );
    if (row === undefined) throw new Error('A pool could not be registered.');
    this.ids.set(name, row.pool_id);
    return row.pool_id;
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
