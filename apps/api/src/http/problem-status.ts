import type { RefusalCode } from '@app/credit-domain';

/** The one table from refusal to HTTP status, for single and bulk endpoints alike. 422 = the input or the state says no, 409 = it exists otherwise. */
const PROBLEM_STATUS: Readonly<Record<RefusalCode, number>> = {
  'ageing-scheme-invalid': 422,
  'amount-decimals': 422,
  'amount-format': 422,
  'amount-negative': 422,
  'amount-too-large': 422,
  'api-key-not-found': 404,
  'before-recognition': 422,
  'boolean-format': 422,
  'cell-too-long': 422,
  'charset-unknown': 415,
  'column-duplicate': 422,
  'column-invalid': 422,
  'column-missing': 422,
  'conflict': 409,
  'control-character': 422,
  'country-format': 422,
  'csv-structure': 422,
  'currency-mismatch': 422,
  'currency-missing': 422,
  'currency-unknown': 422,
  'date-invalid': 422,
  'debtor-mismatch': 422,
  'debtor-unknown': 422,
  'due-date-missing': 422,
  'encoding-invalid': 422,
  'entity-mismatch': 422,
  'exceeds-credit-balance': 422,
  'exceeds-outstanding': 422,
  'exceeds-written-off': 422,
  'file-empty': 422,
  'file-too-large': 413,
  'four-eyes': 403,
  'fx-rate-missing': 422,
  'import-expired': 410,
  'import-kind-unknown': 404,
  'import-not-found': 404,
  'integer-format': 422,
  'json-structure': 422,
  'kind-unknown': 422,
  'movement-type-unknown': 422,
  'movement-type-unsupported': 422,
  'principal-not-found': 404,
  'rate-format': 422,
  'rate-pair': 422,
  'reason-missing': 422,
  'receivable-missing': 422,
  'receivable-unknown': 422,
  'too-many-columns': 422,
  'upload-broken-off': 400,
  'value-missing': 422,
};

const TABLE: ReadonlyMap<string, number> = new Map(Object.entries(PROBLEM_STATUS));

/** A code that is not in the table is still a refusal, never a 500: 422. `problem-status.spec.ts` finds such codes. */
export function statusOfRefusal(code: string): number {
  return TABLE.get(code) ?? 422;
}
