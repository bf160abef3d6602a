import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { CloseFigures, RuleDefinition } from '@app/credit-domain';
import { isSignal } from '@app/credit-domain';
import type { Tx } from '@app/event-store';
import { ReadSealedFiguresQuery } from '@app/provisioning';
import { sealedRunFigures } from './close-figures';

/** The sealed runs of the book, read only where a rule compares with them: each carries all its lines. */
@Injectable()
export class SealedRuns {
  constructor(private readonly queries: QueryBus) {}

  async read(tx: Tx, tenantId: number, definitions: readonly RuleDefinition[]): Promise<CloseFigures[]> {
    const areAsked = definitions.some((definition) => !isSignal(definition) && definition.base === 'last-sealed-run');
    return areAsked ? (await this.queries.execute(new ReadSealedFiguresQuery(tx, tenantId))).map(sealedRunFigures) : [];
  }
}
