import { z } from 'zod';
import { collectionsSummary } from '../collections/cases.schemas';
import { figureQueryShape, figureStampShape, instantSchema, moneySchema, pageQueryShape, pageSchema } from '../http';

const { asOf, knownAt } = figureQueryShape;
export const pointInTimeQuery = z.strictObject({ asOf, knownAt });
export const receivablePageQuery = z.strictObject({ asOf, knownAt, ...pageQueryShape });
export const eventsQuery = z.strictObject({ knownAt: instantSchema.optional() });

const date = z.string().meta({ format: 'date' });

export const debtorAnswer = z.object({
  ...figureStampShape,
  id: z.string(),
  name: z.string().nullable().describe('null once erased'),
  attributes: z.record(z.string(), z.string()).describe('every further column the debtor was imported with'),
  segment: z.string(),
  relatedParty: z.boolean(),
  country: z.string().nullable(),
  termsDays: z.int().nullable(),
  creditImpaired: z.boolean().describe('evidence of default on the date'),
  creditLimit: moneySchema.nullable(),
  individuallyAssessed: z.boolean(),
  balances: z.array(z.object({ entityId: z.string(), kind: z.string(), outstanding: moneySchema })),
  creditBalances: z.array(z.object({ entityId: z.string(), amount: moneySchema })),
  collections: collectionsSummary.nullable().describe('null: nothing was ever agreed, contested or done'),
});

const balanceShape = {
  id: z.string(),
  debtorId: z.string(),
  entityId: z.string(),
  kind: z.string(),
  class: z.string(),
  amount: moneySchema,
  outstanding: moneySchema,
  recognisedOn: date,
  invoicedOn: date,
  dueOn: date.nullable().describe('null: payable on demand'),
  daysPastDue: z.int().nullable(),
  documentNo: z.string().nullable(),
  takenOn: date.nullable().describe('taken over from another system without its history on this day: opening, never new business'),
};
export const receivablePage = z.object({ ...figureStampShape, ...pageSchema(z.object(balanceShape)).shape });

export const receivableAnswer = z.object({
  ...figureStampShape,
  ...balanceShape,
  classifications: z
    .array(
      z.object({
        movementId: z.string().nullable().describe('null: the recognition'),
        effectiveOn: date,
        entityId: z.string(),
        kind: z.string(),
        class: z.string(),
        invoicedOn: date,
        dueOn: date.nullable(),
        documentNo: z.string(),
        position: z.int(),
      }),
    )
    .describe('what it was taken for over time, the recognition first; the age counts on from recognition'),
  movements: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      effectiveOn: date,
      gross: moneySchema.describe('signed change of what is owed'),
      credit: moneySchema.describe('signed change of the debtor’s unapplied credit'),
      recovered: moneySchema,
      position: z.int(),
    }),
  ),
});

export const receivableEventsAnswer = z.object({
  items: z.array(
    z.object({
      position: z.int(),
      version: z.int(),
      type: z.string(),
      effectiveOn: date,
      recordedAt: z.string().meta({ format: 'date-time' }),
      principalId: z.string(),
      importId: z.string().nullable(),
      importRow: z.int().nullable(),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
});
