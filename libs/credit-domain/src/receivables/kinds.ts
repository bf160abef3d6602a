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
] as const;
export type MovementType = (typeof MOVEMENT_TYPES)[number];

export function isMovementType(text: string): text is MovementType {
  return (MOVEMENT_TYPES as readonly string[]).includes(text);
}
