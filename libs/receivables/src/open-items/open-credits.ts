import type { CreditBalance, CreditStep } from '@app/credit-domain';
import { creditFrom, lowestCreditFrom } from '@app/credit-domain';
import type { Tx } from '@app/event-store';
import { eachOf } from '../import-file/decide/look-up';

/** A credit that lists of open items name by an id, with what they made of it so far. */
export interface OpenCredit {
  readonly itemId: string;
  readonly debtorNo: bigint;
  readonly debtorId: string;
  readonly entityId: string;
  readonly kind: string;
  readonly currency: string;
  readonly balance: CreditBalance;
}

interface CreditRow {
  readonly item_id: string;
  readonly debtor_no: bigint;
  readonly debtor_id: string;
  readonly entity_id: string;
  readonly kind: string;
  readonly currency: string;
  readonly effective_on: string;
  readonly credit: bigint;
}

export async function loadOpenCredits(tx: Tx, tenantId: number, itemIds: readonly string[]): Promise<Map<string, OpenCredit>> {
  const rows = await tx.query<CreditRow>(
    `SELECT c.item_id, c.debtor_no, d.debtor_id, c.entity_id, c.kind, c.currency, c.effective_on, c.credit
     FROM unnest($2::text[]) AS w(id)
     ${eachOf('SELECT * FROM rc.open_credit WHERE tenant_id = $1 AND item_id = w.id COLLATE "C"')} c
     ${eachOf('SELECT debtor_id FROM rc.debtor WHERE tenant_id = $1 AND debtor_no = c.debtor_no')} d
     ORDER BY c.position`,
    [tenantId, itemIds],
  );
  const steps = new Map<string, { row: CreditRow; steps: CreditStep[] }>();
  for (const row of rows) {
    const known = steps.get(row.item_id) ?? { row, steps: [] };
    known.steps.push({ effectiveOn: row.effective_on as CreditStep['effectiveOn'], credit: row.credit });
    steps.set(row.item_id, known);
  }
  return new Map(
    [...steps].map(([itemId, { row, steps: list }]) => [
      itemId,
      {
        itemId,
        debtorNo: row.debtor_no,
        debtorId: row.debtor_id,
        entityId: row.entity_id,
        kind: row.kind,
        currency: row.currency,
        balance: creditFrom(list),
      },
    ]),
  );
}

/**
 * The change that brings a credit item to `open` minor units on a date. It is lowered by no more than the item and the debtor still hold on
 * any later date: what was applied or paid back meanwhile is gone from the list for that reason.
 */
export function creditChange(item: CreditBalance, debtor: CreditBalance, open: bigint, asOf: CreditStep['effectiveOn']): bigint {
  const held = item.steps?.reduce((sum, step) => (step.effectiveOn <= asOf ? sum + step.credit : sum), 0n) ?? 0n;
  const change = open - held;
  if (change >= 0n) return change;
  const [ofItem, ofDebtor] = [lowestCreditFrom(item, asOf), lowestCreditFrom(debtor, asOf)];
  const lowest = ofItem < ofDebtor ? ofItem : ofDebtor;
  return -change < lowest ? change : lowest > 0n ? -lowest : 0n;
}
