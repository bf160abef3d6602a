import type { Tx } from '@app/event-store';
import { DEBTORS_REMEMBERED_MAX } from '../import-limits';
import { eachOf } from './look-up';

/** Debtor id -> number. Files name few debtors many times, so those found are remembered from batch to batch, up to a limit. */
export function knownDebtors(): {
  numbersOf(tx: Tx, tenantId: number, rows: readonly { readonly debtorId: string }[]): Promise<ReadonlyMap<string, bigint>>;
} {
  let known = new Map<string, bigint>();
  return {
    async numbersOf(tx, tenantId, rows) {
      const wanted = new Set<string>();
      for (const row of rows) if (row.debtorId !== '') wanted.add(row.debtorId);
      if (known.size + wanted.size > DEBTORS_REMEMBERED_MAX) known = new Map();
      const unknown = [...wanted].filter((id) => !known.has(id));
      if (unknown.length > 0) {
        const found = await tx.query<{ debtor_id: string; debtor_no: bigint }>(
          `SELECT d.debtor_id, d.debtor_no FROM unnest($2::text[]) AS w(id)
           ${eachOf('SELECT debtor_id, debtor_no FROM rc.debtor WHERE tenant_id = $1 AND debtor_id = w.id COLLATE "C"')} d`,
          [tenantId, unknown],
        );
        // The ids of the answer are remembered, not those of the rows: these are slices that would keep their whole piece of the file alive.
        for (const debtor of found) known.set(debtor.debtor_id, debtor.debtor_no);
      }
      return known;
    },
  };
}

interface TermsFact {
  readonly effective_on: string;
  readonly terms_days: number | null;
}

/** Facts about terms by debtor, each debtor's in the order of their dates. */
export type TermsOfDebtor = ReadonlyMap<bigint, readonly TermsFact[]>;

export async function loadTerms(tx: Tx, tenantId: number, debtorNumbers: readonly (bigint | undefined)[]): Promise<TermsOfDebtor> {
  const wanted = [...new Set(debtorNumbers.filter((no) => no !== undefined))];
  const terms = new Map<bigint, TermsFact[]>();
  if (wanted.length === 0) return terms;
  const facts = await tx.query<TermsFact & { debtor_no: bigint }>(
    `SELECT f.debtor_no, f.effective_on, f.terms_days
     FROM unnest($2::bigint[]) AS w(no) ${eachOf('SELECT * FROM rc.debtor_fact WHERE tenant_id = $1 AND debtor_no = w.no')} f
     ORDER BY f.debtor_no, f.effective_on, f.position`,
    [tenantId, wanted],
  );
  for (const fact of facts) {
    const list = terms.get(fact.debtor_no);
    if (list === undefined) terms.set(fact.debtor_no, [fact]);
    else list.push(fact);
  }
  return terms;
}

/** The debtor's terms in force on a date; the earliest fact also covers what was before it. */
export function termsOn(terms: TermsOfDebtor, debtorNo: bigint, on: string): number | null {
  const facts = terms.get(debtorNo) ?? [];
  return (facts.findLast((fact) => fact.effective_on <= on) ?? facts[0])?.terms_days ?? null;
}
