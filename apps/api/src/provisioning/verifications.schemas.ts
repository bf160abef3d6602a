import { z } from 'zod';

export const verifyQuery = z.strictObject({
  source: z
    .enum(['log', 'read-models'])
    .default('log')
    .describe('`log` proves; `read-models` is quick and only compares with what was folded from the log'),
});

const place = z.object({
  kind: z.enum(['altered', 'deleted', 'seal']),
  position: z.int(),
  stream: z.object({ category: z.string(), key: z.string() }).nullable(),
  type: z.string().nullable().describe('null when the event is gone'),
  detail: z.string(),
});

const found = {
  verified: z.boolean().describe('the log is intact, the recorded figures fit their hash, and the log gives the same figures again'),
  outcome: z.enum(['verified', 'log-altered', 'record-altered', 'engine-changed', 'figures-differ', 'not-computable']),
  recordedHash: z.string(),
  hashOfRecord: z.string(),
  recomputedHash: z.string().nullable(),
  problemCode: z.string().nullable(),
  source: z.enum(['log', 'read-models']),
  engineVersion: z.string().describe('of the rules that recomputed it'),
  recordedEngineVersion: z.string(),
  engineChanged: z.boolean().describe('another version of the rules computed the run: its figures cannot be compared'),
  logIntact: z.boolean().nullable().describe('null when the log was not checked'),
  alteredAt: place.nullable().describe('the first event that is not what was recorded'),
  eventsChecked: z.int(),
  sealsChecked: z
    .int()
    .nullable()
    .describe('null where seals cannot be checked: they cover every tenant, so only the background verification does'),
  durationMs: z.int(),
};

export const verification = z
  .object({ id: z.string(), asOf: z.string().meta({ format: 'date' }), position: z.int(), ...found })
  .meta({ id: 'RunVerification' });
export const provedRun = verification
  .extend({
    verifiedAt: z.string().meta({ format: 'date-time' }),
    verificationId: z.string().nullable().describe('null when it was verified within this request'),
  })
  .meta({ id: 'ProvedRun' });
export const requestedVerification = z.object({ id: z.string(), status: z.literal('queued'), runId: z.string() });
export const backgroundVerification = z
  .object({
    id: z.string(),
    runId: z.string(),
    status: z.enum(['queued', 'running', 'completed', 'failed']),
    requestedBy: z.string(),
    requestedAt: z.string().meta({ format: 'date-time' }),
    finishedAt: z.string().nullable().meta({ format: 'date-time' }),
    result: z.object(found).nullable(),
    reason: z.string().nullable().describe('why it was given up'),
  })
  .meta({ id: 'BackgroundVerification' });
