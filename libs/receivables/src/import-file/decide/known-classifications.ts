import type { Classification } from '@app/credit-domain';
import { inForceAt } from '@app/credit-domain';
import type { Tx } from '@app/event-store';
import type { ClassificationRow } from '../../histories/classification-row';
import { classificationOf } from '../../histories/classification-row';
import type { KnownReceivable } from './movement-lookup';
import { eachOf } from './look-up';

export interface KnownClassification extends Classification {
  readonly documentNo: string;
}

/** Later than everything recorded: facts of the same batch follow each other from here on. */
const LATEST = 2n ** 63n - 1n;

interface ClassificationAnswer extends ClassificationRow {
  readonly receivable_no: bigint;
  readonly document_no: string;
}

/**
 * Gives receivables what they are taken for over time, where that may be more than their recognition: those of `reclassified` and those that
 * were reclassified before. A book without reclassifications costs one look.
 */
export async function loadClassifications(
  tx: Tx,
  tenantId: number,
  receivables: ReadonlyMap<string, KnownReceivable>,
  reclassified: readonly string[],
): Promise<void> {
  const [some] = await tx.query<{ reclassified: boolean }>(
    'SELECT EXISTS (SELECT 1 FROM rc.reclassification WHERE tenant_id = $1) AS reclassified',
    [tenantId],
  );
  const wanted = new Map<bigint, KnownReceivable>();
  for (const id of reclassified) {
    const receivable = receivables.get(id);
    if (receivable !== undefined) wanted.set(receivable.streamNo, receivable);
  }
  if (some?.reclassified === true) for (const receivable of receivables.values()) wanted.set(receivable.streamNo, receivable);
  if (wanted.size === 0) return;
  const numbers = [...wanted.keys()];
  const later = await tx.query<ClassificationAnswer>(
    `SELECT x.receivable_no, x.effective_on, x.position, x.entity_id, x.kind, x.class, x.invoiced_on, x.due_on, x.document_no
     FROM unnest($2::bigint[]) AS w(no) ${eachOf('SELECT * FROM rc.reclassification WHERE tenant_id = $1 AND receivable_no = w.no')} x
     ORDER BY x.position`,
    [tenantId, numbers],
  );
  const needed = new Set([...later.map((row) => row.receivable_no), ...reclassified.map((id) => receivables.get(id)?.streamNo)]);
  const first = await tx.query<ClassificationAnswer>(
    `SELECT r.receivable_no, r.recognised_on AS effective_on, r.position, r.entity_id, r.kind, r.class, r.invoiced_on, r.due_on, r.document_no
     FROM unnest($2::bigint[]) AS w(no) ${eachOf('SELECT * FROM rc.receivable WHERE tenant_id = $1 AND receivable_no = w.no')} r`,
    [tenantId, numbers.filter((no) => needed.has(no))],
  );
  for (const row of [...first, ...later]) {
    const receivable = wanted.get(row.receivable_no);
    if (receivable !== undefined) (receivable.classifications ??= []).push({ ...classificationOf(row), documentNo: row.document_no });
  }
}

/** What a receivable is taken for on a day as recorded so far, this batch included. */
export function classificationOn(classifications: readonly KnownClassification[], on: string): KnownClassification {
  const found = inForceAt(classifications, { asOf: on, position: LATEST }) ?? classifications[0];
  if (found === undefined) throw new Error('a receivable without its recognition cannot be classified');
  return found;
}

/** The legal entity a receivable belongs to on a day. */
export function entityOn({ entityId, classifications }: KnownReceivable, on: string): string {
  return classifications === undefined ? entityId : classificationOn(classifications, on).entityId;
}

/** The place in time of a classification decided in this batch. */
export function nextPosition(classifications: readonly KnownClassification[]): bigint {
  return classifications.reduce((latest, { position }) => (position > latest ? position : latest), 0n) + 1n;
}
