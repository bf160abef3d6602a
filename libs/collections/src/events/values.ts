import { z } from 'zod';

/** What the events of collections are made of. Money is a string of integer minor units of the currency named beside it. */
export const minorUnits = z.string().regex(/^\d+$/);
export const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
export const currencyCode = z.string().regex(/^[A-Z]{3}$/);
/** An encrypted envelope of a person; null where nothing was said. */
export const envelope = z.record(z.string(), z.json()).nullable();
