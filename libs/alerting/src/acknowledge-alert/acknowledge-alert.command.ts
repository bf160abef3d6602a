import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/** Writes down that somebody has seen an alert; the first one counts. It stays open until the figure moves back. Refused `alert-not-found`. */
export class AcknowledgeAlert extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly alertId: string,
    readonly note: string | null,
  ) {
    super();
  }
}
