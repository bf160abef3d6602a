import { z } from 'zod';
import { figureQueryShape, figureStampShape, localDateSchema } from '../http';

const TEXT_LENGTH_MAX = 200;
const REASON_LENGTH_MAX = 2000;
const identifier = z.string().min(1).max(TEXT_LENGTH_MAX);
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'Expected 64 hexadecimal digits');
const signed = z.object({ by: z.string(), at: z.string().meta({ format: 'date-time' }) });

export const proposePeriodCloseBody = z.strictObject({
  through: localDateSchema.describe('last day of the period'),
  entityId: identifier.optional().describe('default every entity'),
  runId: identifier.optional().describe('the approved run as of that day whose figures are signed with the period'),
});
export const proposedPeriodClose = z.object({ id: z.string(), status: z.literal('proposed'), contentHash: hash });
export const approvePeriodCloseBody = z
  .strictObject({ contentHash: hash.optional().describe('refuses the approval of anything else') })
  .default({});
export const approvedPeriodClose = z.object({ id: z.string(), status: z.enum(['closed', 'reopened']) });
export const reopenPeriodBody = z.strictObject({ reason: z.string().trim().min(1).max(REASON_LENGTH_MAX) });
export const proposedReopening = z.object({ id: z.string(), status: z.literal('reopening'), contentHash: hash });

export const periodClosesQuery = z.strictObject({ knownAt: figureQueryShape.knownAt });
export const periodClose = z
  .object({
    id: z.string(),
    through: z.string().meta({ format: 'date' }),
    entityId: z.string().nullable().describe('null = every entity'),
    status: z.enum(['proposed', 'closed', 'reopening', 'reopened']).describe('the period is shut while `closed` or `reopening`'),
    runId: z.string().nullable(),
    runHash: z.string().nullable(),
    contentHash: z.string().describe('of what is to be approved next'),
    proposed: signed,
    approved: signed.nullable(),
    reopenReason: z.string().nullable(),
    reopenProposed: signed.nullable(),
    reopenApproved: signed.nullable(),
  })
  .meta({ id: 'PeriodClose' });
const { knownAt, position } = figureStampShape;
export const periodCloseList = z.object({
  ...{ knownAt, position },
  closedThrough: z
    .array(z.object({ entityId: z.string().nullable(), through: z.string().meta({ format: 'date' }) }))
    .describe('an entity that is not named follows the one without a name'),
  items: z.array(periodClose),
});
