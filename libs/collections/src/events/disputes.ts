import { DISPUTE_REASONS, DISPUTE_RESOLUTIONS } from '@app/credit-domain';
import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';
import { currencyCode, envelope, minorUnits } from './values';

const dispute = { disputeId: z.string(), debtorId: z.string() };

/** The debtor contests items. Nothing of their age or their balance changes by it. */
export const disputeRaisedData = z.strictObject({
  ...dispute,
  receivableIds: z.array(z.string()).min(1),
  reason: z.enum(DISPUTE_REASONS),
  /** What of them is contested, in the currency of the items. */
  amount: minorUnits,
  currency: currencyCode,
  /** Encrypted envelope of the debtor: the note. */
  personal: envelope,
});

export const disputeResolvedData = z.strictObject({
  ...dispute,
  resolution: z.enum(DISPUTE_RESOLUTIONS),
  /** The credit notes that an accepted dispute led to. */
  creditNoteIds: z.array(z.string()),
  personal: envelope,
});

export const disputeEventSchemas = { DisputeRaised: disputeRaisedData, DisputeResolved: disputeResolvedData } as const;

/** Codes 320-329. */
export const disputeEvents: readonly EventDefinition[] = [
  { code: 320, type: 'DisputeRaised', schemaVersion: 1 },
  { code: 321, type: 'DisputeResolved', schemaVersion: 1 },
];
