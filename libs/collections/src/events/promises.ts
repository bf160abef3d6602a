import { CLAIM_OUTCOMES } from '@app/credit-domain';
import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';
import { currencyCode, envelope, localDate, minorUnits } from './values';

const promise = { promiseId: z.string(), debtorId: z.string() };

/** A debtor said when it would pay how much. The date of the event is the day it was said. */
export const promiseMadeData = z.strictObject({
  ...promise,
  amount: minorUnits,
  currency: currencyCode,
  dueOn: localDate,
  /** Days after the due date in which the money still counts, by the policy of the day the promise was recorded. */
  graceDays: z.int().nonnegative(),
  /** null = the account as a whole. */
  receivableIds: z.array(z.string()).nullable(),
  /** Encrypted envelope of the debtor: the note. */
  personal: envelope,
});

/** The debtor asked for another date or amount before the promise was judged. */
export const promiseMovedData = z.strictObject({
  ...promise,
  fromDueOn: localDate,
  dueOn: localDate,
  fromAmount: minorUnits,
  amount: minorUnits,
  currency: currencyCode,
  personal: envelope,
});

export const promiseWithdrawnData = z.strictObject({ ...promise, personal: envelope });

/**
 * How a promise came out, judged from cash. Facts learned later are judged anew: that is another event, which names the outcome it takes the
 * place of; the earlier one stays on record.
 */
export const promiseJudgedData = z.strictObject({
  ...promise,
  amount: minorUnits,
  /** Of the amount, in time. */
  paid: minorUnits,
  currency: currencyCode,
  dueOn: localDate,
  /** The payments that were counted for it, and with how much; each is counted once over all promises and instalments of the debtor. */
  counted: z.array(z.strictObject({ movementId: z.string(), amount: minorUnits })),
  /** Settlements nobody has classified yet that would have counted had they been payments: keep-rates leave such a promise out. */
  unclassified: minorUnits,
  /** null = judged for the first time. */
  rejudges: z.enum(CLAIM_OUTCOMES).nullable(),
  /** The log had been read up to here. */
  knownTo: z.int().nonnegative(),
});

export const promiseEventSchemas = {
  PromiseMade: promiseMadeData,
  PromiseMoved: promiseMovedData,
  PromiseKept: promiseJudgedData,
  PromisePartKept: promiseJudgedData,
  PromiseBroken: promiseJudgedData,
  PromiseWithdrawn: promiseWithdrawnData,
  /** What had kept it was taken back before its day was over. */
  PromiseReopened: promiseJudgedData,
} as const;

/** Codes 310-319. */
export const promiseEvents: readonly EventDefinition[] = [
  { code: 310, type: 'PromiseMade', schemaVersion: 1 },
  { code: 311, type: 'PromiseMoved', schemaVersion: 1 },
  { code: 312, type: 'PromiseKept', schemaVersion: 1 },
  { code: 313, type: 'PromisePartKept', schemaVersion: 1 },
  { code: 314, type: 'PromiseBroken', schemaVersion: 1 },
  { code: 315, type: 'PromiseWithdrawn', schemaVersion: 1 },
  { code: 316, type: 'PromiseReopened', schemaVersion: 1 },
];
