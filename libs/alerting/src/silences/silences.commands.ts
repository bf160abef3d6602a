import { Command } from '@nestjs/cqrs';
import type { SilenceMatcher } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';

export interface SilenceRequest {
  readonly matchers: readonly SilenceMatcher[];
  /** RFC 3339; null: now. */
  readonly startsAt: string | null;
  readonly endsAt: string;
  readonly reason: string;
}

/**
 * Keeps matching alerts quiet until it ends. It ends early when one of them grows worse, and when those that were open at its beginning have all
 * resolved. Alerts about the integrity of the book are never silenced. Refused `silence-period-invalid` (ends before it starts or now, or lasts more
 * than SILENCE_DAYS_MAX days), `alert-not-silenceable` (names an alert that no silence covers), `alert-not-found` (names one that is not there).
 */
export class CreateSilence extends Command<{ readonly id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly request: SilenceRequest,
  ) {
    super();
  }
}

/** Ends a silence at once; what it kept quiet and still fires is told. Ending it again changes nothing. Refused `silence-not-found`. */
export class EndSilence extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly silenceId: string,
  ) {
    super();
  }
}
