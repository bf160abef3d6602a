import { KINDS_WITH_ECL } from '@app/credit-domain';
import { z } from 'zod';
import { currencyCodeSchema, figureStampShape, instantSchema, localDateSchema, moneySchema } from '../http';
import { journalLine } from './journal.schemas';
import { figures, kindFigures, provisionResultShape } from './provision-result.schemas';

const IDENTIFIER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const TEXT_LENGTH_MAX = 200;

export const identifierParams = z.strictObject({ id: z.string().regex(IDENTIFIER, 'Expected an id of letters, digits, ".", "_" and "-"') });
export const kindSchema = z.enum(KINDS_WITH_ECL as [string, ...string[]]);
const problem = z.object({ code: z.string(), detail: z.string(), errors: z.array(z.looseObject({ code: z.string() })) });
const warning = z.object({ code: z.string(), detail: z.string() });
export const requestRunBody = z.strictObject({
  asOf: localDateSchema,
  knownAt: instantSchema.optional().describe('default now'),
  kinds: z.array(kindSchema).min(1).max(KINDS_WITH_ECL.length).optional().describe('default every kind that has exposure'),
  scheme: z.string().max(TEXT_LENGTH_MAX).optional().describe('default that of the loss-rate set in force for each kind'),
  currency: currencyCodeSchema.optional().describe('presentation currency of the totals'),
});
export const requestedRun = z.object({ id: z.string(), status: z.literal('queued'), ...figureStampShape });

const lifecycle = z
  .enum(['computed', 'approved', 'posted', 'superseded'])
  .nullable()
  .describe('what people did with a completed run; null before. `superseded`: another run of the same scope was approved after it');
const runSignature = z.object({ by: z.string(), at: z.string().meta({ format: 'date-time' }), position: z.int() });

export const approveRunBody = z
  .strictObject({ hash: z.string().max(64).optional().describe('hash of the figures that were looked at; refuses to approve others') })
  .default({});
export const approvedRun = z.object({
  id: z.string(),
  status: z.enum(['approved', 'posted']),
  hash: z.string(),
  superseded: z.array(z.string()).describe('runs this approval has replaced'),
});

export const provisionRun = z
  .object({
    id: z.string(),
    status: z.enum(['queued', 'running', 'completed', 'failed']),
    lifecycle,
    approval: runSignature.nullable(),
    posting: runSignature.nullable(),
    supersededBy: z.string().nullable(),
    ...figureStampShape,
    requestedBy: z.string(),
    requestedAt: z.string().meta({ format: 'date-time' }),
    finishedAt: z.string().nullable().meta({ format: 'date-time' }),
    hash: z.string().nullable().describe('SHA-256 over inputs and outputs'),
    ...provisionResultShape,
    journal: z.array(journalLine).describe('as posted; of a small book that is not posted yet a draft against the run posted before'),
    problem: problem.nullable().describe('why the run failed'),
  })
  .meta({ id: 'ProvisionRun' });
export const provisionRunSummary = z.object({
  id: z.string(),
  status: z.enum(['queued', 'running', 'completed', 'failed']),
  lifecycle,
  ...figureStampShape,
  requestedBy: z.string(),
  requestedAt: z.string().meta({ format: 'date-time' }),
  hash: z.string().nullable(),
  total: z.object({ gross: moneySchema, allowance: moneySchema, net: moneySchema }).nullable(),
  problemCode: z.string().nullable(),
});
export const requestCloseBody = z.strictObject({ asOf: localDateSchema });
export const requestedClose = z.object({
  id: z.string(),
  status: z.literal('queued'),
  asOf: z.string().meta({ format: 'date' }),
  position: z.int(),
});
const closeStatus = z.enum(['queued', 'running', 'completed', 'failed']);
export const close = z
  .object({
    id: z.string(),
    asOf: z.string().meta({ format: 'date' }),
    status: closeStatus,
    position: z.int().nullable().describe('position of the log the figures were computed at'),
    requestedBy: z.string(),
    requestedAt: z.string().meta({ format: 'date-time' }),
    computedAt: z.string().nullable().meta({ format: 'date-time' }),
    currency: z.string().nullable(),
    ageing: z.array(
      z.object({
        scheme: z.string(),
        basis: z.enum(['recognition', 'invoice', 'due']),
        total: moneySchema,
        buckets: z.array(
          z.object({
            label: z.string(),
            amount: moneySchema,
            share: z.string().nullable().describe('of the total; null when the book is empty'),
          }),
        ),
      }),
    ),
    allowance: z
      .object({
        resultHash: z.string(),
        ...figures,
        coverage: z.string().nullable().describe('allowance / gross; null when there is no exposure'),
        kinds: z.array(kindFigures.extend({ coverage: z.string().nullable() })),
        stages: z.array(
          z.object({ kind: z.string(), segment: z.string(), stage: z.int().min(1).max(3), gross: moneySchema, allowance: moneySchema }),
        ),
        buckets: z.array(
          z.object({
            kind: z.string(),
            scheme: z.string(),
            segment: z.string(),
            bucket: z.string(),
            rate: z.string(),
            gross: moneySchema,
            allowance: moneySchema,
          }),
        ),
      })
      .nullable()
      .describe('null while there is none; `provisionProblem` says why'),
    provisionProblem: problem.nullable(),
    problem: problem.nullable().describe('why the close has no figures at all'),
    warnings: z.array(warning),
  })
  .meta({ id: 'Close' });
export const closeSummary = z.object({
  id: z.string(),
  asOf: z.string().meta({ format: 'date' }),
  status: closeStatus,
  position: z.int().nullable(),
  gross: moneySchema.nullable(),
  allowance: moneySchema.nullable(),
  problemCode: z.string().nullable(),
});
