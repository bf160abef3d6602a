import { checkOverlay } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { requireKindsWithLosses } from '../policy/kinds';
import { overlays } from '../policy/overlay.fold';
import { PolicyBook, type ProposedPolicy } from '../policy/policy-book';
import { requireNoFaults } from '../policy/refusal-places';
import { requireEntity } from '../policy/require-known';
import { ProposeOverlayCommand } from './propose-overlay.command';

@CommandHandler(ProposeOverlayCommand)
export class ProposeOverlayHandler implements ICommandHandler<ProposeOverlayCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ context, proposal: { id, ...content } }: ProposeOverlayCommand): Promise<ProposedPolicy> {
    requireKindsWithLosses([content.kind], 'kind');
    const overlay = { overlayId: id ?? context.newId(), ...content };
    requireNoFaults(checkOverlay(overlay));
    await requireEntity(this.queries, context, content);
    return new PolicyBook(this.store).propose(context, overlays, overlay);
  }
}
