import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

export interface IssuedApiKey {
  readonly id: string;
  /** The key itself: given out here and never again. */
  readonly key: string;
}

/** Issues a further key to a principal. Refused with `principal-not-found`. `expiresAt` is an RFC 3339 instant or null for a key without end. */
export class IssueApiKey extends Command<IssuedApiKey> {
  constructor(
    readonly context: RequestContext,
    readonly principalId: string,
    readonly expiresAt: string | null,
  ) {
    super();
  }
}
