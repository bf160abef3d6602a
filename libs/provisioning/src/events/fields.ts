import { z } from 'zod';

/** Building blocks of event data; `../events.ts` states the conventions. */
export const minorUnits = z.string().regex(/^\d+$/);
/** Minor units that may be negative: differences. */
export const signedMinorUnits = z.string().regex(/^-?\d+$/);
export const rate = z.string().regex(/^\d+(\.\d+)?$/);
export const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
export const position = z.int().nonnegative();
export const currencyCode = z.string().regex(/^[A-Z]{3}$/);
export const principal = z.string();
/** SHA-256 as 64 hexadecimal digits. */
export const hash = z.string().regex(/^[0-9a-f]{64}$/);
