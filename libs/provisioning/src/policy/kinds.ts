import { isReceivableKind, KINDS_WITH_ECL } from '@app/credit-domain';
import { Refusal } from '@app/platform';
import { placeOf } from './refusal-places';

/** Refuses kinds that carry no expected credit losses: prepayments and input VAT are no financial assets. */
export function requireKindsWithLosses(kinds: readonly string[], field: string): void {
  for (const kind of kinds) {
    if (isReceivableKind(kind) && KINDS_WITH_ECL.includes(kind)) continue;
    throw new Refusal('kind-without-ecl', `Kind '${kind}' has no expected credit losses; choose among ${KINDS_WITH_ECL.join(', ')}.`, [
      placeOf(field),
    ]);
  }
}
