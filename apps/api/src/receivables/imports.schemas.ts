import type { ImportRecord, Upload } from '@app/receivables';
import { IMPORT_KINDS } from '@app/receivables';
import { z } from 'zod';
import { ProblemException, pageQueryShape, pageSchema } from '../http';

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
  asOf: z.string().max(32).optional().describe('open-items only, required there: the date on which the items are open'),
  entity: z.string().max(64).optional().describe('open-items only: the legal entity the list is complete for; default main'),
  kinds: z
    .string()
    .max(200)
    .optional()
    .describe('open-items only: the kinds the list is complete for, separated by commas; default those its rows name'),
  maxVanishedShare: z
    .string()
    .max(16)
    .optional()
    .describe('open-items only: the share of the open amount the list may leave out without being asked, from 0 to 1; 1 confirms it'),
});

const DECLARED = ['asOf', 'entity', 'kinds', 'maxVanishedShare'] as const;

/** What a list of open items declares of itself; a 422 problem where another file does. */
export function declarationOf(kind: string, query: z.output<typeof receiveQuery>): Upload['declaration'] {
  if (kind === 'open-items') {
    const { asOf, entity, kinds, maxVanishedShare } = query;
    return { asOf, entityId: entity, kinds: kinds?.split(',').map((each) => each.trim()), maxVanishedShare };
  }
  const field = DECLARED.find((name) => query[name] !== undefined);
  if (field === undefined) return undefined;
  const detail = `Only a list of open items declares ${field}.`;
  throw new ProblemException({ code: 'validation-failed', status: 422, detail, errors: [{ code: 'validation-failed', detail, field }] });
}

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
    openItems: z
      .object({
        asOf: z.string().meta({ format: 'date' }),
        entityId: z.string(),
        kinds: z.array(z.string()).nullable().describe('null: the kinds its rows name'),
        vanished: z
          .int()
          .nullable()
          .describe('items of the book the list does not name, settled as unclassified; null where they were left alone'),
        heldBack: z
          .object({ items: z.int(), share: z.string() })
          .nullable()
          .describe(
            'items left alone because they are a larger share of the open amount than may vanish unasked: send the list again with maxVanishedShare=1',
          ),
      })
      .nullable()
      .describe('of a list of open items, what it is complete for'),
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
    openItems: openItemsOf(found),
  };
}

function openItemsOf({ asOf, entityId, kinds, vanished, heldBackItems, heldBackShare }: ImportRecord): ImportStatusAnswer['openItems'] {
  if (asOf === null || entityId === null) return null;
  const heldBack = heldBackItems === null || heldBackShare === null ? null : { items: heldBackItems, share: heldBackShare };
  return { asOf, entityId, kinds: kinds === null ? null : [...kinds], vanished, heldBack };
}
