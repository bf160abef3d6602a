import type { JsonObject, StoredEvent } from '@app/event-store';
import { personOf } from '../case/notes';

/** Events whose envelope holds what somebody wrote, or who a contact is: under the contact they name, else under the debtor. */
const WRITTEN =
  /^(ActivityRecorded|ContactAdded|ContactAmended|PromiseMade|PromiseMoved|PromiseWithdrawn|DisputeRaised|DisputeResolved|PaymentPlanAgreed|PaymentPlanCancelled|CreditHoldPlaced|CreditHoldReleased)$/;

/** The envelope of an event that a timeline opens. Others hold more than a line, or lie under keys of their own. */
export function envelopeOf({ type, data }: StoredEvent): { readonly person: string; readonly personal: JsonObject | null } {
  const { personal, contactId, debtorId } = data;
  const isEnvelope = typeof personal === 'object' && personal !== null && !Array.isArray(personal);
  const person = personOf(typeof debtorId === 'string' ? debtorId : '', typeof contactId === 'string' ? contactId : null);
  return { person, personal: WRITTEN.test(type) && isEnvelope ? personal : null };
}
