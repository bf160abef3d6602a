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
  'exceeds-credit-balance': 422,
  'exceeds-outstanding': 422,
  'exceeds-written-off': 422,
  'four-eyes': 403,
  'fx-rate-missing': 422,
  'movement-type-unknown': 422,
  'movement-type-unsupported': 422,
  'principal-not-found': 404,
  'reason-missing': 422,
  'receivable-missing': 422,
};

const TABLE: ReadonlyMap<string, number> = new Map(Object.entries(PROBLEM_STATUS));

/** A code that is not in the table is still a refusal, never a 500: 422. `problem-status.spec.ts` finds such codes. */
export function statusOfRefusal(code: string): number {
  return TABLE.get(code) ?? 422;
}
