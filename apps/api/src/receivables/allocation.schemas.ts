import { parseAmount } from '@app/credit-domain';
import { z } from 'zod';
import { currencyCodeSchema, localDateSchema, moneySchema } from '../http';

const LABEL_LENGTH_MAX = 64;
const ID_LENGTH_MAX = 128;
/** Receivables of one request that states them one by one. */
const ALLOCATED_ITEMS_MAX = 1_000;

export const debtorParams = z.strictObject({ id: z.string().min(1).max(ID_LENGTH_MAX) });

const amountText = z.string().meta({ example: '1234.50' });

/** Oldest first, or stated one by one: exactly one of the two. */
export const allocateBody = z
  .strictObject({
    entityId: z.string().min(1).max(LABEL_LENGTH_MAX).default('main'),
    currency: currencyCodeSchema,
    effectiveOn: localDateSchema,
    oldestFirst: z.literal(true).optional().describe('by recognition date, then invoice date, then id'),
    amount: amountText.optional().describe('with oldestFirst: exactly this much; default as much as credit and debt allow'),
    items: z
      .array(z.strictObject({ receivableId: z.string().min(1).max(ID_LENGTH_MAX), amount: amountText }))
      .min(1)
      .max(ALLOCATED_ITEMS_MAX)
      .optional(),
  })
  .transform((body, issues) => {
    const { entityId, currency, effectiveOn, oldestFirst, items } = body;
    const minor = (text: string, path: (string | number)[]): bigint => {
      const parsed = parseAmount(text, currency);
      if (parsed.ok && parsed.minor > 0n) return parsed.minor;
      const why = parsed.ok ? 'above zero' : parsed.code;
      issues.addIssue({ code: 'custom', message: `Expected a plain decimal amount of ${currency} (${why})`, path });
      return 0n;
    };
    if ((oldestFirst === undefined) === (items === undefined) || (items !== undefined && body.amount !== undefined)) {
      issues.addIssue({ code: 'custom', message: 'Expected either oldestFirst, with or without amount, or items', path: ['oldestFirst'] });
      return z.NEVER;
    }
    const seen = new Set<string>();
    const stated = items?.map(({ receivableId, amount }, index) => {
      if (seen.has(receivableId)) {
        issues.addIssue({ code: 'custom', message: 'Expected each receivable once', path: ['items', index, 'receivableId'] });
      }
      seen.add(receivableId);
      return { receivableId, amount: minor(amount, ['items', index, 'amount']) };
    });
    const amount = body.amount === undefined ? undefined : minor(body.amount, ['amount']);
    return { entityId, currency, effectiveOn, amount, items: stated };
  });

export const allocationAnswer = z.object({
  id: z.string(),
  debtorId: z.string(),
  entityId: z.string(),
  effectiveOn: z.string().meta({ format: 'date' }),
  allocated: moneySchema,
  items: z.array(z.object({ receivableId: z.string(), movementId: z.string(), amount: moneySchema })),
});
