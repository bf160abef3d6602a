import type { CreditStep, LocalDate, MovementStep, MovementType, ReceivableBalance } from '@app/credit-domain';
import { creditFrom, openReceivable, receivableFrom } from '@app/credit-domain';
import type { EventStore, Tx } from '@app/event-store';
import { tenantCurrency } from '../../ageing/presentation-currency';
import type { Entities } from '../../entities/entity.fold';
import { readEntities } from '../../entities/entity.fold';
import type { MovementRow } from '../rows/movement-row';
import type { TermsOfDebtor } from './debtor-lookup';
import { loadTerms } from './debtor-lookup';
import type { KnownClassification } from './known-classifications';
import { loadClassifications } from './known-classifications';
import { eachOf, eachOfOrNone } from './look-up';

/** A stream that movements of this batch go to, with the version its next event builds on. */
export interface TargetStream {
  readonly streamNo: bigint;
  version: number;
}

export interface KnownReceivable extends TargetStream {
  readonly debtorNo: bigint;
  readonly debtorId: string;
  /** as recognised. */
  readonly entityId: string;
  readonly currency: string;
  balance: ReceivableBalance;
  /** its recognition and what became of it, this batch included; undefined where the recognition is all there is. */
  classifications?: KnownClassification[];
}

export interface KnownDebtor extends TargetStream {
  readonly debtorId: string;
}

/** The unapplied credit of a debtor in one entity and currency, kept as the batch goes on. */
export interface RunningCredit {
  credit: bigint;
  lastEffectiveOn: LocalDate | null;
  readonly steps: CreditStep[];
}

/** Everything the rows of a batch touch, as the book has it. */
export interface MovementBook {
  /** Movement id -> hash of its content. */
  readonly contents: Map<string, string>;
  readonly receivables: ReadonlyMap<string, KnownReceivable>;
  /** The debtors named by rows without a receivable. */
  readonly debtors: ReadonlyMap<string, KnownDebtor>;
  /** By `creditKey`; complete for the debtors in `creditDebtors`. */
  readonly credits: Map<string, RunningCredit>;
  readonly creditDebtors: ReadonlySet<bigint>;
  /** Debtor number -> the one currency of its receivables; absent when there is none or more than one. */
  readonly onlyCurrencies: ReadonlyMap<bigint, string>;
  /** The currency of the book or of the tenant, for advances of debtors without receivables. */
  readonly bookCurrency: string | undefined;
  /** Registered entities and terms of debtors; empty where no row reclassifies. */
  readonly entities: Entities;
  readonly terms: TermsOfDebtor;
}

export function creditKey(debtorNo: bigint, entityId: string, currency: string): string {
  return `${String(debtorNo)}|${currency}|${entityId}`;
}

/** Loads what a batch of movements touches: a fixed number of statements, whatever its size. Histories only where something is back-dated. */
export async function loadMovementBook(store: EventStore, tx: Tx, tenantId: number, rows: readonly MovementRow[]): Promise<MovementBook> {
  const contents = await loadContents(tx, tenantId, rows);
  const receivables = await loadReceivables(tx, tenantId, rows);
  await loadHistories(tx, tenantId, rows, receivables);
  const unallocated = rows.filter((row) => row.receivableId === '');
  const debtors = await loadDebtors(tx, tenantId, unallocated);
  const creditDebtors = new Set([...debtors.values()].map((debtor) => debtor.streamNo));
  for (const row of rows) {
    const receivable = receivables.get(row.receivableId);
    if (receivable !== undefined && (row.type === 'refund' || row.type === 'payment_reversal')) creditDebtors.add(receivable.debtorNo);
  }
  const credits = await loadCredits(tx, tenantId, [...creditDebtors]);
  const withoutCurrency = unallocated.filter((row) => row.currency === '').map((row) => debtors.get(row.debtorId)?.streamNo);
  const onlyCurrencies = await loadOnlyCurrencies(tx, tenantId, withoutCurrency);
  const bookCurrency = withoutCurrency.length > onlyCurrencies.size ? await loadBookCurrency(store, tx, tenantId) : undefined;
  const reclassified = rows.filter((row) => row.type === 'reclassify').map((row) => row.receivableId);
  await loadClassifications(tx, tenantId, receivables, reclassified);
  const entities = reclassified.length === 0 ? new Map<string, never>() : await readEntities(store, tx);
  const terms = await loadTerms(
    tx,
    tenantId,
    reclassified.map((id) => receivables.get(id)?.debtorNo),
  );
  return { contents, receivables, debtors, credits, creditDebtors, onlyCurrencies, bookCurrency, entities, terms };
}

async function loadContents(tx: Tx, tenantId: number, rows: readonly MovementRow[]): Promise<Map<string, string>> {
  const found = await tx.query<{ movement_id: string; content: string }>(
    `SELECT m.movement_id, encode(m.content_hash, 'base64') AS content
     FROM unnest($2::text[]) AS w(id)
     ${eachOf('SELECT movement_id, content_hash FROM rc.movement WHERE tenant_id = $1 AND movement_id = w.id COLLATE "C"')} m`,
    [tenantId, rows.map((row) => row.movementId)],
  );
  return new Map(found.map((row) => [row.movement_id, row.content]));
}

interface ReceivableAnswer {
  receivable_id: string;
  receivable_no: bigint;
  debtor_no: bigint;
  debtor_id: string;
  entity_id: string;
  currency: string;
  amount: bigint;
  outstanding: bigint;
  written_off: bigint;
  own_credit: bigint;
  recovered: bigint;
  recognised_on: LocalDate;
  last_movement_on: LocalDate | null;
  version: number | null;
}

async function loadReceivables(tx: Tx, tenantId: number, rows: readonly MovementRow[]): Promise<Map<string, KnownReceivable>> {
  const wanted = new Set(rows.map((row) => row.receivableId).filter((id) => id !== ''));
  const found = await tx.query<ReceivableAnswer>(
    `SELECT r.receivable_id, r.receivable_no, r.debtor_no, d.debtor_id, r.entity_id, r.currency, r.amount, r.outstanding, r.written_off, r.own_credit,
            r.recovered, r.recognised_on, r.last_movement_on, s.version
     FROM unnest($2::text[]) AS w(id)
     ${eachOf('SELECT * FROM rc.receivable WHERE tenant_id = $1 AND receivable_id = w.id COLLATE "C"')} r
     ${eachOf('SELECT debtor_id FROM rc.debtor WHERE tenant_id = $1 AND debtor_no = r.debtor_no')} d
     ${eachOfOrNone('SELECT version FROM es.stream WHERE tenant_id = $1 AND stream_id = r.receivable_no')} s ON true`,
    [tenantId, [...wanted]],
  );
  return new Map(
    found.map((r) => [
      r.receivable_id,
      {
        streamNo: r.receivable_no,
        version: r.version ?? 0,
        debtorNo: r.debtor_no,
        debtorId: r.debtor_id,
        entityId: r.entity_id,
        currency: r.currency,
        balance:
          r.last_movement_on === null
            ? openReceivable(r.recognised_on, r.amount)
            : {
                recognisedOn: r.recognised_on,
                lastEffectiveOn: r.last_movement_on > r.recognised_on ? r.last_movement_on : r.recognised_on,
                outstanding: r.outstanding,
                writtenOff: r.written_off,
                ownCredit: r.own_credit,
                recovered: r.recovered,
              },
      },
    ]),
  );
}

/** Gives the receivables that get a movement dated before another one their steps. */
async function loadHistories(
  tx: Tx,
  tenantId: number,
  rows: readonly MovementRow[],
  receivables: ReadonlyMap<string, KnownReceivable>,
): Promise<void> {
  const latest = new Map<KnownReceivable, LocalDate>();
  const backDated = new Map<bigint, KnownReceivable>();
  for (const row of rows) {
    const receivable = receivables.get(row.receivableId);
    if (receivable === undefined || receivable.balance.steps !== undefined) continue;
    const last = latest.get(receivable) ?? receivable.balance.lastEffectiveOn;
    if (row.effectiveOn < last) backDated.set(receivable.streamNo, receivable);
    else latest.set(receivable, row.effectiveOn);
  }
  if (backDated.size === 0) return;
  const found = await tx.query<{
    receivable_no: bigint;
    type: MovementType;
    effective_on: LocalDate;
    gross: bigint;
    credit: bigint;
    recovered: bigint;
  }>(
    `SELECT m.receivable_no, m.type, m.effective_on, m.gross, m.credit, m.recovered
     FROM unnest($2::bigint[]) AS w(no) ${eachOf('SELECT * FROM rc.movement WHERE tenant_id = $1 AND receivable_no = w.no')} m
     ORDER BY m.position`,
    [tenantId, [...backDated.keys()]],
  );
  const steps = new Map<bigint, MovementStep[]>();
  for (const m of found) {
    const step = { type: m.type, effectiveOn: m.effective_on, gross: m.gross, credit: m.credit, recovered: m.recovered };
    const list = steps.get(m.receivable_no);
    if (list === undefined) steps.set(m.receivable_no, [step]);
    else list.push(step);
  }
  for (const [streamNo, receivable] of backDated) {
    const history = steps.get(streamNo) ?? [];
    const { recognisedOn, outstanding } = receivable.balance;
    const amount = history.reduce((rest, step) => rest - step.gross, outstanding);
    receivable.balance = receivableFrom(recognisedOn, amount, history);
  }
}

async function loadDebtors(tx: Tx, tenantId: number, rows: readonly MovementRow[]): Promise<Map<string, KnownDebtor>> {
  if (rows.length === 0) return new Map();
  const found = await tx.query<{ debtor_id: string; debtor_no: bigint; version: number | null }>(
    `SELECT d.debtor_id, d.debtor_no, s.version
     FROM unnest($2::text[]) AS w(id)
     ${eachOf('SELECT debtor_id, debtor_no FROM rc.debtor WHERE tenant_id = $1 AND debtor_id = w.id COLLATE "C"')} d
     ${eachOfOrNone('SELECT version FROM es.stream WHERE tenant_id = $1 AND stream_id = d.debtor_no')} s ON true`,
    [tenantId, [...new Set(rows.map((row) => row.debtorId))]],
  );
  return new Map(found.map((d) => [d.debtor_id, { debtorId: d.debtor_id, streamNo: d.debtor_no, version: d.version ?? 0 }]));
}

async function loadCredits(tx: Tx, tenantId: number, debtorNumbers: readonly bigint[]): Promise<Map<string, RunningCredit>> {
  if (debtorNumbers.length === 0) return new Map();
  const found = await tx.query<{ debtor_no: bigint; entity_id: string; currency: string; effective_on: LocalDate; credit: bigint }>(
    `SELECT m.debtor_no, m.entity_id, m.currency, m.effective_on, m.credit
     FROM unnest($2::bigint[]) AS w(no) ${eachOf('SELECT * FROM rc.movement WHERE tenant_id = $1 AND debtor_no = w.no AND credit <> 0')} m
     ORDER BY m.position`,
    [tenantId, debtorNumbers],
  );
  const steps = new Map<string, CreditStep[]>();
  for (const m of found) {
    const key = creditKey(m.debtor_no, m.entity_id, m.currency);
    const step = { effectiveOn: m.effective_on, credit: m.credit };
    const list = steps.get(key);
    if (list === undefined) steps.set(key, [step]);
    else list.push(step);
  }
  return new Map([...steps].map(([key, list]) => [key, { ...creditFrom(list), steps: list }]));
}

async function loadOnlyCurrencies(tx: Tx, tenantId: number, debtorNumbers: readonly (bigint | undefined)[]): Promise<Map<bigint, string>> {
  const wanted = [...new Set(debtorNumbers.filter((no) => no !== undefined))];
  if (wanted.length === 0) return new Map();
  const found = await tx.query<{ debtor_no: bigint; currency: string }>(
    `SELECT w.no AS debtor_no, min(r.currency) AS currency
     FROM unnest($2::bigint[]) AS w(no) ${eachOf('SELECT currency FROM rc.receivable WHERE tenant_id = $1 AND debtor_no = w.no')} r
     GROUP BY w.no HAVING min(r.currency) = max(r.currency)`,
    [tenantId, wanted],
  );
  return new Map(found.map((row) => [row.debtor_no, row.currency]));
}

/** What an amount without a currency is in: the book's only currency, else the one the tenant reports in. */
async function loadBookCurrency(store: EventStore, tx: Tx, tenantId: number): Promise<string | undefined> {
  const found = await tx.query<{ currency: string }>('SELECT DISTINCT currency FROM rc.book_currency WHERE tenant_id = $1 LIMIT 2', [
    tenantId,
  ]);
  if (found.length === 1) return found[0]?.currency;
  const { position } = await store.latestSettled(tx);
  return tenantCurrency(store, tx, tenantId, position);
}
