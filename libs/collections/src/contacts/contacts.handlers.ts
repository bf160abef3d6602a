import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, QueryBus, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventStore, JsonObject, NewEvent, Tx } from '@app/event-store';
import { CLOCK, EVENT_STORE, eventContext, PersonalDataVault, Refusal, type Clock, type RequestContext } from '@app/platform';
import { FindUnknownDebtorsQuery } from '@app/receivables';
import { appendAndSettle } from '../append-and-settle';
import { lockCases } from '../case/case-log';
import { personOf } from '../case/notes';
import { newEvent } from '../event-data';
import { CONTACTS, foldContacts } from './contact.fold';
import { AddContactCommand, AmendContactCommand, ListContactsQuery, RemoveContactCommand, type ContactDetails } from './contacts.commands';

const FIELDS = ['name', 'email', 'phone', 'role'] as const;

/** What the handlers share: the stream of a debtor's contacts, changed by one at a time. */
@Injectable()
export class ContactLog {
  constructor(
    @Inject(EVENT_STORE) readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly queries: QueryBus,
    readonly vault: PersonalDataVault,
  ) {}

  /** @throws Refusal `debtor-not-found` */
  async assertDebtor(tenantId: number, debtorId: string): Promise<void> {
    const [unknown] = await this.queries.execute(new FindUnknownDebtorsQuery(tenantId, [debtorId]));
    if (unknown !== undefined) throw new Refusal('debtor-not-found', `There is no debtor ${debtorId}.`);
  }

  async change(
    context: RequestContext,
    debtorId: string,
    decide: (tx: Tx, known: ReadonlyMap<string, JsonObject>, on: string) => Promise<NewEvent | null>,
  ): Promise<void> {
    await this.assertDebtor(context.tenantId, debtorId);
    await appendAndSettle(this.store, eventContext(context), async (tx) => {
      await lockCases(tx, context.tenantId, [debtorId]);
      const events = await this.store.readStream(tx, CONTACTS, debtorId);
      const event = await decide(tx, foldContacts(events), this.clock.today());
      const append = { category: CONTACTS, key: debtorId, expectedVersion: events.length, events: event === null ? [] : [event] };
      return { appends: event === null ? [] : [append], result: undefined };
    });
  }

  /** @throws Refusal `contact-not-found` */
  envelopeOf(known: ReadonlyMap<string, JsonObject>, contactId: string): JsonObject {
    const envelope = known.get(contactId);
    if (envelope === undefined) throw new Refusal('contact-not-found', `There is no contact ${contactId}.`);
    return envelope;
  }

  seal(tx: Tx, tenantId: number, contactId: string, details: ContactDetails): Promise<JsonObject> {
    return this.vault.encrypt(tx, tenantId, personOf('', contactId), { ...details });
  }
}

@CommandHandler(AddContactCommand)
export class AddContactHandler implements ICommandHandler<AddContactCommand> {
  constructor(private readonly log: ContactLog) {}

  async execute({ context, debtorId, details }: AddContactCommand): Promise<{ id: string }> {
    const contactId = context.newId();
    await this.log.change(context, debtorId, async (tx, known, on) => {
      if (known.has(contactId)) return null;
      const personal = await this.log.seal(tx, context.tenantId, contactId, details);
      return newEvent('ContactAdded', on, { contactId, debtorId, personal });
    });
    return { id: contactId };
  }
}

@CommandHandler(AmendContactCommand)
export class AmendContactHandler implements ICommandHandler<AmendContactCommand> {
  constructor(private readonly log: ContactLog) {}

  async execute({ context, debtorId, contactId, changes }: AmendContactCommand): Promise<{ id: string }> {
    const { tenantId } = context;
    await this.log.change(context, debtorId, async (tx, known, on) => {
      const envelope = this.log.envelopeOf(known, contactId);
      const before = detailsOf(await this.log.vault.decrypt(tx, tenantId, personOf(debtorId, contactId), envelope));
      const stated = Object.fromEntries(FIELDS.filter((field) => changes[field] !== undefined).map((field) => [field, changes[field]]));
      const details = { ...(before ?? NOBODY), ...stated };
      return newEvent('ContactAmended', on, { contactId, debtorId, personal: await this.log.seal(tx, tenantId, contactId, details) });
    });
    return { id: contactId };
  }
}

@CommandHandler(RemoveContactCommand)
export class RemoveContactHandler implements ICommandHandler<RemoveContactCommand> {
  constructor(private readonly log: ContactLog) {}

  async execute({ context, debtorId, contactId, erase }: RemoveContactCommand): Promise<undefined> {
    await this.log.change(context, debtorId, async (tx, known, on) => {
      this.log.envelopeOf(known, contactId);
      if (erase) await this.log.vault.erase(tx, context.tenantId, personOf(debtorId, contactId));
      return newEvent('ContactRemoved', on, { contactId, debtorId });
    });
    return undefined;
  }
}

@QueryHandler(ListContactsQuery)
export class ListContactsHandler implements IQueryHandler<ListContactsQuery> {
  constructor(private readonly log: ContactLog) {}

  async execute({ tenantId, debtorId }: ListContactsQuery): Promise<{ id: string; details: ContactDetails | null }[]> {
    await this.log.assertDebtor(tenantId, debtorId);
    return this.log.store.database.read(tenantId, async (tx) => {
      const known = [...foldContacts(await this.log.store.readStream(tx, CONTACTS, debtorId))];
      const sealed = known.map(([id, envelope]) => ({ person: personOf(debtorId, id), envelope }));
      const opened = await this.log.vault.decryptMany(tx, tenantId, sealed);
      return known.map(([id], index) => ({ id, details: detailsOf(opened[index] ?? null) }));
    });
  }
}

const NOBODY: ContactDetails = { name: '', email: null, phone: null, role: null };

function detailsOf(fields: JsonObject | null): ContactDetails | null {
  if (fields === null) return null;
  const text = (field: string): string | null => (typeof fields[field] === 'string' ? fields[field] : null);
  return { name: text('name') ?? '', email: text('email'), phone: text('phone'), role: text('role') };
}
