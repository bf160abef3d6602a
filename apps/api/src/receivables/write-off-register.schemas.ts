import { z } from 'zod';
import { figureQueryShape, figureStampShape, localDateSchema, moneySchema, pageQueryShape, pageSchema } from '../http';

const ID_LENGTH_MAX = 128;
const REASON_LENGTH_MAX = 2_000;

export const registerQuery = z.strictObject({
  ...figureQueryShape,
  from: localDateSchema
    .optional()
    .describe('only what was written off on or after this day: the first of the reporting period (IFRS 7.35L)'),
  ...pageQueryShape,
});
export const registerCursor = z.tuple([z.string(), z.string(), z.string()]);

const date = z.string().meta({ format: 'date' });
const amounts = {
  writtenOff: moneySchema.describe('contractual amount written off'),
  recovered: moneySchema.describe('came in on it since'),
  underEnforcement: moneySchema.describe('neither recovered nor given up'),
};

export const registerAnswer = z.object({
  ...figureStampShape,
  ...pageSchema(
    z.object({
      receivableId: z.string(),
      debtorId: z.string(),
      entityId: z.string(),
      kind: z.string(),
      ...amounts,
      firstWrittenOffOn: date,
      lastWrittenOffOn: date,
      lastRecoveredOn: date.nullable(),
      enforcementEndedOn: date.nullable(),
      enforcementEndReason: z.string().nullable(),
      reason: z.string().describe('of the latest write-off'),
    }),
  ).shape,
  totals: z.array(z.object({ currency: z.string(), receivables: z.int(), ...amounts })).describe('of the whole register'),
  total: z.object(amounts).describe('the totals in the presentation currency, at the closing rates of asOf'),
});

export const receivableParams = z.strictObject({ receivableId: z.string().min(1).max(ID_LENGTH_MAX) });
export const endEnforcementBody = z.strictObject({ on: localDateSchema, reason: z.string().trim().min(1).max(REASON_LENGTH_MAX) });
export const endedAnswer = z.object({ id: z.string() });
