import type { ImportRecord } from '@app/receivables';
import { IMPORT_KINDS } from '@app/receivables';
import { z } from 'zod';
import { pageQueryShape, pageSchema } from '../http';

export const importParams = z.object({ id: z.string().max(64) });
export const importKindParams = z.object({
  kind: z
    .string()
    .max(64)
    .meta({ enum: [...IMPORT_KINDS] }),
});

export const receiveQuery = z.strictObject({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('check only: the same path, taken back at its end'),
});

export const importAccepted = z.object({ id: z.string(), status: z.literal('queued') });

export const importStatus = z
  .object({
    id: z.string(),
    kind: z.enum(IMPORT_KINDS),
    format: z.enum(['csv', 'ndjson']),
    dryRun: z.boolean(),
    status: z.enum(['queued', 'running', 'completed', 'failed']),
    accepted: z.int().describe('rows that became facts'),
    rejected: z.int().describe('rows refused, see `/rejects`'),
    unchanged: z.int().describe('rows that say what is on the books already'),
    rowsDone: z.int(),
    receivedAt: z.string().meta({ format: 'date-time' }),
    startedAt: z.string().meta({ format: 'date-time' }).nullable(),
    endedAt: z.string().meta({ format: 'date-time' }).nullable(),
    failure: z.string().nullable(),
  })
  .meta({ id: 'Import' });
export type ImportStatusAnswer = z.input<typeof importStatus>;

export const listQuery = z.strictObject(pageQueryShape);
export const importPage = pageSchema(importStatus);
export const listCursor = z.tuple([z.string().regex(/^\d{1,18}$/)]);

export function statusOf(found: ImportRecord): ImportStatusAnswer {
  const { accepted, rejected, unchanged } = found;
  return {
    id: found.importId,
    kind: found.kind,
    format: found.format,
    dryRun: found.dryRun,
    status: found.status === 'receiving' ? 'queued' : found.status,
    accepted,
    rejected,
    unchanged,
    rowsDone: accepted + rejected + unchanged,
    receivedAt: found.receivedAt.toISOString(),
    startedAt: found.startedAt?.toISOString() ?? null,
    endedAt: found.endedAt?.toISOString() ?? null,
    failure: found.failure,
  };
}
