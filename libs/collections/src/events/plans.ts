import { CLAIM_OUTCOMES } from '@app/credit-domain';
import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';
import { currencyCode, envelope, localDate, minorUnits } from './values';

const plan = { planId: z.string(), debtorId: z.string() };

/** Items are to be paid in instalments. Their due dates stay what they were, and so does their age. */
export const paymentPlanAgreedData = z.strictObject({
  ...plan,
  currency: currencyCode,
  instalments: z.array(z.strictObject({ dueOn: localDate, amount: minorUnits })).min(1),
  graceDays: z.int().nonnegative(),
  /**
   * The items as they were before: what IFRS 7.35J(a) asks for where a receivable measured at lifetime losses is modified while more than
   * 30 days past due (7.35A(a)).
   */
  items: z
    .array(
      z.strictObject({
        receivableId: z.string(),
        /** null = payable on demand. */
        dueOn: localDate.nullable(),
        outstanding: minorUnits,
        daysPastDue: z.int().nonnegative().nullable(),
        /** modified while more than 30 days past due. */
        modifiedPastDue30: z.boolean(),
      }),
    )
    .min(1),
  /** Whether the creditor has bound itself to it: then it modifies the contract; else it is a way of paying. */
  approved: z.boolean(),
  /** Encrypted envelope of the debtor: the reason. */
  personal: envelope,
});

export const planInstalmentJudgedData = z.strictObject({
  ...plan,
  /** Counted from 1. */
  instalment: z.int().positive(),
  /** `open`: what had paid it was taken back before its day was over. */
  outcome: z.enum([...CLAIM_OUTCOMES, 'open']),
  amount: minorUnits,
  paid: minorUnits,
  currency: currencyCode,
  dueOn: localDate,
  counted: z.array(z.strictObject({ movementId: z.string(), amount: minorUnits })),
  unclassified: minorUnits,
  rejudges: z.enum(CLAIM_OUTCOMES).nullable(),
  knownTo: z.int().nonnegative(),
});

/** An instalment was not paid in full and in time; chasing goes on. */
export const paymentPlanBrokenData = z.strictObject({
  ...plan,
  instalment: z.int().positive(),
  currency: currencyCode,
  missing: minorUnits,
});
/** What had broken the plan turned out, by facts learned later, to have been paid. */
export const paymentPlanRestoredData = z.strictObject(plan);
/** Every instalment was paid in full and in time. */
export const paymentPlanKeptData = z.strictObject(plan);
export const paymentPlanCancelledData = z.strictObject({ ...plan, personal: envelope });

export const planEventSchemas = {
  PaymentPlanAgreed: paymentPlanAgreedData,
  PlanInstalmentJudged: planInstalmentJudgedData,
  PaymentPlanBroken: paymentPlanBrokenData,
  PaymentPlanRestored: paymentPlanRestoredData,
  PaymentPlanKept: paymentPlanKeptData,
  PaymentPlanCancelled: paymentPlanCancelledData,
} as const;

/** Codes 330-339. */
export const planEvents: readonly EventDefinition[] = [
  { code: 330, type: 'PaymentPlanAgreed', schemaVersion: 1 },
  { code: 331, type: 'PlanInstalmentJudged', schemaVersion: 1 },
  { code: 332, type: 'PaymentPlanBroken', schemaVersion: 1 },
  { code: 333, type: 'PaymentPlanRestored', schemaVersion: 1 },
  { code: 334, type: 'PaymentPlanKept', schemaVersion: 1 },
  { code: 335, type: 'PaymentPlanCancelled', schemaVersion: 1 },
];
