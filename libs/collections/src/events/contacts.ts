import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';

/** Somebody to talk to at a debtor. Each is a person of its own in the vault, so that one can be erased and the others stay. */
const contactData = z.strictObject({
  contactId: z.string(),
  debtorId: z.string(),
  /** Encrypted envelope: name, email, phone and role. */
  personal: z.record(z.string(), z.json()),
});
export const contactAddedData = contactData;
/** States the contact anew. */
export const contactAmendedData = contactData;
export const contactRemovedData = z.strictObject({ contactId: z.string(), debtorId: z.string() });

export const contactEventSchemas = {
  ContactAdded: contactAddedData,
  ContactAmended: contactAmendedData,
  ContactRemoved: contactRemovedData,
} as const;

/** Codes 301-309. */
export const contactEvents: readonly EventDefinition[] = [
  { code: 301, type: 'ContactAdded', schemaVersion: 1 },
  { code: 302, type: 'ContactAmended', schemaVersion: 1 },
  { code: 303, type: 'ContactRemoved', schemaVersion: 1 },
];
