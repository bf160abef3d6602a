import { checkForwardLookingSet, parseRate, validateAgeingScheme, type AgeingScheme } from '@app/credit-domain';
import { Refusal } from '@app/platform';
import { requireKindsWithLosses } from '../policy/kinds';
import { placeOf, placesOf } from '../policy/refusal-places';
import { WHAT_IF_SCHEME, type CheckedChanges, type WhatIfChanges } from './what-if.query';

/** Checks what can be checked without the book; the rates are checked against the buckets of their scheme once that is known. */
export function checkChanges(changes: WhatIfChanges): CheckedChanges {
  const { buckets, ...others } = changes;
  const customScheme = buckets === undefined ? null : customSchemeOf(buckets);
  checkKinds(changes);
  checkPairs(changes);
  if (customScheme !== null && !(changes.lossRates ?? []).some(({ scheme }) => scheme === undefined)) {
    throw new Refusal('loss-rates-invalid', 'Buckets of your own have no approved rates: give lossRates for the kinds they are for.', [
      placeOf('lossRates'),
    ]);
  }
  for (const [index, given] of (changes.forwardLooking ?? []).entries()) {
    const set = { ...given, setId: WHAT_IF_SCHEME, effectiveOn: '', driverWorsened: null, reason: WHAT_IF_SCHEME };
    const at = `forwardLooking[${String(index)}]`;
    const faults = checkForwardLookingSet(set).map((fault) => ({ ...fault, field: `${at}.${fault.field}` }));
    const [first] = faults;
    if (first !== undefined) throw new Refusal(first.code, first.detail, placesOf(faults));
  }
  return { ...others, customScheme };
}

function customSchemeOf({ basis, buckets }: NonNullable<WhatIfChanges['buckets']>): AgeingScheme {
  const validated = validateAgeingScheme({ id: WHAT_IF_SCHEME, basis, buckets });
  if (validated.ok) return validated.scheme;
  const details = validated.refusals.map(({ detail }) => detail).join('; ');
  throw new Refusal(
    'ageing-scheme-invalid',
    details,
    validated.refusals.map(({ field = '' }) => placeOf(field.startsWith('buckets') ? `buckets.${field}` : 'buckets')),
  );
}

function checkKinds(changes: WhatIfChanges): void {
  for (const list of ['lossRates', 'forwardLooking'] as const) {
    const seen = new Set<string>();
    for (const [index, { kind }] of (changes[list] ?? []).entries()) {
      const field = `${list}[${String(index)}].kind`;
      requireKindsWithLosses([kind], field);
      if (seen.has(kind)) throw new Refusal('policy-invalid', `Kind '${kind}' is given twice in ${list}.`, [placeOf(field)]);
      seen.add(kind);
    }
  }
  for (const [index, { kind }] of (changes.overlays ?? []).entries()) requireKindsWithLosses([kind], `overlays[${String(index)}].kind`);
  const debtors = (changes.segments ?? []).map(({ debtorId }) => debtorId);
  const twice = debtors.findIndex((debtorId, index) => debtors.indexOf(debtorId) !== index);
  if (twice >= 0) {
    const field = `segments[${String(twice)}].debtorId`;
    throw new Refusal('policy-invalid', `Debtor '${debtors[twice] ?? ''}' is given two segments.`, [placeOf(field)]);
  }
}

function checkPairs({ fxRates = [] }: WhatIfChanges): void {
  for (const [index, { base, quote, rate }] of fxRates.entries()) {
    const at = `fxRates[${String(index)}]`;
    const parsed = parseRate(rate);
    if (parsed === undefined || parsed.lte(0)) {
      throw new Refusal('rate-format', `'${rate}' is not a positive decimal.`, [placeOf(`${at}.rate`)]);
    }
    if (base === quote) throw new Refusal('rate-pair', `${base} against itself is always 1.`, [placeOf(`${at}.quote`)]);
  }
}
