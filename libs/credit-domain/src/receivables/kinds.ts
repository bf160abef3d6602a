/** What a receivable is; each kind has its own approach to expected credit loss (IFRS 9 5.5.15, 5.5.1). */
export const RECEIVABLE_KINDS = ['trade', 'note_bank', 'note_commercial', 'contract_asset', 'other', 'long_term', 'non_financial'] as const;
export type ReceivableKind = (typeof RECEIVABLE_KINDS)[number];

export function isReceivableKind(text: string): text is ReceivableKind {
  return (RECEIVABLE_KINDS as readonly string[]).includes(text);
}

/** Prepayments and input VAT are carried, but are no financial assets and get no allowance. */
export const KINDS_WITH_ECL: readonly ReceivableKind[] = RECEIVABLE_KINDS.filter((kind) => kind !== 'non_financial');

export const MOVEMENT_TYPES = [
  'payment',
  'payment_reversal',
  'refund',
  'credit_note',
  'write_off',
  'recovery',
  'adjustment',
  'disposal',
  'reclassify',
  'unclassified',
  'allocation',
] as const;
/**
 * `unclassified` settles what vanished from an open-item list: it lowers gross, and belongs to neither collections nor credit notes until
 * somebody says what it was. `allocation` moves unapplied credit of the debtor onto a receivable: gross and credit fall together, and nothing
 * was received on that day, so measures of collections leave it out (the cash was counted when it came).
 */
export type MovementType = (typeof MOVEMENT_TYPES)[number];

/** Types that follow from a command or a list of open items and are never stated in a file of movements. */
export const DERIVED_MOVEMENT_TYPES: readonly MovementType[] = ['unclassified', 'allocation'];

export function isMovementType(text: string): text is MovementType {
  return (MOVEMENT_TYPES as readonly string[]).includes(text);
}
