import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import type { Role } from '../roles';

/** Registers a person or a machine with its roles. The name is personal data and is kept encrypted. Never refused. */
export class RegisterPrincipal extends Command<{ readonly id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly name: string,
    readonly roles: readonly Role[],
  ) {
    super();
  }
}
