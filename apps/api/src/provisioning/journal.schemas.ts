import { ACCOUNT_ROLES } from '@app/credit-domain';
import { z } from 'zod';
import { figureStampShape, moneySchema } from '../http';

const CODE = /^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,63}$/;
const code = z.string().regex(CODE, 'Expected an account code of letters, digits, space, ".", "_", "/" and "-"');

const codes = {
  allowance: code.optional(),
  impairmentLoss: code.optional(),
  exchangeDifference: code.optional(),
  otherComprehensiveIncome: code.optional().describe('exchange differences of entities with another functional currency'),
  disposalResult: code.optional(),
  interestIncome: code.optional(),
  receivable: code.optional(),
  cash: code.optional(),
  intercompany: code.optional().describe('between entities of the group, where a balance moves from one to another'),
};
export const accountMappingBody = z.strictObject({
  ...codes,
  byKind: z.record(z.string(), z.strictObject(codes)).optional().describe('codes of a kind that differ from the general ones'),
});
const mapped = Object.fromEntries(ACCOUNT_ROLES.map((role) => [role, z.string()]));
export const accountMapping = z
  .object({ ...mapped, byKind: z.record(z.string(), z.record(z.string(), z.string())) })
  .meta({ id: 'AccountMapping' });

export const journalLine = z
  .object({
    entry: z.int().describe('lines of one entry balance'),
    entityId: z.string(),
    kind: z.string(),
    cause: z.string().describe('leg of the allowance bridge, or `recoveries`'),
    account: z.enum(ACCOUNT_ROLES),
    accountCode: z.string(),
    debit: moneySchema,
    credit: moneySchema,
    memorandum: z.boolean().describe('income of the period beside the movement of the allowance'),
  })
  .meta({ id: 'JournalLine' });

const leg = z.object({
  cause: z.string(),
  ...{ amount: moneySchema, collective: moneySchema, individual: moneySchema, staged: moneySchema },
  receivables: z.int(),
});
export const journalQuery = z.strictObject({ format: z.enum(['json', 'csv']).default('json') });
export const runJournal = z
  .object({
    runId: z.string(),
    ...figureStampShape,
    status: z.enum(['posted', 'posting', 'draft']).describe('`draft`: what posting it now would book'),
    againstRunId: z.string().nullable().describe('the run posted before for the same kinds; null = the opening is zero'),
    currency: z.string(),
    opening: moneySchema,
    legs: z.array(leg),
    closing: moneySchema,
    impairmentLoss: moneySchema.describe('the legs that go through profit or loss as impairment; a charge is positive'),
    recoveries: moneySchema.describe('received on what had been written off: income of the same line, no movement of the allowance'),
    lines: z.array(journalLine),
  })
  .meta({ id: 'RunJournal' });

export const postedRun = z.object({
  id: z.string(),
  status: z.enum(['queued', 'posted']),
  againstRunId: z.string().nullable(),
});
