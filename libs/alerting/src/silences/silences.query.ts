import { Query } from '@nestjs/cqrs';
import type { ListFrom, ListPage } from '../list-alerts/list-alerts.query';
import type { RecordedSilence } from './silence';

/** Silences, also those that have ended; newest first. */
export class ListSilencesQuery extends Query<ListPage<RecordedSilence>> {
  constructor(
    readonly tenantId: number,
    readonly from: ListFrom | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
