import { Controller, Get, Inject, Query } from '@nestjs/common';
import { type Database, type EventStore, sealHead } from '@app/event-store';
import { DATABASE, EVENT_STORE, type RequestContext } from '@app/platform';
import { z } from 'zod';
import { Context, Permit, positionNumber, Returns } from '../http';
import { recheckEvents } from './recheck-events';

const RECHECKED_EVENTS_MAX = 10_000;
const RECHECKED_EVENTS_DEFAULT = 1_000;

const integrityQuery = z.strictObject({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().describe('hash again from here; default the latest events'),
  limit: z.coerce.number().int().min(1).max(RECHECKED_EVENTS_MAX).default(RECHECKED_EVENTS_DEFAULT).describe('events to hash again'),
});

const seal = z
  .object({
    number: z.int(),
    toPosition: z.int(),
    root: z.string().describe('hexadecimal; keep it outside of this system and compare it with a later one'),
    sealedAt: z.string().meta({ format: 'date-time' }),
  })
  .meta({ id: 'Seal' });

const integrity = z.object({
  ok: z.boolean().describe('whether every event that was hashed again is what was recorded'),
  position: z.int().describe('settled position of the log'),
  settledAt: z.string().meta({ format: 'date-time' }),
  head: seal.nullable().describe('the latest seal of the chain; null before the first'),
  unsealed: z.int().describe('positions settled after the latest seal'),
  checked: z.object({
    events: z.int(),
    fromPosition: z.int().nullable(),
    toPosition: z.int().nullable().describe('pass as `after` to go on'),
    altered: z.array(z.object({ position: z.int(), detail: z.string() })),
  }),
});

@Controller('v1/integrity')
export class IntegrityController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  @Get()
  @Permit('auditor')
  @Returns({
    summary: 'Show how far the log is settled and sealed, and hash events of the tenant again',
    description:
      '`arrears verify` recomputes every hash and every seal of the log; compare its head with this one and with the heads kept outside.',
    body: integrity,
  })
  async show(
    @Context() { tenantId }: RequestContext,
    @Query({ schema: integrityQuery }) { after, limit }: z.output<typeof integrityQuery>,
  ): Promise<z.input<typeof integrity>> {
    const head = await sealHead(this.database);
    return this.database.read(tenantId, async (tx) => {
      const { position, settledAt } = await this.store.latestSettled(tx);
      const range = { after: after === undefined ? undefined : BigInt(after), upTo: position, limit };
      const { events, first, last, altered } = await recheckEvents(tx, tenantId, range);
      return {
        ok: altered.length === 0,
        position: positionNumber(position),
        settledAt,
        head:
          head === null
            ? null
            : {
                number: positionNumber(head.sealNo),
                toPosition: positionNumber(head.toPosition),
                root: head.root,
                sealedAt: head.sealedAt,
              },
        unsealed: positionNumber(position - (head?.toPosition ?? 0n)),
        checked: {
          events,
          fromPosition: first === null ? null : positionNumber(first),
          toPosition: last === null ? null : positionNumber(last),
          altered: altered.map(({ position: at, detail }) => ({ position: positionNumber(at), detail })),
        },
      };
    });
  }
}
