import { z } from 'zod';
import { figureStampShape, moneySchema, pageSchema } from '../http';

const compared = {
  gross: moneySchema,
  allowance: moneySchema,
  grossDifference: moneySchema.describe('less the figure of the run'),
  allowanceDifference: moneySchema.describe('less the figure of the run'),
};
const lateFact = z.object({
  position: z.int(),
  type: z.string(),
  stream: z.object({ category: z.string(), key: z.string() }),
  effectiveOn: z.string().meta({ format: 'date' }),
  recordedAt: z.string().meta({ format: 'date-time' }),
  recordedBy: z.string(),
  debtorId: z.string().nullable(),
  entityId: z.string().nullable(),
  kind: z.string().nullable(),
  movementType: z.string().nullable(),
  gross: moneySchema.nullable().describe('what was recognised, or what the movement changed; null for facts that move none by themselves'),
});
export const lateFacts = z
  .object({
    runId: z.string().nullable(),
    ...figureStampShape,
    after: z.int().describe('the facts were recorded after this position'),
    ...pageSchema(lateFact).shape,
    wouldHaveBeen: z
      .object({
        totals: z.array(z.object({ kind: z.string(), ...compared })),
        total: z.object(compared),
        inputsChanged: z
          .boolean()
          .describe('other rates, policies or exchange rates are in force now; false = facts alone made the difference'),
        engineChanged: z.boolean(),
      })
      .nullable()
      .describe('the run computed again with everything known now; on the first page'),
    problemCode: z.string().nullable().describe('why it could not be computed again'),
  })
  .meta({ id: 'LateFacts' });
