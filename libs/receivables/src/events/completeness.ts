import { z } from 'zod';

const signedMinorUnits = z.string().regex(/^-?\d+$/);
const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const currencyCode = z.string().regex(/^[A-Z]{3}$/);

/** What a control total is stated for; the date of the event is the as-of date. */
const controlKey = { entityId: z.string(), kind: z.string(), currency: currencyCode, account: z.string() };

/** What another ledger says an account comes to on the date of the event; under a key stated before it is a correction. */
export const controlTotalRecordedData = z.strictObject({
  ...controlKey,
  amount: signedMinorUnits,
  attributes: z.record(z.string(), z.string()),
});
export type ControlTotalRecordedData = z.infer<typeof controlTotalRecordedData>;

/** Somebody accounts for a difference between control total and book; should the difference change, it is unexplained again. */
export const controlDifferenceExplainedData = z.strictObject({
  ...controlKey,
  explanationId: z.string(),
  /** stated total less book. */
  amount: signedMinorUnits,
  reason: z.string(),
});
export type ControlDifferenceExplainedData = z.infer<typeof controlDifferenceExplainedData>;

/** What an unclassified settlement turned out to be. Its amount and its date stay what they were. */
export const unclassifiedSettlementClassifiedData = z.strictObject({
  movementId: z.string(),
  receivableId: z.string(),
  type: z.enum(['payment', 'credit_note', 'write_off']),
  reason: z.string(),
});
export type UnclassifiedSettlementClassifiedData = z.infer<typeof unclassifiedSettlementClassifiedData>;

/** A written-off receivable is no longer subject to enforcement activity from the date of the event on (IFRS 7.35L). */
export const enforcementEndedData = z.strictObject({ receivableId: z.string(), endedOn: localDate, reason: z.string() });
export type EnforcementEndedData = z.infer<typeof enforcementEndedData>;

export const completenessEventSchemas = {
  ControlTotalRecorded: controlTotalRecordedData,
  ControlDifferenceExplained: controlDifferenceExplainedData,
  UnclassifiedSettlementClassified: unclassifiedSettlementClassifiedData,
  EnforcementEnded: enforcementEndedData,
} as const;

export const completenessEventCodes = {
  ControlTotalRecorded: 120,
  ControlDifferenceExplained: 121,
  UnclassifiedSettlementClassified: 122,
  EnforcementEnded: 123,
} as const;
