import { Body, Controller, Post, Res } from '@nestjs/common';
import type { RequestContext } from '@app/platform';
import { ProposeLossRatesCommand } from '@app/provisioning';
import type { z } from 'zod';
import { Context, Permit, Returns, type EdgeReply } from '../http';
import { lossRateSet, proposedPolicy, proposeLossRatesBody } from './policies.schemas';
import { filteredByKind, located, policyRoutes, progressOf } from './policy-routes';

const routes = policyRoutes({
  collection: 'loss-rate-sets',
  noun: 'loss-rate set',
  plural: 'Loss-rate sets',
  item: lossRateSet,
  onTheWire: (view) => {
    const { kind, scheme, rates, evidence, replaces } = view.content;
    return { ...progressOf(view), kind, scheme, rates: rates.map((rate) => ({ ...rate })), evidence, replaces };
  },
  ...filteredByKind,
});

@Controller('v1/loss-rate-sets')
export class LossRateSetsController extends routes {
  @Post()
  @Permit('manager')
  @Returns({ status: 201, summary: 'Propose loss rates by segment and bucket', body: proposedPolicy })
  async propose(
    @Context() context: RequestContext,
    @Body({ schema: proposeLossRatesBody }) body: z.output<typeof proposeLossRatesBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof proposedPolicy>> {
    const evidence = body.evidence === undefined ? undefined : { ...body.evidence, url: body.evidence.url ?? null };
    return located(reply, 'loss-rate-sets', await this.commands.execute(new ProposeLossRatesCommand(context, { ...body, evidence })));
  }
}
