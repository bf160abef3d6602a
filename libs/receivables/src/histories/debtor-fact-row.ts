import type { DebtorFact, DebtorHistory } from '@app/credit-domain';

/** A dated fact of a debtor as a statement answers it. */
export interface DebtorFactRow {
  readonly debtor_no: bigint;
  readonly debtor_id: string;
  readonly effective_on: string;
  readonly position: bigint;
  readonly segment: string;
  readonly related_party: boolean;
  readonly credit_impaired: boolean;
  readonly country: string | null;
}

/** Facts gathered by debtor, in the order in which they come. */
export function debtorHistoriesOf(rows: readonly DebtorFactRow[]): DebtorHistory[] {
  const debtors = new Map<bigint, { debtorNo: bigint; debtorId: string; facts: DebtorFact[] }>();
  for (const row of rows) {
    const debtor = debtors.get(row.debtor_no) ?? { debtorNo: row.debtor_no, debtorId: row.debtor_id, facts: [] };
    debtors.set(row.debtor_no, debtor);
    debtor.facts.push({
      effectiveOn: row.effective_on,
      position: row.position,
      segment: row.segment,
      relatedParty: row.related_party,
      creditImpaired: row.credit_impaired,
      country: row.country,
    });
  }
  return [...debtors.values()];
}
