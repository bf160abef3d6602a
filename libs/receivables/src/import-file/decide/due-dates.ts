import type { ReceivableKind } from '@app/credit-domain';

/** Kinds that are not claimed yet: without terms to derive it from they simply have no due date. */
export const KINDS_WITHOUT_DUE_DATE: readonly ReceivableKind[] = ['contract_asset', 'non_financial'];
