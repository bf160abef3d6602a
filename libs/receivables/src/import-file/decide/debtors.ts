import { LOCAL_DATE_YEAR_MIN } from '@app/credit-domain';
import type { JsonObject, Tx } from '@app/event-store';
import { contentHash } from '../rows/content-hash';
import type { DebtorRow } from '../rows/debtor-row';
import { readDebtor } from '../rows/debtor-row';
import { quote } from '../rows/row-reader';
import type { DecidedBatch, DecidingContext, RowKind } from './decided-batch';
import { emptyBatch } from './decided-batch';
import type { DebtorFact, KnownDebtorHistory } from './debtor-history';
import { factInForce, loadDebtorHistories } from './debtor-history';
import { standingInFile } from './file-keys';

/** A debtor registered without a date has been so from the beginning: a later amendment dated in the past must still come after it. */
const BEGINNING = `${String(LOCAL_DATE_YEAR_MIN)}-01-01`;

/** Encrypts and decrypts what identifies a person, set-based. A decrypted null is a person whose key was erased. */
export interface PersonalEnvelopes {
  encryptMany(tx: Tx, tenantId: number, people: readonly { readonly person: string; readonly fields: JsonObject }[]): Promise<JsonObject[]>;
  decryptMany(
    tx: Tx,
    tenantId: number,
    people: readonly { readonly person: string; readonly envelope: JsonObject }[],
  ): Promise<(JsonObject | null)[]>;
}

/** The name under which the vault keeps a debtor's key. */
export function personOf(debtorId: string): string {
  return `debtor/${debtorId}`;
}

/** Debtors: a row states the whole debtor from a date on; what differs from the book on that date is an amendment. */
export function debtors(envelopes: PersonalEnvelopes): RowKind<DebtorRow> {
  return { read: readDebtor, decide: (tx, rows, context) => decideDebtors(tx, rows, context, envelopes) };
}

interface PlannedDebtor {
  readonly row: DebtorRow;
  readonly effectiveOn: string;
  readonly streamNo: bigint | null;
  readonly version: number;
  readonly registered: boolean;
  readonly creditImpaired: boolean;
  /** Of an erased person: its dead envelope stays, new personal data is not taken in. */
  readonly envelope: JsonObject | undefined;
}

async function decideDebtors(
  tx: Tx,
  rows: readonly DebtorRow[],
  context: DecidingContext,
  envelopes: PersonalEnvelopes,
): Promise<DecidedBatch> {
  const batch = emptyBatch();
  const standing = await standingInFile(
    tx,
    context,
    rows.map((row) => ({ key: `${row.effectiveOn ?? ''} ${row.debtorId}`, content: contentOf(row) })),
  );
  const histories = await loadDebtorHistories(tx, context.tenantId, rows);
  await decryptInForce(tx, context, rows, histories, envelopes);

  const planned: PlannedDebtor[] = [];
  rows.forEach((row, index) => {
    if (standing[index] === 'contradicts') {
      const reason = `The file states debtor ${quote(row.debtorId)} on the same date with other content.`;
      batch.refused.push({ row: row.row, refusal: { column: 'debtor_id', code: 'conflict', reason } });
      return;
    }
    const history = histories.get(row.debtorId);
    const effectiveOn = row.effectiveOn ?? (history === undefined ? BEGINNING : context.today);
    const compared = history === undefined ? undefined : factToCompare(history, row, context);
    if (standing[index] === 'repeated' || (compared !== undefined && says(compared, row))) {
      batch.unchanged += 1;
      return;
    }
    const erased = compared?.personal === null;
    const known = history === undefined ? undefined : factInForce(history, effectiveOn);
    const creditImpaired = row.creditImpaired ?? known?.creditImpaired ?? false;
    planned.push({
      row,
      effectiveOn,
      streamNo: history?.streamNo ?? null,
      version: history?.version ?? 0,
      registered: history === undefined,
      creditImpaired,
      envelope: erased ? compared.envelope : undefined,
    });
    remember(histories, row, { effectiveOn, creditImpaired }, erased ? compared : undefined);
  });
  await planEvents(tx, context, planned, envelopes, batch);
  return batch;
}

/**
 * What a row has to differ from to say something new. A row without a date follows the last one without a date: a feed that is sent again adds
 * nothing, whatever dated changes were recorded beside it.
 */
function factToCompare(history: KnownDebtorHistory, row: DebtorRow, context: DecidingContext): DebtorFact | undefined {
  if (row.effectiveOn === null) return history.lastUndated ?? factInForce(history, context.today);
  return factInForce(history, row.effectiveOn);
}

/** Whether a fact says what the row says. Of an erased person only what is not personal is compared. */
function says(fact: DebtorFact, row: DebtorRow): boolean {
  return (
    fact.segment === row.segment &&
    fact.relatedParty === row.relatedParty &&
    fact.country === row.country &&
    fact.termsDays === row.termsDays &&
    fact.creditLimit === row.creditLimit &&
    fact.creditLimitCurrency === row.creditLimitCurrency &&
    (row.creditImpaired === null || fact.creditImpaired === row.creditImpaired) &&
    (fact.personal === null || samePersonal(fact.personal, row.personal))
  );
}

function samePersonal(left: JsonObject | undefined, right: Readonly<Record<string, string>>): boolean {
  if (left === undefined) return false;
  const names = Object.keys(right);
  return names.length === Object.keys(left).length && names.every((name) => left[name] === right[name]);
}

/** Whether the other fields of a fact already differ is known without its envelope: only envelopes that decide are opened. */
async function decryptInForce(
  tx: Tx,
  context: DecidingContext,
  rows: readonly DebtorRow[],
  histories: ReadonlyMap<string, KnownDebtorHistory>,
  envelopes: PersonalEnvelopes,
): Promise<void> {
  const facts = new Map<DebtorFact, string>();
  for (const row of rows) {
    const history = histories.get(row.debtorId);
    const fact = history === undefined ? undefined : factToCompare(history, row, context);
    if (fact !== undefined) facts.set(fact, personOf(row.debtorId));
  }
  if (facts.size === 0) return;
  const opened = await envelopes.decryptMany(
    tx,
    context.tenantId,
    [...facts].map(([fact, person]) => ({ person, envelope: fact.envelope })),
  );
  [...facts.keys()].forEach((fact, index) => {
    fact.personal = opened[index] ?? null;
  });
}

/** Later rows of the batch find the debtor as this row leaves it. */
function remember(
  histories: Map<string, KnownDebtorHistory>,
  row: DebtorRow,
  { effectiveOn, creditImpaired }: { readonly effectiveOn: string; readonly creditImpaired: boolean },
  erased: DebtorFact | undefined,
): void {
  const history = histories.get(row.debtorId) ?? { streamNo: null, version: 0, facts: [], lastUndated: undefined };
  const { segment, relatedParty, country, termsDays, creditLimit, creditLimitCurrency, personal } = row;
  const stated = {
    effectiveOn,
    segment,
    relatedParty,
    country,
    termsDays,
    creditLimit,
    creditLimitCurrency,
    creditImpaired,
    dated: row.effectiveOn !== null,
  };
  const fact: DebtorFact =
    erased === undefined ? { ...stated, envelope: {}, personal } : { ...stated, envelope: erased.envelope, personal: null };
  history.facts.push(fact);
  history.facts.sort((left, right) => (left.effectiveOn < right.effectiveOn ? -1 : left.effectiveOn > right.effectiveOn ? 1 : 0));
  const lastUndated = fact.dated ? history.lastUndated : fact;
  histories.set(row.debtorId, { ...history, version: history.version + 1, lastUndated });
}

async function planEvents(
  tx: Tx,
  context: DecidingContext,
  planned: readonly PlannedDebtor[],
  envelopes: PersonalEnvelopes,
  batch: DecidedBatch,
): Promise<void> {
  const toEncrypt = planned.filter((plan) => plan.envelope === undefined);
  const encrypted =
    toEncrypt.length === 0
      ? []
      : await envelopes.encryptMany(
          tx,
          context.tenantId,
          toEncrypt.map(({ row }) => ({ person: personOf(row.debtorId), fields: row.personal })),
        );
  const envelopeOf = new Map(toEncrypt.map((plan, index) => [plan, encrypted[index]]));
  for (const plan of planned) {
    const { row } = plan;
    const personal = plan.envelope ?? envelopeOf.get(plan);
    if (personal === undefined) throw new Error('a debtor was left without its personal envelope');
    batch.events.push({
      sourceRow: row.row,
      category: 'debtor',
      key: row.debtorId,
      expectedVersion: plan.version,
      streamNo: plan.streamNo,
      type: plan.registered ? 'DebtorRegistered' : 'DebtorAmended',
      effectiveOn: plan.effectiveOn,
      data: {
        debtorId: row.debtorId,
        segment: row.segment,
        relatedParty: row.relatedParty,
        country: row.country,
        termsDays: row.termsDays,
        creditLimit: row.creditLimit === null ? null : String(row.creditLimit),
        creditLimitCurrency: row.creditLimitCurrency,
        dated: row.effectiveOn !== null,
        ...(plan.creditImpaired ? { creditImpaired: true } : {}),
        personal,
      },
    });
  }
}

/** Only kept while the file is being imported: it covers personal data. */
function contentOf(row: DebtorRow): string {
  const stated = [
    row.segment,
    row.relatedParty ? '1' : '0',
    row.country,
    row.termsDays === null ? null : String(row.termsDays),
    row.creditLimit === null ? null : String(row.creditLimit),
    row.creditLimitCurrency,
    row.creditImpaired === null ? null : row.creditImpaired ? '1' : '0',
  ];
  return contentHash(stated, row.personal);
}
