import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

export interface Acknowledgement {
  readonly note: string | null;
  /** The principal who has it; null: whoever acknowledges. */
  readonly owner: string | null;
  /** RFC 3339; null: ACKNOWLEDGEMENT_DAYS from now. Told again then, if it still fires. */
  readonly expiresAt: string | null;
  /** `group`: every open alert that is told together with it, as they are now. Default: the alert alone. */
  readonly scope?: AcknowledgementScope;
}

export const ACKNOWLEDGEMENT_SCOPES = ['alert', 'group'] as const;
export type AcknowledgementScope = (typeof ACKNOWLEDGEMENT_SCOPES)[number];

/** How long an acknowledgement lasts that names no end. */
export const ACKNOWLEDGEMENT_DAYS = 7;
/** An acknowledgement is not a way to switch an alert off. */
export const ACKNOWLEDGEMENT_DAYS_MAX = 90;

/**
 * Says that somebody has an alert: it is neither repeated nor escalated until that expires or the figure grows worse, while others of its group
 * are, unless they are acknowledged with it. It stays open until the figure moves back. While one is in force another counts only if it names an
 * owner or an end. Refused `alert-not-found`, `alert-not-open` (only open alerts are acknowledged), `acknowledgement-expiry` (in the past, or too
 * far off).
 */
export class AcknowledgeAlert extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly alertId: string,
    readonly note: string | null,
    readonly by: Omit<Acknowledgement, 'note'> = { owner: null, expiresAt: null },
  ) {
    super();
  }
}
