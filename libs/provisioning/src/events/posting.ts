import { ACCOUNT_ROLES } from '@app/credit-domain';
import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';
import { currencyCode, localDate, minorUnits, principal, signedMinorUnits } from './fields';

const journalLineData = z.strictObject({
  /** lines with one entry number are booked together and balance. */
  entry: z.int().positive(),
  entityId: z.string(),
  kind: z.string(),
  /** leg of the bridge, or `recoveries`. */
  cause: z.string(),
  account: z.enum(ACCOUNT_ROLES),
  accountCode: z.string(),
  debit: minorUnits,
  credit: minorUnits,
  /** true = profit or loss of the period beside the movement of the allowance (recoveries of what was written off). */
  memorandum: z.boolean(),
});

const legData = z.strictObject({
  cause: z.string(),
  amount: signedMinorUnits,
  collective: signedMinorUnits,
  individual: signedMinorUnits,
  staged: signedMinorUnits,
  /** receivables with an amount in this leg. */
  receivables: z.int().nonnegative(),
});

/** Recorded on the stream of the run: what was booked, against which earlier posted run, and the movement it explains. */
export const provisionRunPostedData = z.strictObject({
  runId: z.string(),
  asOf: localDate,
  /** null = nothing was posted before for these kinds: the opening is zero. */
  againstRunId: z.string().nullable(),
  currency: currencyCode,
  opening: minorUnits,
  legs: z.array(legData),
  closing: minorUnits,
  /** the legs that go through the impairment line; a charge is positive. */
  impairmentLoss: signedMinorUnits,
  /** money received on what had been written off: income of the same line, but no movement of the allowance. */
  recoveries: signedMinorUnits,
  journal: z.array(journalLineData),
  postedBy: principal,
});

/** The whole mapping as it stands from now on: account codes, general and where a kind has its own. */
export const accountMappingSetData = z.strictObject({
  /** a role that was not known yet has its default name. */
  accounts: z.partialRecord(z.enum(ACCOUNT_ROLES), z.string()),
  byKind: z.record(z.string(), z.partialRecord(z.enum(ACCOUNT_ROLES), z.string())),
});

/** Posting a run into the books, and the accounts it is posted to. */
export const postingEventSchemas = {
  ProvisionRunPosted: provisionRunPostedData,
  AccountMappingSet: accountMappingSetData,
} as const;

export const postingEvents: readonly EventDefinition[] = [
  { code: 250, type: 'ProvisionRunPosted', schemaVersion: 1 },
  { code: 251, type: 'AccountMappingSet', schemaVersion: 1 },
];
