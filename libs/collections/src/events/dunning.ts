import { DUNNING_CHANNELS, NOT_DUNNED_REASONS } from '@app/credit-domain';
import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';

const minorUnits = z.string().regex(/^\d+$/);
const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const currencyCode = z.string().regex(/^[A-Z]{3}$/);
/** Minor units of a currency. */
const amount = z.strictObject({ amount: minorUnits, currency: currencyCode });

const policyContent = {
  policyId: z.string(),
  /** 1 for the definition, one more for each amendment. */
  version: z.int().positive(),
  name: z.string(),
  appliesTo: z.strictObject({
    segments: z.array(z.string()).nullable(),
    kinds: z.array(z.string()).nullable(),
    minimumAmount: amount.nullable(),
  }),
  levels: z.array(
    z.strictObject({
      level: z.int().positive(),
      daysPastDue: z.int().nonnegative(),
      waitDays: z.int().nonnegative(),
      minimumAmount: amount.nullable(),
      channel: z.enum(DUNNING_CHANNELS),
      /** The email channel whose server sends it; null for letters on paper. */
      mailChannelId: z.string().nullable(),
      subject: z.string(),
      body: z.string(),
      fee: amount.nullable(),
    }),
  ),
};
export const dunningPolicyDefinedData = z.strictObject(policyContent);
export const dunningPolicyAmendedData = z.strictObject(policyContent);
export const dunningPolicyRetiredData = z.strictObject({ policyId: z.string(), version: z.int().positive() });

const letter = { letterId: z.string(), debtorId: z.string(), level: z.int().positive() };

/** A letter is to go out. The fee is a fact of its own: no receivable, and no payment of the items takes it away. */
export const dunningLetterIssuedData = z.strictObject({
  ...letter,
  runId: z.string(),
  policyId: z.string(),
  policyVersion: z.int().positive(),
  channel: z.enum(DUNNING_CHANNELS),
  mailChannelId: z.string().nullable(),
  currency: currencyCode,
  total: minorUnits,
  fee: amount.nullable(),
  items: z
    .array(
      z.strictObject({
        receivableId: z.string(),
        documentNo: z.string(),
        dueOn: localDate,
        daysPastDue: z.int().nonnegative(),
        outstanding: minorUnits,
      }),
    )
    .min(1),
});

/** The one attempt to send it begins: what became of it is not tried again, but told. */
export const dunningLetterSendingData = z.strictObject(letter);

/** It went out on effectiveOn: by email, or by hand as somebody says. */
export const dunningLetterSentData = z.strictObject({ ...letter, how: z.enum(['email', 'by-hand']), providerId: z.string().nullable() });

/** It did not go out, or nobody knows. It holds back the next until somebody says that it went out or withdraws it. */
export const dunningLetterFailedData = z.strictObject({
  ...letter,
  cause: z.enum(['no-recipient', 'refused', 'outcome-unknown', 'channel-missing']),
  reason: z.string(),
});

/** It will not go out; its level may be asked for again. Why a person withdrew it is in the debtor's envelope; null where nobody did. */
export const dunningLetterWithdrawnData = z.strictObject({
  ...letter,
  cause: z.enum(['by-hand', 'nothing-owed']).default('by-hand'),
  personal: z.record(z.string(), z.json()).nullable(),
});

/** Everybody was looked at. Who is in no letter is counted by reason and looked at again by the next run. */
export const dunningRunMadeData = z.strictObject({
  runId: z.string(),
  /** The log had been read up to here. */
  knownTo: z.int().nonnegative(),
  policies: z.array(z.strictObject({ policyId: z.string(), version: z.int().positive() })),
  letters: z.int().nonnegative(),
  notDunned: z.partialRecord(z.enum(NOT_DUNNED_REASONS), z.int().positive()),
  /** When it was asked for; runs recorded before this was kept were asked for when they were recorded, as far as anybody knows. */
  requestedAt: z.iso.datetime().optional(),
});

export const dunningEventSchemas = {
  DunningPolicyDefined: dunningPolicyDefinedData,
  DunningPolicyAmended: dunningPolicyAmendedData,
  DunningPolicyRetired: dunningPolicyRetiredData,
  DunningRunMade: dunningRunMadeData,
  DunningLetterIssued: dunningLetterIssuedData,
  DunningLetterSending: dunningLetterSendingData,
  DunningLetterSent: dunningLetterSentData,
  DunningLetterFailed: dunningLetterFailedData,
  DunningLetterWithdrawn: dunningLetterWithdrawnData,
} as const;

/** Codes 360-379. */
export const dunningEvents: readonly EventDefinition[] = [
  { code: 360, type: 'DunningPolicyDefined', schemaVersion: 1 },
  { code: 361, type: 'DunningPolicyAmended', schemaVersion: 1 },
  { code: 362, type: 'DunningPolicyRetired', schemaVersion: 1 },
  { code: 365, type: 'DunningRunMade', schemaVersion: 1 },
  { code: 370, type: 'DunningLetterIssued', schemaVersion: 1 },
  { code: 371, type: 'DunningLetterSending', schemaVersion: 1 },
  { code: 372, type: 'DunningLetterSent', schemaVersion: 1 },
  { code: 373, type: 'DunningLetterFailed', schemaVersion: 1 },
  { code: 374, type: 'DunningLetterWithdrawn', schemaVersion: 1 },
];
