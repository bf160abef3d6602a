import { z } from 'zod';
import { currencyCodeSchema, figureQueryShape, figureStampShape, localDateSchema, moneySchema } from '../http';

const { asOf, knownAt } = figureQueryShape;
const ENTITY_ID_LENGTH_MAX = 64;
const ENTITY_NAME_LENGTH_MAX = 200;
const REASON_LENGTH_MAX = 2_000;
/** As in files: what leads keys and labels figures is printable and without blanks around it. */
const entityId = z
  .string()
  .trim()
  .min(1)
  .max(ENTITY_ID_LENGTH_MAX)
  .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'Expected printable characters on one line');
const date = z.string().meta({ format: 'date' });
const instant = z.string().meta({ format: 'date-time' });

export const entityParams = z.strictObject({ id: entityId });
export const disposalParams = z.strictObject({ id: entityId, disposalId: z.uuid() });

export const stateEntityBody = z.strictObject({
  id: entityId.meta({ example: 'hk' }),
  name: z.string().trim().max(ENTITY_NAME_LENGTH_MAX).default(''),
  functionalCurrency: currencyCodeSchema,
  joinedOn: localDateSchema.nullable().default(null).describe('first day in the group; left out: always been'),
  leftOn: localDateSchema.nullable().default(null).describe('last day in the group; left out: still in it'),
});
export const statedEntity = z.object({ id: z.string(), outcome: z.enum(['registered', 'amended', 'unchanged']) });

export const entitiesQuery = z.strictObject({ asOf, knownAt });
export const entityList = z.object({
  ...figureStampShape,
  items: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      functionalCurrency: z.string().nullable(),
      joinedOn: date.nullable(),
      leftOn: date.nullable(),
      active: z.boolean().describe('in the group on the as-of date'),
      implicit: z.boolean().describe('named by receivables, or built in, and never registered'),
    }),
  ),
});

export const disposeEntityBody = z.strictObject({
  on: localDateSchema.describe('its last day in the group: what it is owed at the end of that day is derecognised'),
  reason: z.string().trim().min(1).max(REASON_LENGTH_MAX),
});
export const acceptedDisposal = z.object({ id: z.string(), status: z.literal('queued') });

export const entityDisposal = z.object({
  id: z.string(),
  entityId: z.string(),
  on: date,
  reason: z.string(),
  status: z.enum(['queued', 'completed', 'failed']),
  requestedBy: z.string(),
  requestedAt: instant,
  endedAt: instant.nullable(),
  receivables: z.int().nullable().describe('how many receivables left with it on that date; null until it completed'),
  amounts: z
    .array(
      z.object({
        disposed: moneySchema,
        remaining: moneySchema.describe('still owed on that date, because facts recorded for later dates settle it'),
      }),
    )
    .describe('one a currency'),
  failure: z.string().nullable(),
});
