import type { Tx } from '@app/event-store';
import type { DecidingContext } from '../import-file/decide/decided-batch';
import type { OpenItemsDeclaration } from './declaration';

/** A list may leave out half of the open amount of its entity and kinds, in each currency; a share that it states takes the place of this one. */
const SHARE_DEFAULT = '0.5';
/** Below so many items a list that states no share is not asked: small books turn over at once. */
const ITEMS_UNASKED_MAX = 20;

/** What a list would settle, and did not. */
export interface HeldBack {
  readonly items: number;
  /** Of the open amount of the currency in which it is largest, as a fraction. */
  readonly share: string;
}

interface ShareRow {
  readonly items: number;
  readonly share: string;
  readonly exceeds: boolean;
}

/**
 * Undefined where the items a list does not name are few enough to be settled. `named` is a lateral join that tells whether the list ($2) names an
 * item, with $7 as the prefix of its marks.
 */
export async function heldBackOf(
  tx: Tx,
  { tenantId, importId }: DecidingContext,
  { asOf, entityId, maxVanishedShare }: OpenItemsDeclaration,
  { kinds, named, prefix }: { readonly kinds: readonly string[]; readonly named: string; readonly prefix: string },
): Promise<HeldBack | undefined> {
  const [row] = await tx.query<ShareRow>(
    `SELECT sum(items)::int AS items, round(max(missing / NULLIF(open, 0)), 6)::text AS share, bool_or(missing > open * $3::numeric) AS exceeds
     FROM (
       SELECT r.currency, sum(r.outstanding) AS open, COALESCE(sum(r.outstanding) FILTER (WHERE named.key IS NULL), 0) AS missing,
              count(*) FILTER (WHERE named.key IS NULL) AS items
       FROM rc.receivable r
       LEFT JOIN LATERAL (SELECT entity_id, kind FROM rc.reclassification WHERE tenant_id = $1 AND receivable_no = r.receivable_no AND effective_on <= $4
                          ORDER BY effective_on DESC, position DESC LIMIT 1) c ON true
       ${named} named ON true
       WHERE r.tenant_id = $1 AND r.recognised_on <= $4 AND r.outstanding > 0
         AND COALESCE(c.entity_id, r.entity_id) = $5 AND COALESCE(c.kind, r.kind) = ANY($6::text[])
       GROUP BY r.currency
     ) by_currency`,
    [tenantId, importId, maxVanishedShare ?? SHARE_DEFAULT, asOf, entityId, kinds, prefix],
  );
  if (row?.exceeds !== true) return undefined;
  if (maxVanishedShare === null && row.items <= ITEMS_UNASKED_MAX) return undefined;
  return { items: row.items, share: row.share };
}
