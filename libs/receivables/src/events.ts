import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';
import { completenessEventCodes, completenessEventSchemas } from './events/completeness';
import { reclassificationAndEntityEventCodes, reclassificationAndEntityEventSchemas } from './events/reclassifications-and-entities';

export * from './events/completeness';
export * from './events/reclassifications-and-entities';

/**
 * Every event this feature writes, as a schema (what is stored) and a type (what code reads). Money is a string of integer minor units of the
 * currency named beside it, a date is YYYY-MM-DD. Facts of a book come by the million, so what a file left blank and is marked optional here
 * is left out; everything else that is absent is null.
 */
const minorUnits = z.string().regex(/^\d+$/);
const signedMinorUnits = z.string().regex(/^-?\d+$/);
const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const currencyCode = z.string().regex(/^[A-Z]{3}$/);
const attributes = z.record(z.string(), z.string());
/** SHA-256 in base64 of the row as it was stated: the same row sent again is known by it, the same id with another is a conflict. */
const contentHash = z.string();
const importKind = z.enum(['debtors', 'receivables', 'movements', 'fx-rates', 'control-totals', 'open-items']);

export const importReceivedData = z.strictObject({
  importId: z.string(),
  kind: importKind,
  format: z.enum(['csv', 'ndjson']),
  byteCount: z.int().nonnegative(),
  /** of the upload, decoded to UTF-8; in hexadecimal. */
  sha256: z.string(),
  /** what a list of open items declares: the date it is about, its legal entity, and its kinds (left out: those its rows name). */
  asOf: localDate.optional(),
  entityId: z.string().optional(),
  kinds: z.array(z.string()).optional(),
  /** the share of the open amount it may leave out without being asked; left out = the default of the day. */
  maxVanishedShare: z.string().optional(),
});
export type ImportReceivedData = z.infer<typeof importReceivedData>;

export const importCompletedData = z.strictObject({
  importId: z.string(),
  kind: importKind,
  accepted: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
  unchanged: z.int().nonnegative(),
  /** of a list of open items: items of the book it did not name, which were settled as unclassified; left out when they were left alone. */
  vanished: z.int().nonnegative().optional(),
  /** the same, left alone until somebody confirms it: they are a larger share of the book than may vanish without being asked. */
  heldBack: z.int().nonnegative().optional(),
});
export type ImportCompletedData = z.infer<typeof importCompletedData>;

/** The rows accepted before the failure stay in the book; sending the file again adds the rest. */
export const importFailedData = z.strictObject({ ...importCompletedData.shape, reason: z.string() });
export type ImportFailedData = z.infer<typeof importFailedData>;

/** The whole of what is known of a debtor from effectiveOn on. */
const debtorData = z.strictObject({
  debtorId: z.string(),
  /** '' = no segment. */
  segment: z.string(),
  relatedParty: z.boolean(),
  country: z.string().nullable(),
  termsDays: z.int().nonnegative().nullable(),
  creditLimit: minorUnits.nullable(),
  creditLimitCurrency: currencyCode.nullable(),
  /** whether the file stated a date; what is registered without one holds from the beginning, what is amended without one from the day of the import. */
  dated: z.boolean(),
  /** evidence of default (IFRS 9 Appendix A); left out = false. */
  creditImpaired: z.literal(true).optional(),
  /** name and further columns, encrypted under the debtor's own key. */
  personal: z.record(z.string(), z.unknown()),
});
export const debtorRegisteredData = debtorData;
export const debtorAmendedData = debtorData;
export type DebtorData = z.infer<typeof debtorData>;

export const receivableRecognisedData = z.strictObject({
  receivableId: z.string(),
  debtorId: z.string(),
  entityId: z.string(),
  kind: z.string(),
  class: z.string().nullable(),
  currency: currencyCode,
  amount: minorUnits,
  recognisedOn: localDate,
  invoicedOn: localDate,
  /** null = due on demand, or of a kind that is not claimed yet. */
  dueOn: localDate.nullable(),
  documentNo: z.string(),
  attributes,
  contentHash,
  /** the due date follows from these terms of the debtor, in days after the invoice date; optional: the file stated it. */
  termsDays: z.int().nonnegative().optional(),
  onDemand: z.literal(true).optional(),
  taxAmount: signedMinorUnits.optional(),
  expectedOn: localDate.optional(),
  takenOn: localDate.optional(),
  contractNo: z.string().optional(),
});
export type ReceivableRecognisedData = z.infer<typeof receivableRecognisedData>;

const movementFields = {
  movementId: z.string(),
  debtorId: z.string(),
  entityId: z.string(),
  type: z.string(),
  currency: currencyCode,
  /** as stated: positive, the type gives the sign; an adjustment is signed. */
  amount: signedMinorUnits,
  /** signed change of the debtor's unapplied credit. */
  credit: signedMinorUnits,
  reference: z.string(),
  reason: z.string(),
  attributes,
  contentHash,
};
/** A credit that stands in a list of open items under an id and a kind of its own. */
const openCreditFields = { openItemId: z.string().optional(), openItemKind: z.string().optional() };
export const receivableMovementRecordedData = z.strictObject({
  ...movementFields,
  receivableId: z.string(),
  /** signed change of what the receivable owes. */
  gross: signedMinorUnits,
  /** money received on what had been written off; negative when it is given back. */
  recovered: signedMinorUnits,
});
export type ReceivableMovementRecordedData = z.infer<typeof receivableMovementRecordedData>;

export const debtorCreditRecordedData = z.strictObject({ ...movementFields, ...openCreditFields });
export type DebtorCreditRecordedData = z.infer<typeof debtorCreditRecordedData>;

/** One unit of base is worth rate units of quote from effectiveOn until the next rate of the pair. */
export const fxRateRecordedData = z.strictObject({ base: currencyCode, quote: currencyCode, rate: z.string().regex(/^\d+(\.\d+)?$/) });
export type FxRateRecordedData = z.infer<typeof fxRateRecordedData>;

export const ageingSchemeDefinedData = z.strictObject({
  schemeId: z.string(),
  basis: z.enum(['recognition', 'invoice', 'due']),
  buckets: z.array(
    z.union([
      z.strictObject({
        label: z.string(),
        upTo: z.strictObject({ unit: z.enum(['days', 'months', 'years']), count: z.int().nonnegative() }),
      }),
      z.strictObject({ label: z.string(), over: z.literal(true) }),
    ]),
  ),
});
export type AgeingSchemeDefinedData = z.infer<typeof ageingSchemeDefinedData>;

/** Schemas of the events by type: generates `docs/events/receivables.json`. */
export const receivablesEventSchemas = {
  ImportReceived: importReceivedData,
  ImportCompleted: importCompletedData,
  ImportFailed: importFailedData,
  DebtorRegistered: debtorRegisteredData,
  DebtorAmended: debtorAmendedData,
  ReceivableRecognised: receivableRecognisedData,
  ReceivableMovementRecorded: receivableMovementRecordedData,
  DebtorCreditRecorded: debtorCreditRecordedData,
  FxRateRecorded: fxRateRecordedData,
  AgeingSchemeDefined: ageingSchemeDefinedData,
  ...reclassificationAndEntityEventSchemas,
  ...completenessEventSchemas,
} as const;
export type ReceivablesEventType = keyof typeof receivablesEventSchemas;

/** Codes 100-199 belong to receivables and never change meaning. */
export const EVENT_CODES: Readonly<Record<ReceivablesEventType, number>> = {
  ImportReceived: 100,
  ImportCompleted: 101,
  ImportFailed: 102,
  DebtorRegistered: 103,
  DebtorAmended: 104,
  ReceivableRecognised: 105,
  ReceivableMovementRecorded: 106,
  DebtorCreditRecorded: 107,
  FxRateRecorded: 108,
  AgeingSchemeDefined: 109,
  ...reclassificationAndEntityEventCodes,
  ...completenessEventCodes,
};

export const events: readonly EventDefinition[] = Object.entries(EVENT_CODES).map(([type, code]) => ({ code, type, schemaVersion: 1 }));
