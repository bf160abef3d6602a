import { formatAmount, isCoveredByLater, isEffective, type CreditEnhancement } from '@app/credit-domain';
import { dataOf, newEvent, type DataOf } from '../event-data';
import type { PolicyType } from './approvable';
import { approvedContents } from './approvable.fold';

export const creditEnhancements: PolicyType<CreditEnhancement> = {
  category: 'credit-enhancement',
  noun: 'credit enhancement',
  notFound: 'credit-enhancement-not-found',
  events: { proposed: 'CreditEnhancementProposed', approved: 'CreditEnhancementApproved', withdrawn: 'CreditEnhancementWithdrawn' },
  scopeOf: ({ enhancementId, effectiveOn, entityId }) => ({ id: enhancementId, effectiveOn, entityId }),
  contentOf: (event) => {
    const data = dataOf('CreditEnhancementProposed', event);
    return { ...data, limit: data.limit === null ? null : BigInt(data.limit), deductible: BigInt(data.deductible) };
  },
  proposedEvent: (cover) => newEvent('CreditEnhancementProposed', cover.effectiveOn, coverData(cover)),
  approvedEvent: (cover, by) => newEvent('CreditEnhancementApproved', cover.effectiveOn, { ...coverData(cover), ...by }),
  withdrawnEvent: ({ enhancementId, effectiveOn }, by) => newEvent('CreditEnhancementWithdrawn', effectiveOn, { enhancementId, ...by }),
  // Of several integral ones on a claim the latest counts; those beside the allowance are all shown.
  inForce: (approved, asOf) => {
    const effective = approvedContents(approved).filter((cover) => isEffective(cover, asOf, cover.expiresOn));
    const integral = effective.filter((cover) => cover.integral);
    const holding = effective.filter((cover) => !cover.integral || !isCoveredByLater(cover, integral));
    return new Set(holding.map(({ enhancementId }) => enhancementId));
  },
  inWords: ({ type, debtorId, kinds, entityId, coveredShare, limit, currency, integral, effectiveOn, expiresOn }) => {
    const scope = `${kinds === null ? 'all kinds' : kinds.join(', ')}${entityId === null ? '' : `, entity '${entityId}'`}`;
    const most = limit === null ? 'without a limit' : `up to ${formatAmount(limit, currency)} ${currency}`;
    const effect = integral ? 'lowers the allowance' : 'is shown as a reimbursement and leaves the allowance as it is';
    return `Covers ${coveredShare} of the loss on debtor '${debtorId}' (${scope}) by ${type}, ${most}, from ${effectiveOn} to ${expiresOn}; it ${effect}.`;
  },
};

function coverData(cover: CreditEnhancement): DataOf<'CreditEnhancementProposed'> {
  return {
    ...cover,
    kinds: cover.kinds === null ? null : [...cover.kinds],
    limit: cover.limit?.toString() ?? null,
    deductible: cover.deductible.toString(),
  };
}
