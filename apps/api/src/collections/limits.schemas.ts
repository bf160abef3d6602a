import { LIMIT_BANDS } from '@app/credit-domain';
import { z } from 'zod';
import { figureQueryShape, figureStampShape, localDateSchema, moneyInput, moneySchema, pageQueryShape } from '../http';

const ID_LENGTH_MAX = 128;
const NAME_LENGTH_MAX = 120;
const REASON_LENGTH_MAX = 500;
const GROUP_MEMBERS_MAX = 1_000;

/** One line without control characters. */
const line = (lengthMax: number): z.ZodType<string, string> =>
  z
    .string()
    .trim()
    .min(1)
    .max(lengthMax)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'Must be one line without control characters');

export const debtorIdParams = z.strictObject({ id: z.string().min(1).max(ID_LENGTH_MAX) });
export const uuidParams = z.strictObject({ id: z.uuid() });
export const createdAnswer = z.object({ id: z.string() });

export const debtorGroupBody = z.strictObject({
  name: line(NAME_LENGTH_MAX),
  effectiveOn: localDateSchema.optional().describe('in force from this day on; default today'),
  members: z
    .array(z.string().min(1).max(ID_LENGTH_MAX))
    .min(1)
    .max(GROUP_MEMBERS_MAX)
    .refine((members) => new Set(members).size === members.length, 'Each member once'),
  limit: moneyInput
    .refine(({ minor }) => minor >= 0n, { message: 'A limit is not below zero', path: ['amount'] })
    .nullable()
    .describe('what is granted to all of them together; null: nothing as a group'),
});

export const debtorGroups = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      members: z.array(z.string()),
      limit: moneySchema.nullable(),
      effectiveOn: z.string().meta({ format: 'date' }),
    }),
  ),
});

export const placeHoldBody = z.strictObject({
  reason: line(REASON_LENGTH_MAX),
  on: localDateSchema.optional().describe('default today; never a day ahead'),
  pausesDunning: z.boolean().default(false).describe('letters stop as well, as when lawyers have taken over'),
});
export const releaseHoldBody = z.strictObject({ reason: line(REASON_LENGTH_MAX), on: localDateSchema.optional() });

const { asOf, knownAt } = figureQueryShape;
export const groupsQuery = z.strictObject({ asOf, knownAt });
export const exposuresQuery = z.strictObject({
  asOf,
  knownAt,
  band: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(LIMIT_BANDS)))
    .optional()
    .describe(`of ${LIMIT_BANDS.join(', ')}; several with commas between them`),
  ...pageQueryShape,
});

const use = {
  exposure: moneySchema.nullable().describe('across all entities, in the currency of the limit; null when it cannot be told'),
  limit: moneySchema.nullable(),
  band: z.enum(LIMIT_BANDS).nullable(),
  used: z.string().nullable().describe('share of the limit; null for a limit of zero and where there is none'),
  headroom: moneySchema.nullable().describe('what may still be sold; below zero once the limit is exceeded'),
  unmeasured: z.enum(['no-limit', 'fx-rate-missing']).nullable(),
  missingRate: z.object({ from: z.string(), to: z.string() }).nullable(),
  owed: z.array(moneySchema).nullable().describe('by currency, where there is no limit'),
};
const hold = z.object({
  since: z.string().meta({ format: 'date' }),
  reason: z.string().nullable(),
  pausesDunning: z.boolean(),
  principalId: z.string(),
  position: z.int(),
});
export const creditExposures = z.object({
  ...figureStampShape,
  items: z.array(z.object({ debtorId: z.string(), segment: z.string(), ...use, hold: hold.nullable() })),
  groups: z.array(z.object({ groupId: z.string(), name: z.string(), members: z.array(z.string()), ...use })).describe('on every page'),
  next: z.string().nullable(),
});
