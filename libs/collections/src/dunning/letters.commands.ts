import { Command, Query } from '@nestjs/cqrs';
import type { LetterState } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';

export interface LetterView {
  readonly letterId: string;
  readonly debtorId: string;
  readonly runId: string;
  readonly policyId: string;
  readonly policyVersion: number;
  readonly level: number;
  readonly channel: 'letter' | 'email';
  readonly issuedOn: string;
  readonly state: LetterState;
  readonly sentOn: string | null;
  readonly failure: string | null;
  readonly total: { readonly minor: bigint; readonly currency: string };
  readonly fee: { readonly minor: bigint; readonly currency: string } | null;
  readonly receivableIds: readonly string[];
  readonly position: bigint;
  /** It has not gone out, and everything it asks for has been paid meanwhile: it is to be withdrawn, not sent. */
  readonly nothingOwed: boolean;
}

export interface LettersRequest {
  readonly debtorId?: string | undefined;
  readonly runId?: string | undefined;
  readonly states?: readonly LetterState[] | undefined;
  /** Before this position, the latest first. */
  readonly before?: bigint | undefined;
  readonly limit: number;
}

/** Letters, the latest first: they stay on record whatever became of the items. */
export class ListDunningLettersQuery extends Query<readonly LetterView[]> {
  constructor(
    readonly tenantId: number,
    readonly request: LettersRequest,
  ) {
    super();
  }
}

export interface WrittenLetter extends LetterView {
  readonly mailChannelId: string | null;
  /** One line. */
  readonly subject: string;
  readonly text: string;
  /** A page to print: no script, nothing loaded from elsewhere. */
  readonly html: string;
  /** SHA-256 in base64 of its style, for a content security policy. */
  readonly styleHash: string;
}

/** A letter as it is read, by the version of the policy it was issued under. @throws Refusal `dunning-letter-not-found` */
export class WriteDunningLetterQuery extends Query<WrittenLetter> {
  constructor(
    readonly tenantId: number,
    readonly letterId: string,
  ) {
    super();
  }
}

/**
 * Somebody says that a letter went out: one on paper, or one whose sending came to no certain end.
 * @throws Refusal `dunning-letter-not-found`, `dunning-letter-sent-already`, `dunning-letter-withdrawn`, `date-in-future`, `date-before-letter`
 */
export class MarkLetterSentCommand extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly letterId: string,
    readonly on: string | undefined,
  ) {
    super();
  }
}

/** A letter that has not gone out will not. @throws Refusal `dunning-letter-not-found`, `dunning-letter-sent-already`, `dunning-letter-withdrawn` */
export class WithdrawLetterCommand extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly letterId: string,
    readonly reason: string,
  ) {
    super();
  }
}

export type MailOutcome =
  | { readonly outcome: 'sent'; readonly providerId: string | null }
  | {
      readonly outcome: 'failed';
      readonly cause: 'no-recipient' | 'refused' | 'outcome-unknown' | 'channel-missing';
      readonly reason: string;
    };

/**
 * Claims the one attempt to send a letter by email; false when it is not there to be sent (any more). One whose items have all been paid since
 * it was issued is withdrawn instead, as `nothing-owed`. Who claims it again after a crash finds the
 * claim: the mail may have gone out, so the letter fails as `outcome-unknown` and nobody is written to twice.
 */
export class ClaimLetterSendingCommand extends Command<boolean> {
  constructor(
    readonly tenantId: number,
    readonly letterId: string,
  ) {
    super();
  }
}

/** What became of the attempt. */
export class RecordLetterOutcomeCommand extends Command<void> {
  constructor(
    readonly tenantId: number,
    readonly letterId: string,
    readonly outcome: MailOutcome,
  ) {
    super();
  }
}
