import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/** Defines an ageing scheme; `definition` is what the caller sent and is checked by the domain. */
export class DefineAgeingSchemeCommand extends Command<{ id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly definition: unknown,
  ) {
    super();
  }
}
