import { FEEDS, isCurrency, parseAmount, Ratio } from '@app/credit-domain';
import { z } from 'zod';
import { currencyCodeSchema } from '../http';

const DAYS_MAX = 3_650;
const BANDS_MAX = 10;
const JOBS_MAX = 50;
const SEGMENT_LENGTH_MAX = 100;
const COUNT_MAX = 1_000_000;
const DEFAULT_BANDS = ['0.80', '0.90', '1.00'];
const DEFAULT_MARGIN = '0.02';

const decimal = z
  .string()
  .max(40)
  .regex(/^\d+(\.\d+)?$/, 'Expected a plain decimal like "50000.00"');
const amount = decimal.meta({ example: '50000.00' });
const share = z.string().regex(/^\d(\.\d{1,4})?$/, 'Expected a share of the limit like "0.80"');

/** A whole number of one or more, as a number; thresholds are kept as texts like those of every other rule. */
const wholeNumber = (max: number) => z.int().min(1).max(max);

const overdueDebtor = z.strictObject({
  type: z.literal('overdue-debtor'),
  measure: z.enum(['amount', 'days']).default('amount').describe('what `enter` and `exit` are: an amount overdue, or days past due'),
  enter: decimal.describe('fires at or above it').meta({ example: '50000.00' }),
  exit: decimal.optional().describe('resolves below it; at most `enter`; default 0.8 of it'),
  currency: currencyCodeSchema.describe('of the amounts; what is owed in others is translated at the rates of the day'),
  minimum: amount.default('0').describe('less than this overdue never matters'),
  minimumDays: z.int().min(0).max(DAYS_MAX).default(0).describe('overdue for fewer days never matters'),
  segment: z.string().trim().min(1).max(SEGMENT_LENGTH_MAX).optional().describe('default: every debtor'),
});
const creditLimit = z.strictObject({
  type: z.literal('credit-limit'),
  of: z.enum(['debtors', 'groups', 'both']).default('both'),
  bands: z.array(share).min(1).max(BANDS_MAX).default(DEFAULT_BANDS).describe('shares of the limit, ascending; an alert each'),
  margin: share.default(DEFAULT_MARGIN).describe('a band resolves once the use is this far below it; smaller than the smallest band'),
});
const brokenPromise = z.strictObject({
  type: z.literal('broken-promise'),
  minimum: z.strictObject({ amount, currency: currencyCodeSchema }).optional().describe('promises with less open never matter'),
});
const staleFeed = z.strictObject({
  type: z.literal('stale-feed'),
  feeds: z.array(z.enum(FEEDS)).min(1).max(FEEDS.length).default(['movements', 'receivables']).describe('an alert each'),
  days: wholeNumber(DAYS_MAX).describe('fires when the last import, or the latest close, is so many days old; resolves when it is not'),
  calendar: z.enum(['business', 'calendar']).default('business').describe('business: Saturdays and Sundays do not count'),
});
const failedJob = z.strictObject({
  type: z.literal('failed-job'),
  jobs: z
    .array(z.string().regex(/^[a-z][a-z0-9-]*$/, 'Expected the kind of a job like "import"'))
    .min(1)
    .max(JOBS_MAX)
    .optional()
    .describe('default: every kind; an alert each'),
  count: wholeNumber(COUNT_MAX).default(1).describe('fires when so many have failed and were not made up for'),
});
const projectionDrift = z.strictObject({
  type: z.literal('projection-drift'),
  count: wholeNumber(COUNT_MAX).default(1).describe('fires when so many figures of the read model differ from the log'),
});
const brokenChain = z.strictObject({
  type: z.literal('broken-chain').describe('always critical; no silence covers it'),
});

/** Rules on the day's figures. */
export const signalDefinitions = [overdueDebtor, creditLimit, brokenPromise, staleFeed, failedJob, projectionDrift, brokenChain] as const;
export type SentSignal = z.output<(typeof signalDefinitions)[number]>;

/** What one field alone cannot say. */
export function refineSignal(definition: SentSignal, refuse: (path: (string | number)[], message: string) => void): void {
  if (definition.type === 'overdue-debtor') refineOverdue(definition, refuse);
  if (definition.type === 'credit-limit') refineBands(definition, refuse);
  if (definition.type === 'broken-promise' && definition.minimum !== undefined) {
    const { amount: least, currency } = definition.minimum;
    if (isCurrency(currency) && !parseAmount(least, currency).ok) refuse(['minimum', 'amount'], `Must be an amount of ${currency}`);
  }
}

function refineOverdue(definition: z.output<typeof overdueDebtor>, refuse: Parameters<typeof refineSignal>[1]): void {
  const { measure, enter, exit, minimum, currency } = definition;
  if (!isCurrency(currency)) return;
  if (!parseAmount(minimum, currency).ok) refuse(['minimum'], `Must be an amount of ${currency}`);
  for (const [field, text] of [
    ['enter', enter],
    ['exit', exit],
  ] as const) {
    if (text === undefined) continue;
    const isRight = measure === 'amount' ? parseAmount(text, currency).ok : /^\d{1,4}$/.test(text) && Number(text) <= DAYS_MAX;
    if (!isRight)
      refuse([field], measure === 'amount' ? `Must be an amount of ${currency}` : `Must be whole days up to ${String(DAYS_MAX)}`);
  }
  if (!/[1-9]/.test(enter)) refuse(['enter'], 'Must be above 0');
  if (exit !== undefined && areDecimals([enter, exit]) && Ratio.parse(exit).compare(Ratio.parse(enter)) > 0)
    refuse(['exit'], 'exit must be at most enter');
}

function refineBands({ bands, margin }: z.output<typeof creditLimit>, refuse: Parameters<typeof refineSignal>[1]): void {
  if (!areDecimals([...bands, margin])) return;
  bands.forEach((band, index) => {
    const before = bands[index - 1];
    const lower = before === undefined ? Ratio.ZERO : Ratio.parse(before);
    if (Ratio.parse(band).compare(lower) <= 0) refuse(['bands', index], 'Must be above 0 and above the band before it');
  });
  const [smallest] = bands;
  if (smallest !== undefined && Ratio.parse(margin).compare(Ratio.parse(smallest)) >= 0)
    refuse(['margin'], 'Must be below the smallest band');
}

/** False for what is no number: its own field says so. */
function areDecimals(texts: readonly string[]): boolean {
  return texts.every((text) => decimal.safeParse(text).success);
}
