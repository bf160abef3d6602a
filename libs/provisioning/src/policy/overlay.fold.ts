import { formatAmount, isEffective, type Overlay } from '@app/credit-domain';
import { dataOf, newEvent, type DataOf } from '../event-data';
import type { PolicyType } from './approvable';

export const overlays: PolicyType<Overlay> = {
  category: 'overlay',
  noun: 'overlay',
  notFound: 'overlay-not-found',
  events: { proposed: 'OverlayProposed', approved: 'OverlayApproved', withdrawn: 'OverlayWithdrawn' },
  scopeOf: ({ overlayId, effectiveOn, entityId }) => ({ id: overlayId, effectiveOn, entityId }),
  contentOf: (event) => {
    const data = dataOf('OverlayProposed', event);
    return { ...data, amount: BigInt(data.amount) };
  },
  proposedEvent: (overlay) => newEvent('OverlayProposed', overlay.effectiveOn, overlayData(overlay)),
  approvedEvent: (overlay, by) => newEvent('OverlayApproved', overlay.effectiveOn, { ...overlayData(overlay), ...by }),
  withdrawnEvent: ({ overlayId, effectiveOn }, by) => newEvent('OverlayWithdrawn', effectiveOn, { overlayId, ...by }),
  // Overlays add up: every one that has not expired is in force.
  inForce: (approved, asOf) => new Set(approved.filter(({ content }) => isEffective(content, asOf, content.expiresOn)).map(({ id }) => id)),
  inWords: (overlay) => {
    const { amount, currency, kind, effectiveOn, expiresOn } = overlay;
    const moves = `${amount < 0n ? 'Lowers' : 'Raises'} the allowance of ${kind} by ${formatAmount(amount < 0n ? -amount : amount, currency)} ${currency}`;
    return `${moves}${narrowedTo(overlay)} from ${effectiveOn} to ${expiresOn}.`;
  },
};

function narrowedTo(overlay: Overlay): string {
  const parts = (['entityId', 'class', 'segment'] as const).flatMap((field) => {
    const value = overlay[field];
    return value === null ? [] : [`${field} '${value}'`];
  });
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function overlayData(overlay: Overlay): DataOf<'OverlayProposed'> {
  return { ...overlay, amount: overlay.amount.toString() };
}
