import type { JsonObject, Tx } from '@app/event-store';
import { eachOf, eachOfOrNone } from './look-up';

/** What is known of a debtor from a date on. */
export interface DebtorFact {
  readonly effectiveOn: string;
  readonly segment: string;
  readonly relatedParty: boolean;
  readonly country: string | null;
  readonly termsDays: number | null;
  readonly creditLimit: bigint | null;
  readonly creditLimitCurrency: string | null;
  readonly creditImpaired: boolean;
  /** false: stated without a date. */
  readonly dated: boolean;
  readonly envelope: JsonObject;
  /** The envelope opened: undefined as long as nobody asked, null when the person was erased. */
  personal?: JsonObject | null | undefined;
}

/** A debtor with its facts, the earliest first; of two on one date the later known comes second. */
export interface KnownDebtorHistory {
  readonly streamNo: bigint | null;
  readonly version: number;
  readonly facts: DebtorFact[];
  /** The last fact stated without a date. */
  lastUndated: DebtorFact | undefined;
}

/** The fact in force on a date; the earliest one also covers what was before it. */
export function factInForce(history: KnownDebtorHistory, on: string): DebtorFact | undefined {
  return history.facts.findLast((fact) => fact.effectiveOn <= on) ?? history.facts[0];
}

interface FactAnswer {
  debtor_id: string;
  debtor_no: bigint;
  version: number | null;
  effective_on: string;
  segment: string;
  related_party: boolean;
  country: string | null;
  terms_days: number | null;
  credit_limit: bigint | null;
  credit_limit_currency: string | null;
  credit_impaired: boolean;
  dated: boolean;
  last_undated: boolean;
  personal: JsonObject;
}

export async function loadDebtorHistories(
  tx: Tx,
  tenantId: number,
  rows: readonly { readonly debtorId: string }[],
): Promise<Map<string, KnownDebtorHistory>> {
  const found = await tx.query<FactAnswer>(
    `SELECT d.debtor_id, d.debtor_no, s.version, f.effective_on, f.segment, f.related_party, f.country, f.terms_days, f.credit_limit,
            f.credit_limit_currency, f.credit_impaired, f.dated, f.personal,
            NOT f.dated AND f.position = max(f.position) FILTER (WHERE NOT f.dated) OVER (PARTITION BY f.debtor_no) AS last_undated
     FROM unnest($2::text[]) AS w(id)
     ${eachOf('SELECT debtor_id, debtor_no FROM rc.debtor WHERE tenant_id = $1 AND debtor_id = w.id COLLATE "C"')} d
     ${eachOf('SELECT * FROM rc.debtor_fact WHERE tenant_id = $1 AND debtor_no = d.debtor_no')} f
     ${eachOfOrNone('SELECT version FROM es.stream WHERE tenant_id = $1 AND stream_id = d.debtor_no')} s ON true
     ORDER BY d.debtor_no, f.effective_on, f.position`,
    [tenantId, [...new Set(rows.map((row) => row.debtorId))]],
  );
  const histories = new Map<string, KnownDebtorHistory>();
  for (const f of found) {
    let history = histories.get(f.debtor_id);
    if (history === undefined)
      histories.set(f.debtor_id, (history = { streamNo: f.debtor_no, version: f.version ?? 0, facts: [], lastUndated: undefined }));
    const fact = {
      effectiveOn: f.effective_on,
      segment: f.segment,
      relatedParty: f.related_party,
      country: f.country,
      termsDays: f.terms_days,
      creditLimit: f.credit_limit,
      creditLimitCurrency: f.credit_limit_currency,
      creditImpaired: f.credit_impaired,
      dated: f.dated,
      envelope: f.personal,
    };
    history.facts.push(fact);
    if (f.last_undated) history.lastUndated = fact;
  }
  return histories;
}
