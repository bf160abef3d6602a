import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';

export interface RunRequest {
  readonly asOf: string;
  readonly knownAt?: string | undefined;
  /** undefined = every kind with expected credit losses that has exposure. */
  readonly kinds?: readonly string[] | undefined;
  /** undefined = the scheme of the loss-rate set in force for each kind. */
  readonly scheme?: string | undefined;
  readonly currency?: string | undefined;
}

/** Asks for a provision run. The position is pinned now: what is recorded later never enters the run. Refused `kind-without-ecl`. */
export class RequestProvisionRunCommand extends Command<{ id: string; position: bigint; knownAt: string }> {
  constructor(
    readonly context: RequestContext,
    readonly request: RunRequest,
  ) {
    super();
  }
}
