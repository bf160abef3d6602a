import { Body, Controller, Post, Res } from '@nestjs/common';
import { Refusal, type RequestContext } from '@app/platform';
import { ProposeCreditEnhancementCommand } from '@app/provisioning';
import type { z } from 'zod';
import { Context, money, Permit, Returns, type EdgeReply } from '../http';
import { creditEnhancement, proposeCreditEnhancementBody, proposedPolicy } from './policies.schemas';
import { filteredByDebtor, located, policyRoutes, progressOf } from './policy-routes';

const routes = policyRoutes({
  collection: 'credit-enhancements',
  noun: 'credit enhancement',
  plural: 'Credit enhancements',
  item: creditEnhancement,
  onTheWire: (view, asOf) => {
    const { debtorId, kinds, entityId, type, integral, limit, deductible, currency, coveredShare, providerLossRate, expiresOn, reason } =
      view.content;
    return {
      ...progressOf(view),
      ...{ debtorId, entityId, type, integral, currency, coveredShare, providerLossRate, expiresOn, reason },
      kinds: kinds === null ? null : [...kinds],
      limit: limit === null ? null : money(limit, currency),
      deductible: money(deductible, currency),
      expired: expiresOn < asOf,
    };
  },
  ...filteredByDebtor,
});

@Controller('v1/credit-enhancements')
export class CreditEnhancementsController extends routes {
  @Post()
  @Permit('manager')
  @Returns({ status: 201, summary: 'Propose insurance, collateral or a guarantee for one debtor', body: proposedPolicy })
  async propose(
    @Context() context: RequestContext,
    @Body({ schema: proposeCreditEnhancementBody }) body: z.output<typeof proposeCreditEnhancementBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof proposedPolicy>> {
    const { id, debtorId, type, integral, coveredShare, providerLossRate, effectiveOn, expiresOn, reason } = body;
    const proposal = {
      ...{ id, debtorId, type, integral, coveredShare, providerLossRate, effectiveOn, expiresOn, reason },
      ...{ kinds: body.kinds ?? null, entityId: body.entityId ?? null, currency: currencyOf(body) },
      ...{ limit: body.limit?.minor ?? null, deductible: body.deductible?.minor ?? 0n },
    };
    return located(reply, 'credit-enhancements', await this.commands.execute(new ProposeCreditEnhancementCommand(context, proposal)));
  }
}

/** The one currency of the cover. Refused `currency-missing`, `currency-mismatch`. */
function currencyOf({ currency, limit, deductible }: z.output<typeof proposeCreditEnhancementBody>): string {
  const named = [currency, limit?.currency, deductible?.currency].filter((each) => each !== undefined);
  const [first] = named;
  if (first === undefined) {
    throw new Refusal('currency-missing', 'Name the currency of the cover.', [{ field: 'currency', pointer: '/currency' }]);
  }
  if (named.some((each) => each !== first)) {
    throw new Refusal('currency-mismatch', `Cover has one currency, not ${[...new Set(named)].join(' and ')}.`, [
      { field: 'currency', pointer: '/currency' },
    ]);
  }
  return first;
}
