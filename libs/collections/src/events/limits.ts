import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';

const personal = z.record(z.string(), z.json());

/** Debtors that are one risk, as they are from effectiveOn on: the whole of it, until the next statement's date. */
export const debtorGroupStatedData = z.strictObject({
  groupId: z.string(),
  name: z.string(),
  members: z.array(z.string()),
  /** Minor units; null: nothing is granted to the group as such. */
  limit: z.strictObject({ amount: z.string().regex(/^\d+$/), currency: z.string().regex(/^[A-Z]{3}$/) }).nullable(),
});

/** Nothing more is sold on credit to the debtor from effectiveOn on. Why is in the debtor's envelope, since people write names into reasons. */
export const creditHoldPlacedData = z.strictObject({
  holdId: z.string(),
  debtorId: z.string(),
  /** Dunning letters stop as well, as when lawyers have taken over. */
  pausesDunning: z.boolean(),
  personal,
});

export const creditHoldReleasedData = z.strictObject({ releaseId: z.string(), debtorId: z.string(), personal });

export const limitEventSchemas = {
  DebtorGroupStated: debtorGroupStatedData,
  CreditHoldPlaced: creditHoldPlacedData,
  CreditHoldReleased: creditHoldReleasedData,
} as const;

/** Codes 350-359. */
export const limitEvents: readonly EventDefinition[] = [
  { code: 350, type: 'DebtorGroupStated', schemaVersion: 1 },
  { code: 351, type: 'CreditHoldPlaced', schemaVersion: 1 },
  { code: 352, type: 'CreditHoldReleased', schemaVersion: 1 },
];
