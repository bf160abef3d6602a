import { FEEDS } from '@app/credit-domain';
import { z } from 'zod';

const decimal = z.string().regex(/^\d+(\.\d+)?$/);
const count = z.string().regex(/^[1-9]\d*$/);
const currencyCode = z.string().regex(/^[A-Z]{3}$/);

/** Rules on the day's figures as events hold them. */
export const signalDefinitionData = [
  z.strictObject({
    type: z.literal('overdue-debtor'),
    measure: z.enum(['amount', 'days']),
    /** An amount of the currency, or whole days, by the measure. */
    enter: decimal,
    exit: decimal,
    currency: currencyCode,
    minimum: decimal,
    minimumDays: z.int().nonnegative(),
    segment: z.string().nullable(),
  }),
  z.strictObject({
    type: z.literal('credit-limit'),
    of: z.enum(['debtors', 'groups', 'both']),
    bands: z.array(decimal),
    margin: decimal,
  }),
  z.strictObject({
    type: z.literal('broken-promise'),
    minimum: z.strictObject({ amount: decimal, currency: currencyCode }).nullable(),
  }),
  z.strictObject({
    type: z.literal('stale-feed'),
    feeds: z.array(z.enum(FEEDS)),
    enter: count,
    calendar: z.enum(['business', 'calendar']),
  }),
  z.strictObject({ type: z.literal('failed-job'), jobs: z.array(z.string()).nullable(), enter: count }),
  z.strictObject({ type: z.literal('projection-drift'), enter: count }),
  z.strictObject({ type: z.literal('broken-chain') }),
] as const;
