import { VersionConflict, type EventStore, type Position } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ProvisionCalculator } from '../calculate/provision-calculator';
import type { newEvent } from '../event-data';
import { closeOutcome } from './close-outcome';
import { CLOSE_CATEGORY, foldClose, type CloseState } from './close.fold';

/** Computes a close at the latest settled position and records what changed. */
@Injectable()
export class CloseComputer {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(ProvisionCalculator) private readonly calculator: ProvisionCalculator,
  ) {}

  read(tenantId: number, asOf: string): Promise<{ close: CloseState | null; position: Position }> {
    return this.store.database.read(tenantId, async (tx) => ({
      close: foldClose(await this.store.readStream(tx, CLOSE_CATEGORY, asOf)),
      position: (await this.store.latestSettled(tx)).position,
    }));
  }

  /**
   * `superseded` when the close moved on meanwhile: its figures were read for an earlier state, so the caller comes back later.
   * The position is the latest settled one and not that of the request: facts that settled in between were announced before the
   * close existed, and nobody would recompute it for them.
   */
  async compute(tenantId: number, close: CloseState, position: Position): Promise<'unchanged' | 'changed' | 'superseded'> {
    const figures = await this.calculator.close({ tenantId, asOf: close.asOf, position }, close.pending ? null : close.snapshot);
    const events = closeOutcome(close, position, figures);
    if (events.length === 0) return 'unchanged';
    return (await this.record(tenantId, close, events)) ? 'changed' : 'superseded';
  }

  /** False when the close moved on meanwhile. */
  async record(tenantId: number, close: CloseState, events: readonly ReturnType<typeof newEvent>[]): Promise<boolean> {
    const { requestedBy: principalId, correlationId, requestPosition: causationPosition } = close;
    try {
      const appended = await this.store.appendSingle(
        { tenantId, principalId, correlationId, causationPosition },
        { category: CLOSE_CATEGORY, key: close.asOf, expectedVersion: close.version, events },
      );
      await this.store.settle(appended.lastPosition);
      return true;
    } catch (error) {
      if (error instanceof VersionConflict) return false;
      throw error;
    }
  }
}
