import type { EventStore, JsonObject, Position } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { hashOf, positionNumber } from '../event-data';
import type { AgeingSnapshotTakenData } from '../events';
import { readPolicy } from '../policy/read-policy';
import { BookReading } from './book-reading';
import { measureProvision, type CalculatedProvision, type ProvisionOutput } from './calculate-provision';
import type { ProvisionRequest } from './gather-input';
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

  /** A provision with how it was measured: what a bridge puts single receivables through. */
  async measured(
    at: { tenantId: number; asOf: string; position: Position },
    request: ProvisionRequest,
  ): Promise<Attempt<CalculatedProvision>> {
    const book = new BookReading(this.queries, at.tenantId, at.asOf, at.position);
    return measureProvision(book, await this.policyAt(book), request);
  }

  /** The snapshot and the provision of a close, from one reading. `earlier`: the snapshot it recomputes; null for an asked-for close. */
  async close(
    at: { tenantId: number; asOf: string; position: Position },
    earlier: AgeingSnapshotTakenData | null,
  ): Promise<{ snapshot: Attempt<SnapshotOutput>; provision: Attempt<Hashed> }> {
    const book = new BookReading(this.queries, at.tenantId, at.asOf, at.position);
    const policy = await this.policyAt(at);
    const snapshot = await takeSnapshot(book, policy, earlier);
    const provision = await this.hashedProvision(book, { kinds: null, scheme: null, currency: null });
    return { snapshot, provision };
  }

  private async hashedProvision(book: BookReading, request: ProvisionRequest): Promise<Attempt<Hashed>> {
    const calculated = await measureProvision(book, await this.policyAt(book), request);
    if (!calculated.ok) return calculated;
    const { output } = calculated.value;
    return { ok: true, value: { output, hash: provisionHash(book, output) } };
  }

  private policyAt({ tenantId, position }: { tenantId: number; position: Position }): ReturnType<typeof readPolicy> {
    return this.store.database.read(tenantId, (tx) => readPolicy(this.store, tx, position));
  }
}

/**
 * Seals what went in (date, position, schemes, policies, exchange rates, engine) and what came out. The sentences of warnings are left out:
 * rewording one must not break the seal of a run. A run of engine '1' is hashed over what that engine recorded, so its record can still be
 * proved unaltered; computing it again gives another engine's figures, which `inputs.engineVersion` tells.
 */
export function provisionHash(at: { asOf: string; position: Position }, output: ProvisionOutput): string {
  const sealed = { asOf: at.asOf, position: positionNumber(at.position) };
  if (output.inputs.engineVersion === '1') return hashOf({ ...sealed, ...recordedByEngine1(output) });
  const { warnings: _, ...figures } = pickFigures(output);
  return hashOf({ ...sealed, ...figures });
}

/** Only what is the output's own: a recorded run carries its id and hash as well. */
function pickFigures(output: ProvisionOutput): ProvisionOutput {
  const { currency, inputs, collective, staged, individual, individualAgeing, overlays, reimbursements, warnings } = output;
  const { shares, carryingByCurrency, totals, total } = output;
  return {
    ...{ currency, inputs, collective, staged, individual, individualAgeing, overlays, reimbursements, warnings },
    ...{ shares, carryingByCurrency, totals, total },
  };
}

/** Without the fields that are defaulted for runs of that engine. */
function recordedByEngine1({ currency, inputs, collective, individual, totals, total }: ProvisionOutput): JsonObject {
  const { engineVersion, matrices, assessmentIds, fxRates } = inputs;
  return {
    currency,
    inputs: { engineVersion, matrices, assessmentIds, fxRates },
    collective: collective.map((line) => without(line, ['baseRate', 'uncoveredRate', 'enhancementId', 'debtorId', 'insured'])),
    individual: individual.map((line) => without(line, ['evidence'])),
    totals: totals.map((kind) => without(kind, ['staged', 'overlays'])),
    total: without(total, ['staged', 'overlays']),
  };
}

function without(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !fields.includes(name)));
}
