import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';

/**
 * Closes the book on a date: one snapshot of its age mix and one provision at one position. There is one close a date; asking
 * again computes it again. Its id is its date. Refused `close-in-future`.
 */
export class RequestCloseCommand extends Command<{ id: string; position: bigint }> {
  constructor(
    readonly context: RequestContext,
    readonly asOf: string,
  ) {
    super();
  }
}
