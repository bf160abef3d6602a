import { formatAmount, isEffective, type CreditEnhancement } from '@app/credit-domain';
import { dataOf, newEvent, type DataOf } from '../event-data';
import type { PolicyType } from './approvable';

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
  inForce: (approved, asOf) => new Set(approved.filter(({ content }) => isEffective(content, asOf, content.expiresOn)).map(({ id }) => id)),
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
