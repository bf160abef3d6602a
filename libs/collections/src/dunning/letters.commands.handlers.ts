import { CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import type { EventContext } from '@app/event-store';
import { eventContext, PersonalDataVault, Refusal } from '@app/platform';
import { ReadOutstandingQuery } from '@app/receivables';
import { newEvent } from '../event-data';
import { MACHINE_PRINCIPAL } from '../ids';
import { LetterLog, refuseIfOver } from './letter-log';
import { ClaimLetterSendingCommand, MarkLetterSentCommand, RecordLetterOutcomeCommand, WithdrawLetterCommand } from './letters.commands';

@CommandHandler(MarkLetterSentCommand)
export class MarkLetterSentHandler implements ICommandHandler<MarkLetterSentCommand> {
  constructor(private readonly log: LetterLog) {}

  async execute({ context, letterId, on }: MarkLetterSentCommand): Promise<void> {
    await this.log.change(eventContext(context), letterId, (letter, { today }) => {
      const sentOn = on ?? today;
      const place = [{ field: 'on', pointer: '/on' }];
      if (sentOn > today) throw new Refusal('date-in-future', `A letter went out today, ${today}, or on a day before.`, place);
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
  ) {}

  async execute({ context, letterId, reason }: WithdrawLetterCommand): Promise<void> {
    await this.log.change(eventContext(context), letterId, async (letter, { tx, today }) => {
      refuseIfOver(letter);
      const { debtorId, level } = letter;
      const personal = await this.vault.encrypt(tx, context.tenantId, `debtor/${debtorId}`, { reason });
      return newEvent('DunningLetterWithdrawn', today, { letterId, debtorId, level, cause: 'by-hand', personal });
    });
  }
}

@CommandHandler(ClaimLetterSendingCommand)
export class ClaimLetterSendingHandler implements ICommandHandler<ClaimLetterSendingCommand> {
  constructor(
    private readonly log: LetterLog,
    private readonly queries: QueryBus,
  ) {}

  async execute({ tenantId, letterId }: ClaimLetterSendingCommand): Promise<boolean> {
    let isClaimed = false;
    const isOwed = await this.#isOwed(tenantId, letterId);
    await this.log.change(machine(tenantId, letterId), letterId, ({ debtorId, level, channel, state }, { today }) => {
      isClaimed = channel === 'email' && state === 'issued' && isOwed;
      const letter = { letterId, debtorId, level };
      if (isClaimed) return Promise.resolve(newEvent('DunningLetterSending', today, letter));
      if (channel === 'email' && state === 'issued') {
        return Promise.resolve(newEvent('DunningLetterWithdrawn', today, { ...letter, cause: 'nothing-owed', personal: null }));
      }
      if (state !== 'sending') return Promise.resolve(null);
      const reason = 'the application stopped while the mail was on its way';
      return Promise.resolve(newEvent('DunningLetterFailed', today, { ...letter, cause: 'outcome-unknown', reason }));
    });
    return isClaimed;
  }

  /** Whether anything of what the letter asks for is still open: it may have been paid since the letter was issued. */
  async #isOwed(tenantId: number, letterId: string): Promise<boolean> {
    const letter = await this.log.letter(tenantId, letterId);
    const outstanding = await this.queries.execute(new ReadOutstandingQuery(tenantId, letter.receivable_ids));
    return letter.receivable_ids.some((receivableId) => (outstanding.get(receivableId) ?? 0n) > 0n);
  }
}

@CommandHandler(RecordLetterOutcomeCommand)
export class RecordLetterOutcomeHandler implements ICommandHandler<RecordLetterOutcomeCommand> {
  constructor(private readonly log: LetterLog) {}

  async execute({ tenantId, letterId, outcome }: RecordLetterOutcomeCommand): Promise<void> {
    await this.log.change(machine(tenantId, letterId), letterId, ({ debtorId, level, state }, { today }) => {
      if (state !== 'sending') return Promise.resolve(null);
      const letter = { letterId, debtorId, level };
      const event =
        outcome.outcome === 'sent'
          ? newEvent('DunningLetterSent', today, { ...letter, how: 'email', providerId: outcome.providerId })
          : newEvent('DunningLetterFailed', today, { ...letter, cause: outcome.cause, reason: outcome.reason });
      return Promise.resolve(event);
    });
  }
}

function machine(tenantId: number, correlationId: string): EventContext {
  return { tenantId, principalId: MACHINE_PRINCIPAL, correlationId };
}
