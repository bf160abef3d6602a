import { decideVanishedItem } from '@app/credit-domain';
import type { Tx } from '@app/event-store';
import { NO_CREDIT, creditOf, loadCreditBalances, loadDebtorStreams, loadItems, withCredit } from '../book/load-items';
import type { Conclusion, DecidingContext, PlannedEvent } from '../import-file/decide/decided-batch';
import { eachOfOrNone } from '../import-file/decide/look-up';
import type { OpenItemsDeclaration } from './declaration';
import { creditChange, loadOpenCredits } from './open-credits';
import { creditEvent, itemEvent } from './open-item-events';
import { heldBackOf } from './vanished-share';

/** Items looked at in one transaction. */
export const VANISHED_PER_BATCH = 10_000;

/** The mark of an item the list names, and of a kind. */
export const itemKey = (itemId: string): string => `item ${itemId}`;
export const kindKey = (kind: string): string => `kind ${kind}`;
const ITEM_PREFIX = itemKey('');
const KIND_PREFIX = kindKey('');

/** Where to go on: receivables by number first, then credits by id. */
const CREDITS_FROM = 'credit ';
const LOWEST_NUMBER = -(2n ** 63n);

/**
 * Settles what was open in the declared entity and kinds on the date of the list and is not named in it. Undefined where a line could not be
 * told to belong to any item: any of the missing ones may be the one it names, so none of them counts as vanished. Held back where it would
 * settle more of the book than it may without being asked.
 */
export async function concludeOpenItems(
  tx: Tx,
  context: DecidingContext,
  declaration: OpenItemsDeclaration,
  after: string | null,
): Promise<Conclusion | undefined> {
  if (after === null && (await hasNamelessLine(tx, context))) return undefined;
  const kinds = declaration.kinds ?? (await kindsOfFile(tx, context));
  if (after === null) {
    const heldBack = await heldBackOf(tx, context, declaration, { kinds, named: namedInFile('r.receivable_id'), prefix: ITEM_PREFIX });
    if (heldBack !== undefined) return { events: [], next: null, heldBack };
  }
  if (after?.startsWith(CREDITS_FROM) === true) return vanishedCredits(tx, context, declaration, kinds, after.slice(CREDITS_FROM.length));
  return vanishedReceivables(tx, context, declaration, kinds, after === null ? LOWEST_NUMBER : BigInt(after));
}

/**
 * Whether the list of import $2 names an item; $7 is the prefix of its mark. Looked up mark by mark: marks are too young for the planner to know
 * how many there are, and NOT EXISTS would go through all of them for every item.
 */
function namedInFile(itemId: string): string {
  return eachOfOrNone(
    `SELECT key FROM rc.import_key WHERE tenant_id = $1 AND import_id = $2 AND key = ($7::text || ${itemId}) COLLATE "C"`,
  );
}

async function hasNamelessLine(tx: Tx, { tenantId, importId }: DecidingContext): Promise<boolean> {
  const [found] = await tx.query<{ nameless: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM rc.import_reject WHERE tenant_id = $1 AND import_id = $2
                      AND (column_name = '' OR (column_name = 'receivable_id' AND code <> 'conflict'))) AS nameless`,
    [tenantId, importId],
  );
  return found?.nameless === true;
}

async function kindsOfFile(tx: Tx, { tenantId, importId }: DecidingContext): Promise<string[]> {
  const rows = await tx.query<{ kind: string }>(
    `SELECT substr(key, length($3::text) + 1) AS kind FROM rc.import_key WHERE tenant_id = $1 AND import_id = $2 AND starts_with(key, $3::text)`,
    [tenantId, importId, KIND_PREFIX],
  );
  return rows.map((row) => row.kind);
}

async function vanishedReceivables(
  tx: Tx,
  context: DecidingContext,
  { asOf, entityId }: OpenItemsDeclaration,
  kinds: readonly string[],
  after: bigint,
): Promise<Conclusion> {
  const { tenantId, importId } = context;
  const missing = await tx.query<{ receivable_no: bigint }>(
    `SELECT r.receivable_no
     FROM rc.receivable r
     LEFT JOIN LATERAL (SELECT entity_id, kind FROM rc.reclassification WHERE tenant_id = $1 AND receivable_no = r.receivable_no AND effective_on <= $4
                        ORDER BY effective_on DESC, position DESC LIMIT 1) c ON true
     ${namedInFile('r.receivable_id')} named ON true
     WHERE r.tenant_id = $1 AND r.receivable_no > $3 AND r.recognised_on <= $4 AND (r.outstanding > 0 OR r.last_movement_on > $4)
       AND COALESCE(c.entity_id, r.entity_id) = $5 AND COALESCE(c.kind, r.kind) = ANY($6::text[])
       AND named.key IS NULL
     ORDER BY r.receivable_no LIMIT $8`,
    [tenantId, importId, after, asOf, entityId, kinds, ITEM_PREFIX, VANISHED_PER_BATCH],
  );
  const numbers = missing.map((row) => row.receivable_no);
  const source = { importId, asOf, row: 0 };
  const events: PlannedEvent[] = [];
  for (const item of await loadItems(tx, tenantId, numbers, asOf)) {
    const change = decideVanishedItem(item.balance, asOf);
    if (change !== null) events.push(itemEvent(item, change, source));
  }
  const last = numbers.at(-1);
  return { events, next: numbers.length < VANISHED_PER_BATCH || last === undefined ? CREDITS_FROM : String(last) };
}

/** Credits of earlier lists that this one no longer names: applied, paid back or charged off, as far as the debtor still holds them. */
async function vanishedCredits(
  tx: Tx,
  context: DecidingContext,
  { asOf, entityId }: OpenItemsDeclaration,
  kinds: readonly string[],
  after: string,
): Promise<Conclusion> {
  const { tenantId, importId } = context;
  const missing = await tx.query<{ item_id: string }>(
    `SELECT c.item_id FROM rc.open_credit c
     ${namedInFile('c.item_id')} named ON true
     WHERE c.tenant_id = $1 AND c.item_id > $3 COLLATE "C" AND c.effective_on <= $4 AND c.entity_id = $5 AND c.kind = ANY($6::text[])
       AND named.key IS NULL
     GROUP BY c.item_id HAVING sum(c.credit) > 0
     ORDER BY c.item_id LIMIT $8`,
    [tenantId, importId, after, asOf, entityId, kinds, ITEM_PREFIX, VANISHED_PER_BATCH],
  );
  const open = await loadOpenCredits(
    tx,
    tenantId,
    missing.map((row) => row.item_id),
  );
  const holders = [...open.values()];
  const debtors = await loadDebtorStreams(
    tx,
    tenantId,
    holders.map(({ debtorId }) => debtorId),
  );
  const held = await loadCreditBalances(
    tx,
    tenantId,
    holders.map(({ debtorNo }) => debtorNo),
  );
  const events: PlannedEvent[] = [];
  for (const item of holders) {
    const debtor = debtors.get(item.debtorId);
    if (debtor === undefined) throw new Error(`credit item ${item.itemId} has no debtor`);
    const key = creditOf(item.debtorNo, item.entityId, item.currency);
    const balance = held.get(key) ?? NO_CREDIT;
    const credit = creditChange(item.balance, balance, 0n, asOf);
    if (credit === 0n) continue;
    const { itemId, kind, debtorId, currency } = item;
    events.push(creditEvent(debtor, { itemId, kind, debtorId, entityId, currency, credit }, { importId, asOf, row: 0 }));
    held.set(key, withCredit(balance, asOf, credit));
  }
  const last = missing.at(-1)?.item_id;
  return { events, next: missing.length < VANISHED_PER_BATCH || last === undefined ? null : CREDITS_FROM + last };
}
