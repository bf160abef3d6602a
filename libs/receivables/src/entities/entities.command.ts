import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';

/** A legal entity as a whole; what is left out is blank. */
export interface StatedEntity {
  readonly id: string;
  readonly name: string;
  readonly functionalCurrency: string | null;
  /** first and last day in the group; null = open. */
  readonly joinedOn: string | null;
  readonly leftOn: string | null;
}

/** Registers an entity, or amends it when it is stated otherwise; the same again changes nothing. Refused `entity-built-in`, `date-invalid`. */
export class StateEntityCommand extends Command<{ readonly id: string; readonly outcome: 'registered' | 'amended' | 'unchanged' }> {
  constructor(
    readonly context: RequestContext,
    readonly entity: StatedEntity,
  ) {
    super();
  }
}

/**
 * Asks for what is owed to an entity to be derecognised on a date; it leaves the group on that day. Refused `entity-built-in`,
 * `entity-not-found`, `entity-left`, `entity-not-joined`.
 */
export class DisposeEntityCommand extends Command<{ readonly id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly disposal: { readonly entityId: string; readonly on: string; readonly reason: string },
  ) {
    super();
  }
}
