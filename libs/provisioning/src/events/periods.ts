import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';
import { hash, localDate, principal } from './fields';

const closeFields = {
  closeId: z.string(),
  /** last day of the period, inclusive: everything up to it is closed. */
  through: localDate,
  /** null = every legal entity. */
  entityId: z.string().nullable(),
};

export const periodCloseProposedData = z.strictObject({
  ...closeFields,
  /** the provision run whose figures are signed with the period; null when the period is closed without one. */
  runId: z.string().nullable(),
  /** result hash of that run when the close was proposed. */
  runHash: hash.nullable(),
});
export type PeriodCloseProposedData = z.infer<typeof periodCloseProposedData>;

export const periodCloseApprovedData = z.strictObject({ ...closeFields, contentHash: hash, approvedBy: principal });
export const periodReopenProposedData = z.strictObject({ ...closeFields, reason: z.string() });
export const periodReopenApprovedData = z.strictObject({ ...closeFields, contentHash: hash, approvedBy: principal });

/** Closing and reopening a period: signed acts of two people each. */
export const periodEventSchemas = {
  PeriodCloseProposed: periodCloseProposedData,
  PeriodCloseApproved: periodCloseApprovedData,
  PeriodReopenProposed: periodReopenProposedData,
  PeriodReopenApproved: periodReopenApprovedData,
} as const;

export const periodEvents: readonly EventDefinition[] = [
  { code: 240, type: 'PeriodCloseProposed', schemaVersion: 1 },
  { code: 241, type: 'PeriodCloseApproved', schemaVersion: 1 },
  { code: 242, type: 'PeriodReopenProposed', schemaVersion: 1 },
  { code: 243, type: 'PeriodReopenApproved', schemaVersion: 1 },
];
