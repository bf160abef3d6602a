import { checkForwardLookingSet, forwardLookingWarnings } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { forwardLookingSets } from '../policy/forward-looking-set.fold';
import { requireKindsWithLosses } from '../policy/kinds';
import { PolicyBook, type ProposedPolicy } from '../policy/policy-book';
import { requireNoFaults } from '../policy/refusal-places';
import { ProposeForwardLookingSetCommand } from './propose-forward-looking-set.command';

@CommandHandler(ProposeForwardLookingSetCommand)
export class ProposeForwardLookingSetHandler implements ICommandHandler<ProposeForwardLookingSetCommand> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ context, proposal: { id, ...content } }: ProposeForwardLookingSetCommand): Promise<ProposedPolicy> {
    requireKindsWithLosses([content.kind], 'kind');
    const set = { setId: id ?? context.newId(), ...content };
    requireNoFaults(checkForwardLookingSet(set));
    const { warnings, ...proposed } = await new PolicyBook(this.store).propose(context, forwardLookingSets, set);
    return { ...proposed, warnings: [...forwardLookingWarnings(set), ...warnings] };
  }
}
