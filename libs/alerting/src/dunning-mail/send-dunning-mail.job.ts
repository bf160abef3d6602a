import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ClaimLetterSendingCommand,
  ListContactsQuery,
  type MailOutcome,
  RecordLetterOutcomeCommand,
  WriteDunningLetterQuery,
} from '@app/collections';
import type { AttemptOutcome } from '@app/credit-domain';
import type { Job, JobHandler, JobOutcome } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { ChannelSenders } from '../deliver/channel-senders';
import { messageIdOf } from '../deliver/channels/email-content';
import { type EmailSettings, type PlainMail, sendPlainMail } from '../deliver/channels/email.channel';
import { SEND_DUNNING_MAIL } from './dunning-mail.processor';

/** Pauses before another try, where the server surely has not taken the mail. */
const PAUSES_MS = [1_000, 4_000] as const;
/** A contact in this role gets the letters; without one, the first contact with an address. */
const DUNNING_ROLE = 'dunning';

/**
 * Sends a dunning letter by email, at most once: the attempt is claimed in the letter's own stream before a word is said to the server, and a claim
 * that is found again after a crash is told as a failure of unknown outcome, for a person to look at. A reminder too few is asked for; a
 * reminder sent twice cannot be taken back. The address is opened here and nowhere kept.
 */
@Injectable()
export class SendDunningMailJob implements JobHandler {
  readonly kind = SEND_DUNNING_MAIL;
  readonly queue = 'deliver' as const;
  readonly attemptsMax = 5;
  readonly leaseSeconds = 120;

  constructor(
    private readonly log: AlertingLog,
    private readonly senders: ChannelSenders,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  async run({ tenantId, key: letterId, signal }: Job): Promise<JobOutcome> {
    if (!(await this.commands.execute(new ClaimLetterSendingCommand(tenantId, letterId)))) return { outcome: 'done' };
    const outcome = await this.#send(tenantId, letterId, signal);
    await this.commands.execute(new RecordLetterOutcomeCommand(tenantId, letterId, outcome));
    return { outcome: 'done' };
  }

  async #send(tenantId: number, letterId: string, stop: AbortSignal): Promise<MailOutcome> {
    const letter = await this.queries.execute(new WriteDunningLetterQuery(tenantId, letterId));
    const to = await this.#recipient(tenantId, letter.debtorId);
    if (to === null) return failed('no-recipient', 'no contact of the debtor has an email address');
    const settings = letter.mailChannelId === null ? null : await this.#settings(tenantId, letter.mailChannelId);
    if (settings === null) return failed('channel-missing', 'the email channel is gone');
    const { subject, text, html } = letter;
    return told(await attempts(settings, { to: [to], subject, text, html, messageId: messageIdOf(letterId) }, stop));
  }

  async #recipient(tenantId: number, debtorId: string): Promise<string | null> {
    const contacts = await this.queries.execute(new ListContactsQuery(tenantId, debtorId));
    const reachable = contacts.flatMap(({ details }) =>
      typeof details?.email === 'string' ? [{ email: details.email, role: details.role }] : [],
    );
    return (reachable.find(({ role }) => role?.toLowerCase() === DUNNING_ROLE) ?? reachable[0])?.email ?? null;
  }

  #settings(tenantId: number, channelId: string): Promise<EmailSettings | null> {
    return this.log.database.read(tenantId, async (tx) => {
      const channel = await this.log.channel(tx, channelId);
      return channel === null || channel.status === 'removed' ? null : this.senders.mailSettingsOf(tx, tenantId, channel);
    });
  }
}

async function attempts(settings: EmailSettings, mail: PlainMail, stop: AbortSignal): Promise<AttemptOutcome> {
  let outcome = await sendPlainMail(settings, mail, stop);
  for (const ms of PAUSES_MS) {
    if (outcome.outcome !== 'retry') break;
    await pause(ms);
    outcome = await sendPlainMail(settings, mail, stop);
  }
  return outcome;
}

function told(outcome: AttemptOutcome): MailOutcome {
  switch (outcome.outcome) {
    case 'sent':
      return { outcome: 'sent', providerId: outcome.providerId };
    case 'unknown':
      return failed('outcome-unknown', outcome.reason);
    case 'retry':
    case 'give-up':
      return failed('refused', outcome.reason);
  }
}

function failed(cause: Extract<MailOutcome, { outcome: 'failed' }>['cause'], reason: string): MailOutcome {
  return { outcome: 'failed', cause, reason };
}
