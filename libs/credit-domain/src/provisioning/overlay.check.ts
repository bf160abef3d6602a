import { FaultList, type PolicyFault } from './policy-fault';
import type { Overlay } from './policies';

/** Checks a proposed overlay: an amount either way, a reason, and an end, so that no judgement outlives what it was made for. */
export function checkOverlay(overlay: Overlay): PolicyFault[] {
  const list = new FaultList();
  if (overlay.amount === 0n) list.add('amount', 'An overlay of nothing changes nothing.');
  list.period(overlay.effectiveOn, { field: 'expiresOn', on: overlay.expiresOn });
  const scope = { entityId: overlay.entityId, class: overlay.class, segment: overlay.segment };
  for (const [field, value] of Object.entries(scope)) {
    if (value !== null && value.trim() === '') list.add(field, `Name the ${field}, or leave it out for every one.`);
  }
  list.reason('reason', overlay.reason);
  return list.faults;
}
