import { builtInScheme, checkLossRates, lossRateSetInForce, type AgeingScheme } from '@app/credit-domain';
import { Refusal } from '@app/platform';
import { DEFAULT_SCHEME } from '../calculate/gather-input';
import type { ProvisionPolicy } from '../policy/read-policy';
import { placesOf } from '../policy/refusal-places';
import { WHAT_IF_SCHEME, type CheckedChanges } from './what-if.query';

/** Above every approval of the log, so that what is assumed holds over what was approved. */
const AFTER_EVERY_APPROVAL = 2n ** 62n;

/** What two people agreed on, with the assumed policies in their place. Refused `loss-rates-invalid`, `ageing-scheme-unknown`. */
export async function changedPolicy(
  policy: ProvisionPolicy,
  changes: CheckedChanges,
  at: { readonly asOf: string; readonly scheme: (id: string) => Promise<AgeingScheme> },
): Promise<ProvisionPolicy> {
  const { asOf } = at;
  const assumed = { effectiveOn: asOf, approvedAt: AFTER_EVERY_APPROVAL };
  const lossRateSets = [...policy.lossRateSets];
  for (const [index, { kind, scheme: named, rates }] of (changes.lossRates ?? []).entries()) {
    const schemeId = named ?? schemeOfKind(policy, changes, kind, asOf);
    const scheme = builtInScheme(schemeId) ?? (await at.scheme(schemeId));
    requireUsableRates(rates, scheme, `lossRates[${String(index)}]`);
    lossRateSets.push({ setId: `${WHAT_IF_SCHEME}-${kind}`, kind, scheme: scheme.id, rates, ...assumed });
  }
  const forwardLooking = (changes.forwardLooking ?? []).map((set) => ({
    ...{ ...set, ...assumed, setId: `${WHAT_IF_SCHEME}-${set.kind}`, driverWorsened: null, reason: WHAT_IF_SCHEME },
  }));
  const overlays = changes.overlays?.map((overlay, index) => ({
    ...{ ...overlay, ...assumed, overlayId: `${WHAT_IF_SCHEME}-${String(index + 1)}`, expiresOn: asOf, reason: WHAT_IF_SCHEME },
    approvedAt: AFTER_EVERY_APPROVAL + BigInt(index),
  }));
  return {
    ...policy,
    lossRateSets,
    forwardLookingSets: [...policy.forwardLookingSets, ...forwardLooking],
    overlays: overlays ?? policy.overlays,
  };
}

function schemeOfKind(policy: ProvisionPolicy, { customScheme }: CheckedChanges, kind: string, asOf: string): string {
  if (customScheme !== null) return customScheme.id;
  return lossRateSetInForce(policy.lossRateSets, { kind, asOf })?.scheme ?? DEFAULT_SCHEME;
}

function requireUsableRates(rates: Parameters<typeof checkLossRates>[0], scheme: AgeingScheme, at: string): void {
  const faults = checkLossRates(
    rates,
    scheme.buckets.map(({ label }) => label),
  ).map((fault) => ({ ...fault, field: `${at}.${fault.field}` }));
  const [first] = faults;
  if (first !== undefined) throw new Refusal('loss-rates-invalid', `The loss rates cannot be used: ${first.detail}`, placesOf(faults));
}
