import type { CreditBalance, CreditStep, LocalDate, MovementStep, MovementType, ReceivableBalance } from '@app/credit-domain';
import { creditFrom, receivableFrom } from '@app/credit-domain';
import type { Tx } from '@app/event-store';
import { eachOf, eachOfOrNone } from '../import-file/decide/look-up';

/** A receivable to decide upon, with its whole history, as the book has it in this transaction. */
export interface BookItem {
  readonly receivableId: string;
  readonly streamNo: bigint;
  readonly debtorNo: bigint;
  readonly debtorId: string;
  /** what it is taken for on the date it was loaded for. */
  readonly entityId: string;
  readonly kind: string;
  readonly currency: string;
  readonly invoicedOn: LocalDate;
  readonly balance: ReceivableBalance;
  /** of its stream; counts on as a batch plans events for it. */
  version: number;
}

interface ItemRow {
  receivable_id: string;
  receivable_no: bigint;
  debtor_no: bigint;
  debtor_id: string;
  entity_id: string;
  kind: string;
  currency: string;
  amount: bigint;
  recognised_on: LocalDate;
  invoiced_on: LocalDate;
  moved: boolean;
  version: number | null;
}

/** $1 tenant, $2 numbers of receivables, $3 the date for which entity and kind are read. */
const ITEMS = `
  SELECT r.receivable_id, r.receivable_no, r.debtor_no, d.debtor_id, COALESCE(c.entity_id, r.entity_id) AS entity_id, COALESCE(c.kind, r.kind) AS kind,
         r.currency, r.amount, r.recognised_on, r.invoiced_on, r.last_movement_on IS NOT NULL AS moved, s.version
  FROM unnest($2::bigint[]) AS w(no)
  ${eachOf('SELECT * FROM rc.receivable WHERE tenant_id = $1 AND receivable_no = w.no')} r
  ${eachOf('SELECT debtor_id FROM rc.debtor WHERE tenant_id = $1 AND debtor_no = r.debtor_no')} d
  ${eachOfOrNone('SELECT version FROM es.stream WHERE tenant_id = $1 AND stream_id = r.receivable_no')} s ON true
  ${eachOfOrNone(
    `SELECT entity_id, kind FROM rc.reclassification WHERE tenant_id = $1 AND receivable_no = r.receivable_no AND effective_on <= $3
     ORDER BY effective_on DESC, position DESC LIMIT 1`,
  )} c ON true`;

/** Receivables by number with everything that happened to them: a fixed number of statements, whatever their number. */
export async function loadItems(tx: Tx, tenantId: number, numbers: readonly bigint[], on: string): Promise<BookItem[]> {
  if (numbers.length === 0) return [];
  const rows = await tx.query<ItemRow>(ITEMS, [tenantId, numbers, on]);
  const steps = await loadSteps(
    tx,
    tenantId,
    rows.filter((row) => row.moved).map((row) => row.receivable_no),
  );
  return rows.map((row) => ({
    receivableId: row.receivable_id,
    streamNo: row.receivable_no,
    debtorNo: row.debtor_no,
    debtorId: row.debtor_id,
    entityId: row.entity_id,
    kind: row.kind,
    currency: row.currency,
    invoicedOn: row.invoiced_on,
    balance: receivableFrom(row.recognised_on, row.amount, steps.get(row.receivable_no) ?? []),
    version: row.version ?? 0,
  }));
}

/** The numbers of receivables by their ids; unknown ids are missing. */
export async function findNumbers(tx: Tx, tenantId: number, ids: readonly string[]): Promise<bigint[]> {
  const rows = await tx.query<{ receivable_no: bigint }>(
    `SELECT r.receivable_no FROM unnest($2::text[]) AS w(id)
     ${eachOf('SELECT receivable_no FROM rc.receivable WHERE tenant_id = $1 AND receivable_id = w.id COLLATE "C"')} r`,
    [tenantId, ids],
  );
  return rows.map((row) => row.receivable_no);
}

interface StepRow {
  receivable_no: bigint;
  type: MovementType;
  effective_on: LocalDate;
  gross: bigint;
  credit: bigint;
  recovered: bigint;
}

async function loadSteps(tx: Tx, tenantId: number, numbers: readonly bigint[]): Promise<Map<bigint, MovementStep[]>> {
  const steps = new Map<bigint, MovementStep[]>();
  if (numbers.length === 0) return steps;
  const rows = await tx.query<StepRow>(
    `SELECT m.receivable_no, m.type, m.effective_on, m.gross, m.credit, m.recovered
     FROM unnest($2::bigint[]) AS w(no) ${eachOf('SELECT * FROM rc.movement WHERE tenant_id = $1 AND receivable_no = w.no')} m
     ORDER BY m.position`,
    [tenantId, numbers],
  );
  for (const { receivable_no, type, effective_on: effectiveOn, gross, credit, recovered } of rows) {
    const list = steps.get(receivable_no) ?? [];
    list.push({ type, effectiveOn, gross, credit, recovered });
    steps.set(receivable_no, list);
  }
  return steps;
}

/** The unapplied credit of debtors by `creditOf`; absent = they never had any. */
export async function loadCreditBalances(tx: Tx, tenantId: number, debtorNumbers: readonly bigint[]): Promise<Map<string, CreditBalance>> {
  if (debtorNumbers.length === 0) return new Map();
  const rows = await tx.query<{ debtor_no: bigint; entity_id: string; currency: string; effective_on: LocalDate; credit: bigint }>(
    `SELECT m.debtor_no, m.entity_id, m.currency, m.effective_on, m.credit
     FROM unnest($2::bigint[]) AS w(no) ${eachOf('SELECT * FROM rc.movement WHERE tenant_id = $1 AND debtor_no = w.no AND credit <> 0')} m
     ORDER BY m.position`,
    [tenantId, [...new Set(debtorNumbers)]],
  );
  const steps = new Map<string, CreditStep[]>();
  for (const row of rows) {
    const key = creditOf(row.debtor_no, row.entity_id, row.currency);
    const list = steps.get(key) ?? [];
    list.push({ effectiveOn: row.effective_on, credit: row.credit });
    steps.set(key, list);
  }
  return new Map([...steps].map(([key, list]) => [key, creditFrom(list)]));
}

export function creditOf(debtorNo: bigint, entityId: string, currency: string): string {
  return `${String(debtorNo)}|${currency}|${entityId}`;
}

export const NO_CREDIT: CreditBalance = { credit: 0n, lastEffectiveOn: null, steps: [] };

/** Debtors with the version of their streams, by id. */
export async function loadDebtorStreams(
  tx: Tx,
  tenantId: number,
  debtorIds: readonly string[],
): Promise<Map<string, { readonly debtorNo: bigint; version: number }>> {
  const rows = await tx.query<{ debtor_id: string; debtor_no: bigint; version: number | null }>(
    `SELECT d.debtor_id, d.debtor_no, s.version
     FROM unnest($2::text[]) AS w(id)
     ${eachOf('SELECT debtor_id, debtor_no FROM rc.debtor WHERE tenant_id = $1 AND debtor_id = w.id COLLATE "C"')} d
     ${eachOfOrNone('SELECT version FROM es.stream WHERE tenant_id = $1 AND stream_id = d.debtor_no')} s ON true`,
    [tenantId, [...new Set(debtorIds)]],
  );
  return new Map(rows.map((row) => [row.debtor_id, { debtorNo: row.debtor_no, version: row.version ?? 0 }]));
}

/** The credit after one more change of it. */
export function withCredit(balance: CreditBalance | undefined, on: LocalDate, credit: bigint): CreditBalance {
  return creditFrom([...(balance?.steps ?? []), { effectiveOn: on, credit }]);
}
