import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { EventContext } from '@app/event-store';
import { CLOCK, type Clock, eventContext, PersonalDataVault, Refusal } from '@app/platform';
import { newEvent } from '../event-data';
import { MACHINE_PRINCIPAL } from '../ids';
import { LetterLog, refuseIfOver } from './letter-log';
import { ClaimLetterSendingCommand, MarkLetterSentCommand, RecordLetterOutcomeCommand, WithdrawLetterCommand } from './letters.commands';

@CommandHandler(MarkLetterSentCommand)
export class MarkLetterSentHandler implements ICommandHandler<MarkLetterSentCommand> {
  constructor(
    private readonly log: LetterLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ context, letterId, on }: MarkLetterSentCommand): Promise<void> {
    const today = this.clock.today();
    const sentOn = on ?? today;
    const place = [{ field: 'on', pointer: '/on' }];
    if (sentOn > today) throw new Refusal('date-in-future', `A letter went out today, ${today}, or on a day before.`, place);
    await this.log.change(eventContext(context), letterId, (letter) => {
      refuseIfOver(letter);
      if (sentOn < letter.issuedOn) {
        throw new Refusal('date-before-letter', `The letter was issued on ${letter.issuedOn}: it did not go out before.`, place);
      }
      const { debtorId, level } = letter;
      return Promise.resolve(newEvent('DunningLetterSent', sentOn, { letterId, debtorId, level, how: 'by-hand', providerId: null }));
    });
  }
}

@CommandHandler(WithdrawLetterCommand)
export class WithdrawLetterHandler implements ICommandHandler<WithdrawLetterCommand> {
  constructor(
    private readonly log: LetterLog,
    private readonly vault: PersonalDataVault,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ context, letterId, reason }: WithdrawLetterCommand): Promise<void> {
    await this.log.change(eventContext(context), letterId, async (letter, tx) => {
      refuseIfOver(letter);
      const { debtorId, level } = letter;
      const personal = await this.vault.encrypt(tx, context.tenantId, `debtor/${debtorId}`, { reason });
      return newEvent('DunningLetterWithdrawn', this.clock.today(), { letterId, debtorId, level, personal });
    });
  }
}

@CommandHandler(ClaimLetterSendingCommand)
export class ClaimLetterSendingHandler implements ICommandHandler<ClaimLetterSendingCommand> {
  constructor(
    private readonly log: LetterLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ tenantId, letterId }: ClaimLetterSendingCommand): Promise<boolean> {
    let isClaimed = false;
    await this.log.change(machine(tenantId, letterId), letterId, ({ debtorId, level, channel, state }) => {
      isClaimed = channel === 'email' && state === 'issued';
      if (isClaimed) return Promise.resolve(newEvent('DunningLetterSending', this.clock.today(), { letterId, debtorId, level }));
      if (state !== 'sending') return Promise.resolve(null);
      const reason = 'the application stopped while the mail was on its way';
      return Promise.resolve(
        newEvent('DunningLetterFailed', this.clock.today(), { letterId, debtorId, level, cause: 'outcome-unknown', reason }),
      );
    });
    return isClaimed;
  }
}

@CommandHandler(RecordLetterOutcomeCommand)
export class RecordLetterOutcomeHandler implements ICommandHandler<RecordLetterOutcomeCommand> {
  constructor(
    private readonly log: LetterLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ tenantId, letterId, outcome }: RecordLetterOutcomeCommand): Promise<void> {
    await this.log.change(machine(tenantId, letterId), letterId, ({ debtorId, level, state }) => {
      if (state !== 'sending') return Promise.resolve(null);
      const letter = { letterId, debtorId, level };
      const event =
        outcome.outcome === 'sent'
          ? newEvent('DunningLetterSent', this.clock.today(), { ...letter, how: 'email', providerId: outcome.providerId })
          : newEvent('DunningLetterFailed', this.clock.today(), { ...letter, cause: outcome.cause, reason: outcome.reason });
      return Promise.resolve(event);
    });
  }
}

function machine(tenantId: number, correlationId: string): EventContext {
  return { tenantId, principalId: MACHINE_PRINCIPAL, correlationId };
}
