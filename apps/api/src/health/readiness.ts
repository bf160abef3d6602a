import { Inject, Injectable } from '@nestjs/common';
import { type Database, type Position, ProjectionBehind, waitForProcessor } from '@app/event-store';
import { DATABASE } from '@app/platform';

/** The processors whose read models answer reads; the api is ready once they have reached the position settled at its start. */
export const READ_MODEL_PROCESSORS = Symbol('read model processors');

const LOOK_MS = 1;

/** Whether the api can answer: the database is there, and the read models know everything that was settled when the api started. */
@Injectable()
export class Readiness {
  private waitingFor: readonly { tenantId: number; processor: string }[] | undefined;
  private position: Position = 0n;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(READ_MODEL_PROCESSORS) private readonly processors: readonly string[],
  ) {}

  /** What is still missing, as sentences; empty = ready. Throws when the database cannot be reached. */
  async missing(): Promise<readonly string[]> {
    const wanted = (this.waitingFor ??= await this.start());
    if (wanted.length === 0) await this.database.statement('SELECT 1 AS alive');
    const behind: typeof wanted = (await Promise.all(wanted.map(async (one) => ((await this.hasArrived(one)) ? [] : [one])))).flat();
    this.waitingFor = behind;
    return behind.map(
      ({ tenantId, processor }) => `${processor} of tenant ${String(tenantId)} has not reached position ${String(this.position)}`,
    );
  }

  private async start(): Promise<readonly { tenantId: number; processor: string }[]> {
    const [settled] = await this.database.statement<{ position: Position }>(
      'SELECT coalesce(max(position), 0) AS position FROM es.settled',
    );
    this.position = settled?.position ?? 0n;
    const tenants = await this.database.statement<{ tenant_id: number }>('SELECT DISTINCT tenant_id FROM ac.api_key ORDER BY tenant_id');
    return tenants.flatMap(({ tenant_id: tenantId }) => this.processors.map((processor) => ({ tenantId, processor })));
  }

  private async hasArrived({ tenantId, processor }: { tenantId: number; processor: string }): Promise<boolean> {
    try {
      await waitForProcessor(this.database, processor, tenantId, this.position, LOOK_MS);
      return true;
    } catch (error) {
      if (error instanceof ProjectionBehind) return false;
      throw error;
    }
  }
}
