import type { ReceivableHistory, DebtorHistory, PointOfView } from '../exposure/receivable-history';
import { classificationAt, debtorFactAt } from '../exposure/receivable-history';

/** A receivable as far as its measurement depends on it, at one point of view. */
export interface BridgeClaim {
  readonly debtorId: string;
  readonly entityId: string;
  readonly kind: string;
  readonly class: string;
  readonly segment: string;
  readonly relatedParty: boolean;
  readonly creditImpaired: boolean;
  readonly currency: string;
  readonly recognisedOn: string;
  readonly invoicedOn: string;
  readonly dueOn: string | null;
}

/** Null while the receivable or its debtor is not known. */
export function claimAt(history: ReceivableHistory, debtor: DebtorHistory, at: PointOfView): BridgeClaim | null {
  const classification = classificationAt(history, at);
  const fact = debtorFactAt(debtor, at);
  if (classification === null || fact === null) return null;
  return {
    debtorId: history.debtorId,
    entityId: classification.entityId,
    kind: classification.kind,
    class: classification.class,
    segment: fact.segment,
    relatedParty: fact.relatedParty,
    creditImpaired: fact.creditImpaired,
    currency: history.currency,
    recognisedOn: history.recognisedOn,
    invoicedOn: classification.invoicedOn,
    dueOn: classification.dueOn,
  };
}
