import { BUILT_IN_SCHEMES, localDate } from '@app/credit-domain';
import type { Position, Tx } from '@app/event-store';
import { readExposure } from '../exposure/read-exposure';
import type { ControlDifference } from './control-totals.queries';

/** Joins the accounts that share an entity, kind and currency. */
export const ACCOUNT_SEPARATOR = ' + ';

interface StatedRow {
  readonly entity_id: string;
  readonly kind: string;
  readonly currency: string;
  readonly accounts: string;
  readonly stated: string;
}

interface ExplanationRow {
  readonly entity_id: string;
  readonly kind: string;
  readonly currency: string;
  readonly account: string;
  readonly amount: bigint;
  readonly reason: string;
}

const groupOf = (row: { readonly entity_id: string; readonly kind: string; readonly currency: string }): string =>
  [row.kind, row.currency, row.entity_id].join('/');

/** Control totals of a date against the gross of the book on it, at a position the exposure has reached. */
export async function readControlDifferences(
  tx: Tx,
  tenantId: number,
  { asOf, position }: { readonly asOf: string; readonly position: Position },
): Promise<ControlDifference[]> {
  const stated = await tx.query<StatedRow>(
    `SELECT entity_id, kind, currency, string_agg(account, $4 ORDER BY account) AS accounts, sum(amount)::text AS stated
     FROM (SELECT DISTINCT ON (entity_id, kind, currency, account) entity_id, kind, currency, account, amount
           FROM rc.control_total WHERE tenant_id = $1 AND as_of = $2 AND position <= $3
           ORDER BY entity_id, kind, currency, account, position DESC) latest
     GROUP BY entity_id, kind, currency
     ORDER BY entity_id, kind, currency`,
    [tenantId, asOf, position, ACCOUNT_SEPARATOR],
  );
  if (stated.length === 0) return [];
  const book = await bookGross(tx, tenantId, asOf, position);
  const explanations = await latestExplanations(tx, tenantId, asOf, position);
  return stated.map((row) => {
    const owed = book.get(groupOf(row)) ?? 0n;
    const difference = BigInt(row.stated) - owed;
    const explanation = explanations.get(`${groupOf(row)}/${row.accounts}`);
    const matching = explanation?.amount === difference ? explanation : undefined;
    return {
      entityId: row.entity_id,
      kind: row.kind,
      currency: row.currency,
      account: row.accounts,
      stated: BigInt(row.stated),
      book: owed,
      difference,
      explained: difference === 0n || matching !== undefined,
      reason: difference === 0n ? null : (matching?.reason ?? null),
    };
  });
}

/** What is owed by entity, kind and currency; credit balances are a liability outside it. */
async function bookGross(tx: Tx, tenantId: number, asOf: string, position: Position): Promise<Map<string, bigint>> {
  const [scheme] = BUILT_IN_SCHEMES;
  if (scheme === undefined) throw new Error('there is no ageing scheme to read the book by');
  const gross = new Map<string, bigint>();
  for (const cell of await readExposure(tx, { tenantId, asOf: localDate(asOf), position, scheme })) {
    const group = groupOf({ entity_id: cell.entityId, kind: cell.kind, currency: cell.currency });
    gross.set(group, (gross.get(group) ?? 0n) + cell.amount);
  }
  return gross;
}

async function latestExplanations(tx: Tx, tenantId: number, asOf: string, position: Position): Promise<Map<string, ExplanationRow>> {
  const rows = await tx.query<ExplanationRow>(
    `SELECT DISTINCT ON (entity_id, kind, currency, account) entity_id, kind, currency, account, amount, reason
     FROM rc.control_explanation WHERE tenant_id = $1 AND as_of = $2 AND position <= $3
     ORDER BY entity_id, kind, currency, account, position DESC`,
    [tenantId, asOf, position],
  );
  return new Map(rows.map((row) => [`${groupOf(row)}/${row.account}`, row]));
}
