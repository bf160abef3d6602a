import { RECEIVABLE_KINDS, parseAmount } from '@app/credit-domain';
import { z } from 'zod';
import { currencyCodeSchema, figureQueryShape, figureStampShape, localDateSchema, moneySchema } from '../http';

const { asOf, knownAt } = figureQueryShape;
const LABEL_LENGTH_MAX = 64;
/** Several accounts of one kind are explained together. */
const ACCOUNTS_LENGTH_MAX = 2_000;
const REASON_LENGTH_MAX = 2_000;

export const controlTotalsQuery = z.strictObject({ asOf, knownAt });

export const controlTotalsAnswer = z.object({
  ...figureStampShape,
  items: z.array(
    z.object({
      entityId: z.string(),
      kind: z.string(),
      currency: z.string(),
      account: z.string().describe('several accounts of one entity, kind and currency are compared together, their names joined by ` + `'),
      stated: moneySchema,
      book: moneySchema.describe('gross of the book at asOf'),
      difference: moneySchema.describe('stated less book'),
      explained: z.boolean().describe('true when they agree, or when a difference of exactly this amount has been explained'),
      reason: z.string().nullable(),
    }),
  ),
});

export const explainDifferenceBody = z
  .strictObject({
    entityId: z.string().min(1).max(LABEL_LENGTH_MAX).default('main'),
    kind: z.enum(RECEIVABLE_KINDS),
    currency: currencyCodeSchema,
    account: z.string().min(1).max(ACCOUNTS_LENGTH_MAX),
    asOf: localDateSchema,
    amount: z.string().meta({ example: '-12.50' }).describe('the difference that is explained, stated less book: exactly this amount'),
    reason: z.string().trim().min(1).max(REASON_LENGTH_MAX),
  })
  .transform((body, issues) => {
    const parsed = parseAmount(body.amount, body.currency);
    if (parsed.ok) return { ...body, amount: parsed.minor };
    issues.addIssue({ code: 'custom', message: `Expected a plain decimal amount of ${body.currency} (${parsed.code})`, path: ['amount'] });
    return z.NEVER;
  });

export const explanationAnswer = z.object({ id: z.string() });
