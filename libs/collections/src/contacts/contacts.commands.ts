import { Command, Query } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/** Null = not stated. */
export interface ContactDetails {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly role: string | null;
}

/** @throws Refusal `debtor-not-found` */
export class AddContactCommand extends Command<{ id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly debtorId: string,
    readonly details: ContactDetails,
  ) {
    super();
  }
}

/** What is left out stays. @throws Refusal `debtor-not-found`, `contact-not-found` */
export class AmendContactCommand extends Command<{ id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly debtorId: string,
    readonly contactId: string,
    readonly changes: { readonly [Field in keyof ContactDetails]?: ContactDetails[Field] | undefined },
  ) {
    super();
  }
}

/** `erase` destroys the key of the person as well: details and notes about them become unreadable for ever. @throws as amending */
export class RemoveContactCommand extends Command<undefined> {
  constructor(
    readonly context: RequestContext,
    readonly debtorId: string,
    readonly contactId: string,
    readonly erase: boolean,
  ) {
    super();
  }
}

/** The contacts of a debtor; details are null for a person who was erased. Refused `debtor-not-found`. */
export class ListContactsQuery extends Query<readonly { readonly id: string; readonly details: ContactDetails | null }[]> {
  constructor(
    readonly tenantId: number,
    readonly debtorId: string,
  ) {
    super();
  }
}
