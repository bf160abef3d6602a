import { FIGURE_UNITS, RESOLUTION_REASONS } from '@app/credit-domain';
import { z } from 'zod';
import { localDateSchema } from '../http';
import { ruleBody } from './alerting.schemas';

/** An answer lists so many alerts; `fired` counts all of them. */
export const BACK_TEST_ALERTS_MAX = 1_000;

const since = localDateSchema.optional().describe('judge closes from this day on, those before are bases only; default every close');
/** A rule as it would be defined, and from when it is replayed. */
export const backTestBody = z.strictObject({ ...ruleBody.shape, since });
export const backTestDefinedBody = z.strictObject({ since }).optional();

const figure = z.object({
  asOf: localDateSchema,
  baseAsOf: localDateSchema.nullable().describe('null where nothing is compared; so are `before` and `change`'),
  reason: z.string().describe('what the figures say, by name'),
  unit: z.enum(FIGURE_UNITS),
  before: z.string().nullable(),
  after: z.string(),
  change: z.string().nullable(),
  cause: z.string(),
});

export const backTestAnswer = z
  .object({
    summary: z.string().meta({ example: 'Would have fired 4 times since 2022-12-31.' }),
    closes: z.int().describe('closes that were replayed'),
    from: localDateSchema.nullable().describe('the first of them; null when there is none'),
    to: localDateSchema.nullable(),
    fired: z.int(),
    alerts: z
      .array(
        z.object({
          labels: z.record(z.string(), z.string()),
          subject: z.string(),
          periods: z.array(localDateSchema).describe('as-of dates that counted towards it'),
          fired: figure,
          worsened: z.array(figure),
          resolved: z
            .object({ asOf: localDateSchema, reason: z.enum(RESOLUTION_REASONS), figure: figure.nullable() })
            .nullable()
            .describe('null: it would still be open'),
        }),
      )
      .describe(`in the order they would have fired, at most ${String(BACK_TEST_ALERTS_MAX)}`),
    notJudged: z
      .array(
        z.object({
          asOf: localDateSchema,
          baseAsOf: localDateSchema.nullable(),
          labels: z.record(z.string(), z.string()),
          reason: z.string().describe('why nothing can be said, by name: no-base, no-snapshot, no-provision, ...'),
        }),
      )
      .describe(`closes, or parts of them, that nothing can be said about, at most ${String(BACK_TEST_ALERTS_MAX)}`),
  })
  .meta({ id: 'AlertRuleBackTest' });
