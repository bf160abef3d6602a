import { z } from 'zod';

const signedMinorUnits = z.string().regex(/^-?\d+$/);
const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const currencyCode = z.string().regex(/^[A-Z]{3}$/);

/** What a receivable is taken for. */
const place = z.strictObject({
  entityId: z.string(),
  kind: z.string(),
  class: z.string().nullable(),
  invoicedOn: localDate,
  /** null = not billed yet, or payable on demand. */
  dueOn: localDate.nullable(),
  documentNo: z.string(),
});

/** From the date of the event on a receivable is of another kind, class or entity, or has the dates of its invoice; its age stays. */
export const receivableReclassifiedData = z.strictObject({
  movementId: z.string(),
  receivableId: z.string(),
  debtorId: z.string(),
  currency: currencyCode,
  /** as stated: zero stands for the whole. */
  amount: signedMinorUnits,
  /** what was owed on that date as known then; what is recorded later moves along as well. */
  moved: signedMinorUnits,
  from: place,
  to: place,
  /** the due date follows from these terms of the debtor, in days after the invoice date; left out: it was stated, or it stayed. */
  termsDays: z.int().nonnegative().optional(),
  reference: z.string(),
  reason: z.string(),
  attributes: z.record(z.string(), z.string()),
  contentHash: z.string(),
});
export type ReceivableReclassifiedData = z.infer<typeof receivableReclassifiedData>;

/** A legal entity as a whole; an amendment states it anew. */
const entityData = z.strictObject({
  entityId: z.string(),
  name: z.string(),
  /** null = not stated, as of an entity that was disposed of without ever having been registered. */
  functionalCurrency: currencyCode.nullable(),
  /** first day in the group; null = always been. */
  joinedOn: localDate.nullable(),
  /** last day in the group; null = still in it. */
  leftOn: localDate.nullable(),
});
export const entityRegisteredData = entityData;
export const entityAmendedData = entityData;
export type EntityData = z.infer<typeof entityData>;

/** An entity leaves the group: what is owed to it on that date is derecognised. */
export const entityDisposalRequestedData = z.strictObject({
  disposalId: z.string(),
  entityId: z.string(),
  on: localDate,
  reason: z.string(),
});
export type EntityDisposalRequestedData = z.infer<typeof entityDisposalRequestedData>;

const disposedAmounts = z.array(z.strictObject({ currency: currencyCode, disposed: signedMinorUnits, remaining: signedMinorUnits }));

/** Every receivable of the entity was gone through. `remaining` is still owed on that date because later facts settle it. */
export const entityDisposalCompletedData = z.strictObject({
  disposalId: z.string(),
  entityId: z.string(),
  receivables: z.int().nonnegative(),
  amounts: disposedAmounts,
});
export type EntityDisposalCompletedData = z.infer<typeof entityDisposalCompletedData>;

/** The disposal was given up; what it derecognised stays so, and asking again does the rest. */
export const entityDisposalFailedData = z.strictObject({ disposalId: z.string(), entityId: z.string(), reason: z.string() });
export type EntityDisposalFailedData = z.infer<typeof entityDisposalFailedData>;

export const reclassificationAndEntityEventSchemas = {
  ReceivableReclassified: receivableReclassifiedData,
  EntityRegistered: entityRegisteredData,
  EntityAmended: entityAmendedData,
  EntityDisposalRequested: entityDisposalRequestedData,
  EntityDisposalCompleted: entityDisposalCompletedData,
  EntityDisposalFailed: entityDisposalFailedData,
} as const;

export const reclassificationAndEntityEventCodes = {
  ReceivableReclassified: 110,
  EntityRegistered: 111,
  EntityAmended: 112,
  EntityDisposalRequested: 113,
  EntityDisposalCompleted: 114,
  EntityDisposalFailed: 115,
} as const;
