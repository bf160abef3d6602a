import {
  ASSESSED_PARTS,
  COMPARISON_BASES,
  CONCENTRATION_MEASURES,
  isCurrency,
  KINDS_WITH_ECL,
  LARGEST_DEBTORS,
  MATERIALITY_DEFAULT,
  MINIMUM_DEBTORS_DEFAULT,
  MIX_SHIFT_CONFIDENCE_DEFAULT,
  MIX_SHIFT_ENTER_DEFAULT,
  parseAmount,
  Ratio,
} from '@app/credit-domain';
import { z } from 'zod';

const LABEL_LENGTH_MAX = 100;
const AGE_COUNT_MAX = 36_525;
const MINIMUM_DEBTORS_MAX = 1_000_000;
const INDEX_MAX = 10;

/** One line without control characters: names end up in subjects and headers. */
export const lineOf = (lengthMax: number): z.ZodType<string, string> =>
  z
    .string()
    .trim()
    .min(1)
    .max(lengthMax)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'Must be one line without control characters');

/** A share of one, above zero: `0.10` is ten points. */
export const threshold = z
  .string()
  .regex(/^(?:0\.\d{1,18}|1(?:\.0{1,18})?)$/, 'Expected a fraction above 0 and at most 1, like "0.10"')
  .refine((text) => /[1-9]/.test(text), 'Must be above 0')
  .meta({ example: '0.10' });
/** Of something that may more than double. */
const relativeThreshold = z
  .string()
  .regex(/^\d{1,2}(?:\.\d{1,18})?$/, 'Expected a fraction above 0 and below 100, like "0.25" for a quarter')
  .refine((text) => /[1-9]/.test(text), 'Must be above 0')
  .meta({ example: '0.25' });
const share = z
  .string()
  .regex(/^(?:0(?:\.\d{1,18})?|1(?:\.0{1,18})?)$/, 'Expected a fraction from 0 to 1, like "0.01"')
  .meta({ example: '0.01' });
const indexLevel = z
  .string()
  .regex(/^\d{1,2}(?:\.\d{1,18})?$/, 'Expected a number above 0, like "0.10"')
  .refine((text) => /[1-9]/.test(text) && Ratio.parse(text).compare(Ratio.of(BigInt(INDEX_MAX))) <= 0, {
    error: `Must be above 0 and at most ${String(INDEX_MAX)}`,
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ example: '0.10' });
const confidence = z
  .string()
  .regex(/^0\.\d{1,12}$/, 'Expected a probability below 1, like "0.99"')
  .refine((text) => Ratio.parse(text).compare(Ratio.of(1n, 2n)) >= 0, {
    error: 'Must be at least 0.5',
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ example: MIX_SHIFT_CONFIDENCE_DEFAULT });

const limitCount = z.int().min(0).max(AGE_COUNT_MAX);
const ageLimit = z
  .union(
    [z.strictObject({ months: limitCount }), z.strictObject({ years: limitCount }), z.strictObject({ days: limitCount })],
    'Expected one of {months}, {years} or {days}',
  )
  .describe('where a bucket of the scheme ends; the share is of the buckets wholly above it');

const base = z.enum(COMPARISON_BASES).describe('what each close is compared with');
const scopeShape = {
  kinds: z
    .array(z.enum(KINDS_WITH_ECL))
    .min(1)
    .max(KINDS_WITH_ECL.length)
    .optional()
    .describe('default: every kind with expected credit losses'),
  segment: lineOf(LABEL_LENGTH_MAX).optional().describe('default: every segment'),
};
const EXIT_DESCRIPTION = 'an open alert recovers below it; at most `enter`, default 0.8 x `enter`';
const shiftShape = {
  base,
  enter: threshold.describe('fires at or above it; a fraction, so "0.10" is ten points'),
  exit: threshold.optional().describe(EXIT_DESCRIPTION),
  ...scopeShape,
};
const assessed = z.enum(ASSESSED_PARTS).default('all').describe('collectively assessed, individually assessed, or both together');
const scheme = z.string().min(1).max(LABEL_LENGTH_MAX).meta({ example: 'months-6-12-24-36-48' });
const bucket = lineOf(LABEL_LENGTH_MAX).optional().describe('default: every bucket, each with an alert of its own');
/** Positive money, as it was sent: it is shown again as it stands. */
const moneyFloor = z
  .strictObject({ amount: z.string().max(40), currency: z.string().refine(isCurrency, 'Expected an ISO 4217 currency code in capitals') })
  .superRefine(({ amount, currency }, issues) => {
    if (!isCurrency(currency)) return;
    const parsed = parseAmount(amount, currency);
    if (parsed.ok && parsed.minor > 0n) return;
    const message = parsed.ok ? 'Must be above 0' : `Expected a plain decimal amount of ${currency} (${parsed.code})`;
    issues.addIssue({ code: 'custom', path: ['amount'], message });
  });
const debtorCount = z.int().min(1).max(MINIMUM_DEBTORS_MAX);
const floorShape = {
  enterRelative: relativeThreshold.optional().describe('the change must also be this fraction of what the figure was'),
  materialityAmount: moneyFloor.optional().describe('|change| x closing gross must also be at least this, in the currency of the closes'),
  minimumDebtors: debtorCount.optional().describe('with fewer debtors, then or now, nothing is said'),
};

export const closeRules = [
  z.strictObject({ type: z.literal('ageing-share-shift'), scheme, olderThan: ageLimit, assessed, ...shiftShape }),
  z.strictObject({
    type: z.literal('coverage-shift'),
    assessed,
    materiality: share
      .optional()
      .describe('a change matters when |change| x closing gross is at least this share of the closing allowance'),
    ...floorShape,
    ...shiftShape,
  }),
  z.strictObject({
    type: z.literal('loss-rate-shift'),
    bucket,
    materiality: share
      .default(MATERIALITY_DEFAULT)
      .describe('a change matters when |change| x closing gross is at least this share of the closing allowance'),
    ...floorShape,
    ...shiftShape,
  }),
  z.strictObject({
    type: z.literal('ageing-mix-shift'),
    scheme,
    assessed,
    base,
    enter: indexLevel.default(MIX_SHIFT_ENTER_DEFAULT).describe('practical level of the population stability index'),
    exit: indexLevel.optional().describe(EXIT_DESCRIPTION),
    confidence: confidence
      .default(MIX_SHIFT_CONFIDENCE_DEFAULT)
      .describe(
        'probability that a book that does not change stays quiet for a year; sets the critical value that the index must reach as well',
      ),
    minimumDebtors: debtorCount.default(MINIMUM_DEBTORS_DEFAULT).describe('with fewer debtors, then or now, nothing is said'),
    ...scopeShape,
  }),
  z.strictObject({
    type: z.literal('roll-rate-drift'),
    scheme,
    assessed,
    bucket,
    base: z
      .enum(['previous-close', 'previous-month-end', 'same-date-last-year'])
      .default('previous-close')
      .describe('the close rolled from'),
    enter: threshold.describe('with fewer than 12 periods of history: fires when the roll rate moved by at least this in one period'),
    exit: threshold.optional().describe(EXIT_DESCRIPTION),
    ...scopeShape,
  }),
  z.strictObject({
    type: z.literal('allowance-jump'),
    assessed,
    base,
    enter: relativeThreshold.describe('fires when the allowance moved by at least this fraction of what it was'),
    exit: relativeThreshold.optional().describe(EXIT_DESCRIPTION),
    materialityAmount: moneyFloor.optional().describe('it must also have moved by at least this, in the currency of the closes'),
    ...scopeShape,
  }),
  z.strictObject({
    type: z.literal('concentration'),
    measure: z.enum(CONCENTRATION_MEASURES).default('largest-debtor'),
    count: z.int().min(1).max(LARGEST_DEBTORS).optional().describe('of `top-debtors`, default 5'),
    base: base.default('previous-close').describe('tells what the concentration came from; the level alone fires'),
    enter: threshold.describe('fires at or above it'),
    exit: threshold.optional().describe(EXIT_DESCRIPTION),
    kinds: z.array(z.enum(KINDS_WITH_ECL)).length(1, 'one kind, or every kind when left out').optional(),
    segment: lineOf(LABEL_LENGTH_MAX).optional().describe('default: every segment'),
  }),
] as const;

type CloseRule = z.output<(typeof closeRules)[number]>;

/** What of a rule depends on more than one of its fields. */
export function checkCloseRule(definition: CloseRule, refuseAt: (path: (string | number)[], message: string) => void): void {
  const refuse = (field: string, message: string): void => {
    refuseAt([field], message);
  };
  if (definition.exit !== undefined && isAbove(definition.exit, definition.enter)) {
    refuse('exit', 'exit must be at most enter');
  }
  const needsCollective = definition.type === 'coverage-shift' || definition.type === 'allowance-jump';
  if (needsCollective && definition.segment !== undefined && definition.assessed !== 'collective') {
    refuse('segment', 'allowances of a segment are known for the collectively assessed only: add assessed: "collective"');
  }
  if (definition.base === 'last-sealed-run' && readsAgeing(definition)) {
    refuse('base', 'a sealed run holds allowances, no snapshot of the ageing: compare with a close');
  }
  if (definition.type === 'concentration' && definition.count !== undefined && definition.measure !== 'top-debtors') {
    refuse('count', 'only top-debtors counts debtors');
  }
  if (definition.type === 'concentration' && definition.kinds !== undefined && definition.segment !== undefined) {
    refuse('segment', 'concentration is known for a kind or for a segment, not for a segment of a kind');
  }
}

/** False for what is no number: its own field says so. */
function isAbove(exit: string, enter: string): boolean {
  const areNumbers = [exit, enter].every((text) => /^\d+(\.\d+)?$/.test(text));
  return areNumbers && Ratio.parse(exit).exceeds(Ratio.parse(enter));
}

/** Also what counts debtors, which only closes do. */
function readsAgeing(definition: CloseRule): boolean {
  if (definition.type === 'coverage-shift' || definition.type === 'loss-rate-shift') return definition.minimumDebtors !== undefined;
  return definition.type !== 'allowance-jump';
}
