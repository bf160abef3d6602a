import type { JsonObject } from '@app/event-store';

/** Where in the input a refusal points. */
export interface RefusalPlace {
  readonly field?: string;
  readonly row?: number;
  readonly column?: string;
  /** JSON pointer into the body */
  readonly pointer?: string;
}

/** The business says no: a code of the closed list, which the edge turns into a status, and a sentence for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: string,
    readonly detail: string,
    readonly errors: readonly RefusalPlace[] = [],
    readonly extra: JsonObject = {},
  ) {
    super(detail);
  }
}
