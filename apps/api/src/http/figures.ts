import { isCurrency, LOCAL_DATE_YEAR_MAX, LOCAL_DATE_YEAR_MIN, parseLocalDate, type LocalDate } from '@app/credit-domain';
import { z } from 'zod';

const INSTANT = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;
/** A `+` that was not escaped in a query string arrives as a space; only a zone can stand there. */
const ZONE_WITH_LOST_PLUS = / (\d{2}:\d{2})$/;

/** A business date, `YYYY-MM-DD`: 2024-02-29 is one, 2025-02-29 is not. */
export const localDateSchema = z
  .string()
  .transform((text, issues): LocalDate => {
    const date = parseLocalDate(text);
    if (date !== undefined) return date;
    const range = `${String(LOCAL_DATE_YEAR_MIN)} to ${String(LOCAL_DATE_YEAR_MAX)}`;
    issues.addIssue({ code: 'custom', message: `Expected a day of the calendar as YYYY-MM-DD, in the years ${range}` });
    return z.NEVER;
  })
  .meta({ format: 'date', example: '2026-06-30' });

/** An instant with its zone, RFC 3339. */
export const instantSchema = z
  .string()
  .transform((text) => text.replace(ZONE_WITH_LOST_PLUS, '+$1'))
  .refine(
    (text) => INSTANT.test(text) && parseLocalDate(text.slice(0, 10)) !== undefined && !Number.isNaN(Date.parse(text)),
    'Expected an instant with a zone, RFC 3339',
  )
  .meta({ format: 'date-time', example: '2026-07-05T09:30:00Z' });

/** ISO 4217 code of a currency with a minor unit. */
export const currencyCodeSchema = z.string().refine(isCurrency, 'Expected an ISO 4217 currency code in capitals').meta({ example: 'CNY' });

/** Query parameters of every read of figures; spread into the route's own query: `z.strictObject({ ...figureQueryShape, kind })`. */
export const figureQueryShape = {
  asOf: localDateSchema.optional().describe('business date; default today'),
  knownAt: instantSchema.optional().describe('what had been recorded by then; default now'),
  currency: currencyCodeSchema.optional().describe("currency of the figures; default the only one of the book, else the tenant's"),
};
export const figureQuery = z.strictObject(figureQueryShape);

/** What every answer with figures says about itself. */
export const figureStampShape = {
  asOf: z.string().meta({ format: 'date' }),
  knownAt: z.string().meta({ format: 'date-time' }),
  position: z.int().describe('position of the log the figures were read at'),
};

/** A log position on the wire. Positions stay far below 2^53. */
export function positionNumber(position: bigint): number {
  const number = Number(position);
  if (!Number.isSafeInteger(number)) throw new RangeError(`Position ${String(position)} does not fit a JSON number.`);
  return number;
}
