import { FaultList, type PolicyFault } from './policy-fault';
import type { CreditEnhancement } from './policies';

/** Checks proposed cover of one debtor (IFRS 9 B5.5.55): shares between 0 and 1, amounts not negative, a last day. Whether the debtor exists is for the caller to know. */
export function checkCreditEnhancement(enhancement: CreditEnhancement): PolicyFault[] {
  const list = new FaultList();
  list.fraction('coveredShare', enhancement.coveredShare);
  list.fraction('providerLossRate', enhancement.providerLossRate);
  if (enhancement.limit !== null && enhancement.limit < 0n) list.add('limit', 'The most that is paid is not negative.');
  if (enhancement.deductible < 0n) list.add('deductible', 'The first loss kept is not negative.');
  list.period(enhancement.effectiveOn, { field: 'expiresOn', on: enhancement.expiresOn });
  list.kinds(enhancement.kinds);
  list.reason('reason', enhancement.reason);
  return list.faults;
}
