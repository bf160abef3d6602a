import { checkCreditEnhancement } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { creditEnhancements } from '../policy/credit-enhancement.fold';
import { requireKindsWithLosses } from '../policy/kinds';
import { PolicyBook, type ProposedPolicy } from '../policy/policy-book';
import { requireNoFaults } from '../policy/refusal-places';
import { requireDebtor, requireEntity } from '../policy/require-known';
import { ProposeCreditEnhancementCommand } from './propose-credit-enhancement.command';

@CommandHandler(ProposeCreditEnhancementCommand)
export class ProposeCreditEnhancementHandler implements ICommandHandler<ProposeCreditEnhancementCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ context, proposal: { id, ...content } }: ProposeCreditEnhancementCommand): Promise<ProposedPolicy> {
    requireKindsWithLosses(content.kinds ?? [], 'kinds');
    const cover = { enhancementId: id ?? context.newId(), ...content };
    requireNoFaults(checkCreditEnhancement(cover));
    await requireDebtor(this.queries, context, content.debtorId);
    await requireEntity(this.queries, context, content);
    return new PolicyBook(this.store).propose(context, creditEnhancements, cover);
  }
}
