import { ASSESSED_PARTS, COMPARISON_BASES, CONCENTRATION_MEASURES } from '@app/credit-domain';
import { z } from 'zod';

/** Definitions of rules on closes as events hold them. Fields added after a release are optional: rules from before have none of them. */

const ratio = z.string().regex(/^-?\d+(\.\d+)?$/);
const count = z.int().nonnegative();
const moneyFloor = z.strictObject({ minor: z.string().regex(/^\d+$/), currency: z.string() }).nullable();

export const shiftRule = {
  base: z.enum(COMPARISON_BASES),
  enter: ratio,
  exit: ratio,
  kinds: z.array(z.string()).nullable(),
  segment: z.string().nullable(),
};
export const shiftFloors = {
  enterRelative: ratio.nullable().optional(),
  materialityAmount: moneyFloor.optional(),
  minimumDebtors: count.optional(),
};

export const ageingMixShiftData = z.strictObject({
  type: z.literal('ageing-mix-shift'),
  scheme: z.string(),
  assessed: z.enum(ASSESSED_PARTS),
  confidence: ratio,
  minimumDebtors: count,
  ...shiftRule,
});
export const rollRateDriftData = z.strictObject({
  type: z.literal('roll-rate-drift'),
  scheme: z.string(),
  assessed: z.enum(ASSESSED_PARTS),
  bucket: z.string().nullable(),
  ...shiftRule,
});
export const allowanceJumpData = z.strictObject({
  type: z.literal('allowance-jump'),
  assessed: z.enum(ASSESSED_PARTS),
  materialityAmount: moneyFloor,
  ...shiftRule,
});
export const concentrationData = z.strictObject({
  type: z.literal('concentration'),
  measure: z.enum(CONCENTRATION_MEASURES),
  count: z.int().positive(),
  ...shiftRule,
});
