import type { EventStore, Position } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { hashOf, positionNumber } from '../event-data';
import { readPolicy } from '../policy/read-policy';
import { BookReading } from './book-reading';
import { calculateProvision, type ProvisionOutput, type ProvisionRequest } from './calculate-provision';
import type { Attempt } from './problem';
import { takeSnapshot, type SnapshotOutput } from './take-snapshot';

export interface Hashed {
  readonly output: ProvisionOutput;
  readonly hash: string;
}

/** Figures of one tenant's book at one (asOf, position): for a run its provision, for a close the age mix as well. */
@Injectable()
export class ProvisionCalculator {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async provision(at: { tenantId: number; asOf: string; position: Position }, request: ProvisionRequest): Promise<Attempt<Hashed>> {
    const book = new BookReading(this.queries, at.tenantId, at.asOf, at.position);
    return this.hashedProvision(book, request);
  }

  /** The snapshot and the provision of a close, from one reading. */
  async close(at: {
    tenantId: number;
    asOf: string;
    position: Position;
  }): Promise<{ snapshot: Attempt<SnapshotOutput>; provision: Attempt<Hashed> }> {
    const book = new BookReading(this.queries, at.tenantId, at.asOf, at.position);
    const policy = await this.policyAt(at);
    const snapshot = await takeSnapshot(book, policy);
    const provision = await this.hashedProvision(book, { kinds: null, scheme: null, currency: null });
    return { snapshot, provision };
  }

  private async hashedProvision(book: BookReading, request: ProvisionRequest): Promise<Attempt<Hashed>> {
    const output = await calculateProvision(book, await this.policyAt(book), request);
    return output.ok ? { ok: true, value: { output: output.value, hash: provisionHash(book, output.value) } } : output;
  }

  private policyAt({ tenantId, position }: { tenantId: number; position: Position }): ReturnType<typeof readPolicy> {
    return this.store.database.read(tenantId, (tx) => readPolicy(this.store, tx, position));
  }
}

/**
 * Seals what went in (date, position, schemes, rate sets, assessments, exchange rates, engine) and what came out. The sentences of
 * warnings are left out: rewording one must not break the seal of a run.
 */
export function provisionHash(at: { asOf: string; position: Position }, output: ProvisionOutput): string {
  const { currency, inputs, collective, individual, totals, total } = output;
  return hashOf({ asOf: at.asOf, position: positionNumber(at.position), currency, inputs, collective, individual, totals, total });
}
