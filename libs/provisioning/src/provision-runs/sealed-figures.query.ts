import { Query } from '@nestjs/cqrs';
import type { Tx } from '@app/event-store';
import type { ProvisionRecomputedData } from '../events';

/** The figures of a sealed run as a close holds them: over all entities and currencies, in the presentation currency. */
export type SealedFigures = Pick<ProvisionRecomputedData, 'asOf' | 'currency' | 'kinds' | 'buckets' | 'stages'>;

/** Of every date with an approved run of the whole book the figures of the one approved last, in the transaction of whoever asks. */
export class ReadSealedFiguresQuery extends Query<SealedFigures[]> {
  constructor(
    readonly tx: Tx,
    readonly tenantId: number,
  ) {
    super();
  }
}
