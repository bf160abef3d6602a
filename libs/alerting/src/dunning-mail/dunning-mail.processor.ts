import { Injectable } from '@nestjs/common';
import type { Processor, StoredEvent, Tx } from '@app/event-store';
import { Intents } from '@app/platform';

/** The job that sends one dunning letter by email. */
export const SEND_DUNNING_MAIL = 'send-dunning-mail';

/** Hears that a letter is to go out by email. The checkpoint and the intent are one transaction, so none is forgotten. */
@Injectable()
export class DunningMailProcessor implements Processor {
  readonly name = 'alerting-dunning-mail';
  readonly lanes = 1;
  readonly eventTypes = ['DunningLetterIssued'];
  readonly onError = 'park' as const;

  constructor(private readonly intents: Intents) {}

  async apply(tx: Tx, page: { tenantId: number; events: () => Promise<StoredEvent[]> }): Promise<void> {
    for (const { data } of await page.events()) {
      const { channel, letterId } = data;
      if (channel !== 'email' || typeof letterId !== 'string') continue;
      await this.intents.request(tx, page.tenantId, { kind: SEND_DUNNING_MAIL, key: letterId, payload: {} });
    }
  }
}
