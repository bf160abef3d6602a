import { Query } from '@nestjs/cqrs';
import type { Position } from '@app/event-store';
import type { Note } from '../case/notes';
import type { ActivityType } from './activities.commands';

export interface ActivityView {
  readonly id: string;
  readonly debtorId: string;
  readonly type: ActivityType;
  readonly on: string;
  readonly note: Note | null;
  readonly contactId: string | null;
  readonly receivableIds: readonly string[];
  readonly nextContactOn: string | null;
  readonly recordedAt: Date;
  readonly principalId: string;
  readonly position: Position;
  /** of the stream; the cursor of the list. */
  readonly version: number;
}

/** The activities of a debtor, the latest recorded first. Refused `debtor-not-found`. */
export class ListActivitiesQuery extends Query<{ readonly position: Position; readonly items: readonly ActivityView[] }> {
  constructor(
    readonly tenantId: number,
    readonly debtorId: string,
    readonly page: {
      readonly position?: Position | undefined;
      readonly knownAt?: string | undefined;
      readonly below?: number | undefined;
      readonly limit: number;
    },
  ) {
    super();
  }
}
