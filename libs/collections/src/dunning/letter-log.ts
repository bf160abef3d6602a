import { Inject, Injectable } from '@nestjs/common';
import type { EventContext, EventStore, NewEvent, Tx } from '@app/event-store';
import { CLOCK, type Clock, EVENT_STORE, Refusal } from '@app/platform';
import { appendAndSettle } from '../append-and-settle';
import { businessDateOf } from '../business-date';
import { dataOf } from '../event-data';
import { DUNNING, letterById, type LetterRow } from './letter-table';
import { letterNotFound } from './letters.queries.handlers';
import { whenDunningIsCurrent } from './project-dunning.processor';

/** A letter as its own stream tells it. */
export interface StreamedLetter {
  readonly letterId: string;
  readonly debtorId: string;
  readonly level: number;
  readonly channel: 'letter' | 'email';
  readonly issuedOn: string;
  readonly state: 'issued' | 'sending' | 'sent' | 'failed' | 'withdrawn';
}

const STATES: Readonly<Record<string, StreamedLetter['state']>> = {
  DunningLetterSending: 'sending',
  DunningLetterSent: 'sent',
  DunningLetterFailed: 'failed',
  DunningLetterWithdrawn: 'withdrawn',
};

/** Changes letters: what becomes of one is decided on the debtor's stream, so two who say it at once cannot both be right. */
@Injectable()
export class LetterLog {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** As the table has it once everything settled so far is in it. @throws Refusal `dunning-letter-not-found` */
  async letter(tenantId: number, letterId: string): Promise<LetterRow> {
    const { database } = this.store;
    await whenDunningIsCurrent(database, tenantId, (await database.read(tenantId, (tx) => this.store.latestSettled(tx))).position);
    const found = await database.read(tenantId, (tx) => letterById(tx, tenantId, letterId));
    if (found === undefined) throw letterNotFound(letterId);
    return found;
  }

  /** Null from `decide` writes nothing. @throws Refusal `dunning-letter-not-found` */
  async change(
    context: EventContext,
    letterId: string,
    decide: (letter: StreamedLetter, now: { readonly tx: Tx; readonly today: string }) => Promise<NewEvent | null>,
  ): Promise<boolean> {
    const { tenantId } = context;
    const { debtor_id: debtorId } = await this.letter(tenantId, letterId);
    return appendAndSettle(this.store, context, async (tx) => {
      const events = await this.store.readStream(tx, DUNNING, debtorId);
      let letter: StreamedLetter | undefined;
      for (const event of events) {
        if (event.data['letterId'] !== letterId) continue;
        if (event.type === 'DunningLetterIssued') {
          const { level, channel } = dataOf('DunningLetterIssued', event);
          letter = { letterId, debtorId, level, channel, issuedOn: event.effectiveOn, state: 'issued' };
        } else if (letter !== undefined) letter = { ...letter, state: STATES[event.type] ?? letter.state };
      }
      if (letter === undefined) throw letterNotFound(letterId);
      const event = await decide(letter, { tx, today: await businessDateOf(tx, this.clock, tenantId) });
      const append = event === null ? [] : [{ category: DUNNING, key: debtorId, expectedVersion: events.length, events: [event] }];
      return { appends: append, result: event !== null };
    });
  }
}

/** @throws Refusal `dunning-letter-sent-already`, `dunning-letter-withdrawn` */
export function refuseIfOver({ letterId, state }: StreamedLetter): void {
  if (state === 'sent') throw new Refusal('dunning-letter-sent-already', `Dunning letter ${letterId} has gone out already.`);
  if (state === 'withdrawn') throw new Refusal('dunning-letter-withdrawn', `Dunning letter ${letterId} was withdrawn.`);
}
