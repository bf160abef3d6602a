import { Controller, Get, Inject } from '@nestjs/common';
import type { Database, EventStore, Position } from '@app/event-store';
import { DATABASE, EVENT_STORE, type RequestContext } from '@app/platform';
import { z } from 'zod';
import { Context, Permit, positionNumber, Returns } from '../http';

const seal = z
  .object({
    number: z.int(),
    fromPosition: z.int(),
    toPosition: z.int(),
    eventCount: z.int(),
    root: z.string().describe('hexadecimal; keep it outside of this system and compare it with a later one'),
    sealedAt: z.string().meta({ format: 'date-time' }),
  })
  .meta({ id: 'Seal' });

const integrity = z.object({
  position: z.int().describe('settled position of the log'),
  settledAt: z.string().meta({ format: 'date-time' }),
  head: seal.nullable().describe('the latest seal of the chain; null before the first'),
  unsealed: z.int().describe('positions settled after the latest seal'),
});

interface SealRow {
  seal_no: bigint;
  from_position: Position;
  to_position: Position;
  event_count: number;
  root: Buffer;
  sealed_at: Date;
}

@Controller('v1/integrity')
export class IntegrityController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  @Get()
  @Permit('auditor')
  @Returns({
    summary: 'Show how far the log is settled and sealed',
    description: '`arrears verify` recomputes every hash and seal; compare its head with this one and with the heads kept outside.',
    body: integrity,
  })
  async show(@Context() context: RequestContext): Promise<z.input<typeof integrity>> {
    return this.database.read(context.tenantId, async (tx) => {
      const { position, settledAt } = await this.store.latestSettled(tx);
      const [head] = await tx.query<SealRow>(
        'SELECT seal_no, from_position, to_position, event_count, root, sealed_at FROM es.seal ORDER BY seal_no DESC LIMIT 1',
      );
      return {
        position: positionNumber(position),
        settledAt,
        head: head === undefined ? null : sealOnTheWire(head),
        unsealed: positionNumber(position - (head?.to_position ?? 0n)),
      };
    });
  }
}

function sealOnTheWire(row: SealRow): z.input<typeof seal> {
  return {
    number: positionNumber(row.seal_no),
    fromPosition: positionNumber(row.from_position),
    toPosition: positionNumber(row.to_position),
    eventCount: row.event_count,
    root: row.root.toString('hex'),
    sealedAt: row.sealed_at.toISOString(),
  };
}
