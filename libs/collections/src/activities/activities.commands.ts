import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import type { ACTIVITY_CHANNELS } from '../events/activities';

export type ActivityType = (typeof ACTIVITY_CHANNELS)[number];

/**
 * Records what somebody did about a debtor.
 * @throws Refusal `debtor-not-found`, `receivable-unknown`, `debtor-mismatch`, `contact-not-found`, `date-in-future`, `next-contact-in-the-past`
 */
export class RecordActivityCommand extends Command<{ id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly debtorId: string,
    readonly activity: {
      readonly type: ActivityType;
      /** left out = today. */
      readonly on?: string | undefined;
      readonly note: string | null;
      readonly contactId: string | null;
      readonly receivableIds: readonly string[];
      readonly nextContactOn: string | null;
    },
  ) {
    super();
  }
}
