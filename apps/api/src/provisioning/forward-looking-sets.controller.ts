import { Body, Controller, Post, Res } from '@nestjs/common';
import { formatRate, meanScalar } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import { ProposeForwardLookingSetCommand } from '@app/provisioning';
import type { z } from 'zod';
import { Context, Permit, Returns, type EdgeReply } from '../http';
import { forwardLookingSet, proposedPolicy, proposeForwardLookingSetBody } from './policies.schemas';
import { filteredByKind, located, policyRoutes, progressOf } from './policy-routes';

const routes = policyRoutes({
  collection: 'forward-looking-sets',
  noun: 'forward-looking set',
  plural: 'Forward-looking scenarios',
  item: forwardLookingSet,
  onTheWire: (view) => {
    const { kind, scenarios, keepFullRates, driverWorsened, reason, replaces } = view.content;
    return {
      ...progressOf(view),
      ...{ kind, keepFullRates, driverWorsened, reason, replaces },
      scenarios: scenarios.map((scenario) => ({ ...scenario })),
      meanScalar: formatRate(meanScalar(scenarios)),
    };
  },
  ...filteredByKind,
});

@Controller('v1/forward-looking-sets')
export class ForwardLookingSetsController extends routes {
  @Post()
  @Permit('manager')
  @Returns({ status: 201, summary: 'Propose forward-looking scenarios for the loss rates of a kind', body: proposedPolicy })
  async propose(
    @Context() context: RequestContext,
    @Body({ schema: proposeForwardLookingSetBody }) body: z.output<typeof proposeForwardLookingSetBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof proposedPolicy>> {
    const { id, kind, effectiveOn, scenarios, keepFullRates, driverWorsened, reason, replaces } = body;
    const proposal = {
      ...{ id, kind, effectiveOn, scenarios, keepFullRates, reason },
      ...{ driverWorsened: driverWorsened ?? null, replaces: replaces ?? null },
    };
    return located(reply, 'forward-looking-sets', await this.commands.execute(new ProposeForwardLookingSetCommand(context, proposal)));
  }
}
