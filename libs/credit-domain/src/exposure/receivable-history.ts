/**
 * One receivable with everything that happened to it, and how to stand it on any business date as known at any position of the log.
 *
 * Ageing reads folded balances; whatever has to be explained receivable by receivable (the bridge, rates from experience, metrics, the
 * auditor's pack) reads histories. Both follow the same rules: a fact counts on `asOf` when its own date is not later and it was recorded
 * at or before `position`.
 */

/** The moment a figure is about: a business date, and how much of the log was known. */
export interface PointOfView {
  readonly asOf: string;
  readonly position: bigint;
}

/** A recorded movement. Amounts are signed changes in minor units of the receivable's currency (`MovementEffect`). */
export interface HistoryStep {
  readonly movementId: string;
  readonly type: string;
  readonly effectiveOn: string;
  readonly position: bigint;
  readonly gross: bigint;
  readonly credit: bigint;
  readonly recovered: bigint;
}

/** What a receivable is taken for from a date on; recognition is the first. The age counts on from recognition. */
export interface Classification {
  readonly effectiveOn: string;
  readonly position: bigint;
  readonly entityId: string;
  readonly kind: string;
  /** '' = no class. */
  readonly class: string;
  readonly invoicedOn: string;
  /** null = payable on demand, or not billed yet. */
  readonly dueOn: string | null;
}

export interface ReceivableHistory {
  readonly receivableNo: bigint;
  readonly receivableId: string;
  readonly debtorNo: bigint;
  readonly debtorId: string;
  readonly currency: string;
  /** as recognised, minor units. */
  readonly amount: bigint;
  readonly taxAmount: bigint | null;
  readonly recognisedOn: string;
  /** taken over from another system without its history on this day; null for everything else. */
  readonly takenOn: string | null;
  readonly documentNo: string;
  readonly position: bigint;
  /** in order of position; the first is the recognition. */
  readonly classifications: readonly Classification[];
  /** in order of position. */
  readonly steps: readonly HistoryStep[];
}

/** What is known of a debtor from a date on, as far as figures need it. */
export interface DebtorFact {
  readonly effectiveOn: string;
  readonly position: bigint;
  readonly segment: string;
  readonly relatedParty: boolean;
  readonly creditImpaired: boolean;
  readonly country: string | null;
}

export interface DebtorHistory {
  readonly debtorNo: bigint;
  readonly debtorId: string;
  readonly facts: readonly DebtorFact[];
}

/** Later business date wins; on one date, what was recorded last wins. */
export function inForceAt<Fact extends { readonly effectiveOn: string; readonly position: bigint }>(
  facts: readonly Fact[],
  { asOf, position }: PointOfView,
): Fact | null {
  let found: Fact | null = null;
  for (const fact of facts) {
    if (fact.position > position || fact.effectiveOn > asOf) continue;
    if (
      found === null ||
      fact.effectiveOn > found.effectiveOn ||
      (fact.effectiveOn === found.effectiveOn && fact.position > found.position)
    )
      found = fact;
  }
  return found;
}

/** Minor units owed at a point of view; nothing before the receivable was recognised or known. */
export function outstandingAt(history: ReceivableHistory, at: PointOfView): bigint {
  if (history.position > at.position || history.recognisedOn > at.asOf) return 0n;
  return history.steps.reduce(
    (owed, step) => (step.position <= at.position && step.effectiveOn <= at.asOf ? owed + step.gross : owed),
    history.amount,
  );
}

/** What the receivable is taken for at a point of view; before its recognition, what it will be recognised as. Null when it is not known yet. */
export function classificationAt(history: ReceivableHistory, at: PointOfView): Classification | null {
  if (history.position > at.position) return null;
  return inForceAt(history.classifications, at) ?? history.classifications[0] ?? null;
}

/** The debtor's attributes at a point of view; the earliest known fact also covers everything before it. Null when nothing is known yet. */
export function debtorFactAt(debtor: DebtorHistory, at: PointOfView): DebtorFact | null {
  const inForce = inForceAt(debtor.facts, at);
  if (inForce !== null) return inForce;
  let earliest: DebtorFact | null = null;
  for (const fact of debtor.facts) {
    if (fact.position > at.position) continue;
    if (
      earliest === null ||
      fact.effectiveOn < earliest.effectiveOn ||
      (fact.effectiveOn === earliest.effectiveOn && fact.position > earliest.position)
    )
      earliest = fact;
  }
  return earliest;
}
