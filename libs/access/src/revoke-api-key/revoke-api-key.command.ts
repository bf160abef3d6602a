import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/** Revokes a key for good; revoking it again changes nothing. Refused with `principal-not-found` or `api-key-not-found`. */
export class RevokeApiKey extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly principalId: string,
    readonly keyId: string,
  ) {
    super();
  }
}
