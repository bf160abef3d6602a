import type { JsonObject, StoredEvent } from '@app/event-store';
import { dataOf } from '../event-data';

/** The category of the streams: one a debtor. */
export const CONTACTS = 'debtor-contacts';

/** The contacts of a debtor that were not removed, with the envelope each was last stated in. */
export function foldContacts(events: readonly StoredEvent[]): Map<string, JsonObject> {
  const contacts = new Map<string, JsonObject>();
  for (const event of events) {
    if (event.type === 'ContactRemoved') contacts.delete(dataOf('ContactRemoved', event).contactId);
    else {
      const { contactId, personal } = dataOf('ContactAdded', event);
      contacts.set(contactId, personal);
    }
  }
  return contacts;
}
