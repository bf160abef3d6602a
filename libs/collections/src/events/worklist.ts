import { LIMIT_BANDS } from '@app/credit-domain';
import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';

const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
export const WORK_OUTCOMES = ['reached', 'not-reached', 'promised', 'disputed', 'paid', 'handed-over', 'nothing-to-do'] as const;

/** How the debtor stood when it was put off: it comes back early when it has become worse. Minor units by currency. */
const snapshot = z.strictObject({
  overdue: z.record(z.string().regex(/^[A-Z]{3}$/), z.string().regex(/^\d+$/)),
  brokenPromises: z.int().nonnegative(),
  band: z.enum(LIMIT_BANDS).nullable(),
});

/** A debtor is in the hands of a controller, whatever the rules say; null: the rules decide again. */
export const debtorAssignedData = z.strictObject({ debtorId: z.string(), controllerId: z.string().nullable() });
/** A debtor is off the list until a day, unless it becomes worse. */
export const debtorSnoozedData = z.strictObject({ snoozeId: z.string(), debtorId: z.string(), until: localDate, snapshot });
/** A controller is done with a debtor for now. */
export const debtorWorkDoneData = z.strictObject({
  doneId: z.string(),
  debtorId: z.string(),
  outcome: z.enum(WORK_OUTCOMES),
  until: localDate,
  snapshot,
});
/** Who works on what, and what a segment weighs: the whole of it. The first rule that applies counts. */
export const worklistPolicyStatedData = z.strictObject({
  assignments: z.array(z.strictObject({ segments: z.array(z.string()).nullable(), controllerId: z.string() })),
  /** Tenths of a point. */
  segmentTenths: z.record(z.string(), z.int()),
});

export const worklistEventSchemas = {
  DebtorAssigned: debtorAssignedData,
  DebtorSnoozed: debtorSnoozedData,
  DebtorWorkDone: debtorWorkDoneData,
  WorklistPolicyStated: worklistPolicyStatedData,
} as const;

/** Codes 380-389. */
export const worklistEvents: readonly EventDefinition[] = [
  { code: 380, type: 'DebtorAssigned', schemaVersion: 1 },
  { code: 381, type: 'DebtorSnoozed', schemaVersion: 1 },
  { code: 382, type: 'DebtorWorkDone', schemaVersion: 1 },
  { code: 383, type: 'WorklistPolicyStated', schemaVersion: 1 },
];
