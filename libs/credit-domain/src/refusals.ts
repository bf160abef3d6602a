/** Every reason for which Arrears says no, as sent in `code`. Sorted; each feature adds its own. */
export type RefusalCode =
  | 'ageing-scheme-invalid'
  | 'amount-decimals'
  | 'amount-format'
  | 'amount-negative'
  | 'amount-too-large'
  | 'api-key-not-found'
  | 'before-recognition'
  | 'exceeds-credit-balance'
  | 'exceeds-outstanding'
  | 'exceeds-written-off'
  | 'four-eyes'
  | 'fx-rate-missing'
  | 'movement-type-unknown'
  | 'movement-type-unsupported'
  | 'principal-not-found'
  | 'reason-missing'
  | 'receivable-missing';

/** A decided "no": the code for machines, the detail for people, and the field at fault where there is one. */
export interface Refused {
  readonly code: RefusalCode;
  readonly detail: string;
  readonly field?: string;
}
