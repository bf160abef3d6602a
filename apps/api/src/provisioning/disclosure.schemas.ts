import { UNIT_MAX } from '@app/credit-domain';
import { z } from 'zod';
import { figureStampShape, moneySchema } from '../http';
import { identifierParams } from './provisioning.schemas';

const UNIT_DEFAULT = 1000;
const WHOLE_NUMBER = /^[1-9]\d{0,9}$/;

const unit = z
  .string()
  .regex(WHOLE_NUMBER, 'Expected a whole number from 1')
  .transform(Number)
  .refine((value) => value <= UNIT_MAX, `Expected at most ${String(UNIT_MAX)}`)
  .default(UNIT_DEFAULT)
  .describe('units of the currency a printed figure stands for; 1000 prints thousands');

export const disclosureQuery = z.strictObject({
  format: z.enum(['json', 'csv', 'html']).default('json'),
  unit,
  comparative: identifierParams.shape.id.optional().describe('an earlier run, shown beside this one'),
});

const cell = z.object({
  value: z.string().nullable().describe('amounts in `unit` of the currency, rates as fractions, null without exposure'),
  exact: moneySchema.optional().describe('the amount before it was rounded'),
  foots: z.boolean().optional().describe('false: the rounded figures do not add up to this one'),
  gap: z.string().optional().describe('this figure less the sum of the rounded ones, in `unit`'),
});
const cells = z.record(z.string(), cell);
const disclosedRun = z.object({
  id: z.string(),
  ...figureStampShape,
  hash: z.string(),
  kindsLeftOut: z.array(z.string()).describe('kinds with exposure that are not in the run: the note is not whole'),
});

export const disclosure = z
  .object({
    ...disclosedRun.shape,
    comparative: disclosedRun.nullable(),
    currency: z.string(),
    unit: z.int(),
    footRule: z.string(),
    foots: z.boolean().describe('false: some figure is marked with a gap'),
    tables: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        source: z.string(),
        basis: z.string(),
        columns: z.array(z.object({ id: z.string(), label: z.string(), type: z.enum(['amount', 'rate', 'text']) })),
        rows: z.array(
          z.object({
            key: z.string(),
            label: z.string(),
            role: z.enum(['line', 'subtotal', 'total', 'memo']),
            current: cells,
            comparative: cells.nullable().describe('null without a comparative, or where it has no such line'),
          }),
        ),
      }),
    ),
    ties: z
      .array(
        z.object({
          what: z.string(),
          left: z.object({ table: z.string(), amount: moneySchema }),
          right: z.object({ table: z.string(), amount: moneySchema }),
          difference: moneySchema,
        }),
      )
      .describe('figures that two tables show; amounts translated from other currencies may differ by minor units'),
  })
  .meta({ id: 'Disclosure' });
