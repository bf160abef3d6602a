import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApprovePolicyCommand, WithdrawPolicyCommand } from './approve-policy.command';
import { PolicyBook, type DecidedPolicy } from './policy-book';
import { policyTypeOf } from './policy-types';

@CommandHandler(ApprovePolicyCommand)
export class ApprovePolicyHandler implements ICommandHandler<ApprovePolicyCommand> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ context, collection, approval }: ApprovePolicyCommand): Promise<DecidedPolicy> {
    return new PolicyBook(this.store).approve(context, policyTypeOf(collection), approval);
  }
}

@CommandHandler(WithdrawPolicyCommand)
export class WithdrawPolicyHandler implements ICommandHandler<WithdrawPolicyCommand> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ context, collection, withdrawal }: WithdrawPolicyCommand): Promise<DecidedPolicy> {
    return new PolicyBook(this.store).withdraw(context, policyTypeOf(collection), withdrawal);
  }
}
