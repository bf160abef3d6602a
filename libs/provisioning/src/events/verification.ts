import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';
import { hash, position } from './fields';

export const runVerificationRequestedData = z.strictObject({ verificationId: z.string(), runId: z.string() });

const alteredAtData = z.strictObject({
  kind: z.enum(['altered', 'deleted', 'seal']),
  position,
  stream: z.strictObject({ category: z.string(), key: z.string() }).nullable(),
  type: z.string().nullable(),
  detail: z.string(),
});

/** What verifying a run found; the record of who has looked, and when. */
export const runVerificationCompletedData = z.strictObject({
  verificationId: z.string(),
  runId: z.string(),
  verified: z.boolean(),
  outcome: z.enum(['verified', 'log-altered', 'record-altered', 'engine-changed', 'figures-differ', 'not-computable']),
  recordedHash: hash,
  hashOfRecord: hash,
  recomputedHash: hash.nullable(),
  problemCode: z.string().nullable(),
  source: z.enum(['log', 'read-models']),
  engineVersion: z.string(),
  recordedEngineVersion: z.string(),
  logIntact: z.boolean().nullable(),
  alteredAt: alteredAtData.nullable(),
  eventsChecked: z.int().nonnegative(),
  sealsChecked: z.int().nonnegative().nullable(),
  durationMs: z.int().nonnegative(),
});
export type RunVerificationCompletedData = z.infer<typeof runVerificationCompletedData>;

/** A verification that was given up: it found nothing, neither good nor bad. */
export const runVerificationFailedData = z.strictObject({ verificationId: z.string(), runId: z.string(), reason: z.string() });

export const verificationEventSchemas = {
  RunVerificationRequested: runVerificationRequestedData,
  RunVerificationCompleted: runVerificationCompletedData,
  RunVerificationFailed: runVerificationFailedData,
} as const;

export const verificationEvents: readonly EventDefinition[] = [
  { code: 246, type: 'RunVerificationRequested', schemaVersion: 1 },
  { code: 247, type: 'RunVerificationCompleted', schemaVersion: 1 },
  { code: 248, type: 'RunVerificationFailed', schemaVersion: 1 },
];
