import { Body, Controller, Post, Res } from '@nestjs/common';
import type { RequestContext } from '@app/platform';
import { ProposeOverlayCommand } from '@app/provisioning';
import type { z } from 'zod';
import { Context, money, Permit, Returns, type EdgeReply } from '../http';
import { overlay, proposedPolicy, proposeOverlayBody } from './policies.schemas';
import { filteredByKind, located, policyRoutes, progressOf } from './policy-routes';

const routes = policyRoutes({
  collection: 'overlays',
  noun: 'overlay',
  plural: 'Overlays',
  item: overlay,
  onTheWire: (view, asOf) => {
    const { kind, entityId, segment, amount, currency, expiresOn, reason } = view.content;
    return {
      ...progressOf(view),
      ...{ kind, entityId, class: view.content.class, segment, expiresOn, reason },
      amount: money(amount, currency),
      expired: expiresOn < asOf,
    };
  },
  ...filteredByKind,
});

@Controller('v1/overlays')
export class OverlaysController extends routes {
  @Post()
  @Permit('manager')
  @Returns({ status: 201, summary: 'Propose a signed, expiring adjustment beside the model', body: proposedPolicy })
  async propose(
    @Context() context: RequestContext,
    @Body({ schema: proposeOverlayBody }) body: z.output<typeof proposeOverlayBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof proposedPolicy>> {
    const { id, kind, effectiveOn, expiresOn, reason, amount, entityId, segment } = body;
    const proposal = {
      ...{ id, kind, effectiveOn, expiresOn, reason, amount: amount.minor, currency: amount.currency },
      ...{ entityId: entityId ?? null, class: body.class ?? null, segment: segment ?? null },
    };
    return located(reply, 'overlays', await this.commands.execute(new ProposeOverlayCommand(context, proposal)));
  }
}
