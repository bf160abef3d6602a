import { Command } from '@nestjs/cqrs';

/**
 * One recipient of an email channel wants no more digests (RFC 8058); its alerts still come. Whoever holds the link of the mail may ask, again
 * and again. Refused `unsubscribe-token-invalid`.
 */
export class PauseDigests extends Command<void> {
  constructor(readonly token: string) {
    super();
  }
}
