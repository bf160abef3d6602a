import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';
import { currencyCode, hash, localDate, position, principal } from './fields';

/** What makes two runs figures of one and the same thing: of them one is approved, and approving another supersedes it. */
const runScope = {
  asOf: localDate,
  /** null = every kind with exposure. */
  kinds: z.array(z.string()).nullable(),
  /** null = the scheme of each kind's rate set. */
  scheme: z.string().nullable(),
  currency: currencyCode.nullable(),
};

/** Repeats what the run is about, so that the approved run of a date is found without reading the lines of any. */
export const provisionRunApprovedData = z.strictObject({
  runId: z.string(),
  ...runScope,
  /** position of the log the run was computed at. */
  position,
  /** hash of the figures that were approved. */
  hash,
  approvedBy: principal,
});
export type ProvisionRunApprovedData = z.infer<typeof provisionRunApprovedData>;

export const provisionRunSupersededData = z.strictObject({ runId: z.string(), byRunId: z.string() });

export const runLifecycleEventSchemas = {
  ProvisionRunApproved: provisionRunApprovedData,
  ProvisionRunSuperseded: provisionRunSupersededData,
} as const;

export const runLifecycleEvents: readonly EventDefinition[] = [
  { code: 244, type: 'ProvisionRunApproved', schemaVersion: 1 },
  { code: 245, type: 'ProvisionRunSuperseded', schemaVersion: 1 },
];
