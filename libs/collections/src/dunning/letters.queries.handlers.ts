import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryBus, QueryHandler } from '@nestjs/cqrs';
import type { EventStore } from '@app/event-store';
import { CLOCK, type Clock, EVENT_STORE, Refusal } from '@app/platform';
import { GetDebtorQuery, ReadOutstandingQuery } from '@app/receivables';
import { dataOf } from '../event-data';
import { DUNNING_POLICY, policyVersion } from './dunning-policy.fold';
import { letterById, DUNNING, type LetterRow } from './letter-table';
import { LETTER_STYLE_HASH, letterText } from './letter-text';
import { ListDunningLettersQuery, type LetterView, WriteDunningLetterQuery, type WrittenLetter } from './letters.commands';
import { whenDunningIsCurrent } from './project-dunning.processor';

@QueryHandler(ListDunningLettersQuery)
export class ListDunningLettersHandler implements IQueryHandler<ListDunningLettersQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly queries: QueryBus,
  ) {}

  async execute({ tenantId, request }: ListDunningLettersQuery): Promise<readonly LetterView[]> {
    const { database } = this.store;
    await whenDunningIsCurrent(database, tenantId, (await database.read(tenantId, (tx) => this.store.latestSettled(tx))).position);
    const { debtorId = null, runId = null, states = null, before = null, limit } = request;
    const rows = await database.read(tenantId, (tx) =>
      tx.query<LetterRow>(
        `SELECT * FROM cl.dunning_letter
         WHERE tenant_id = $1 AND ($2::text IS NULL OR debtor_id = $2) AND ($3::uuid IS NULL OR run_id = $3)
           AND ($4::text[] IS NULL OR state = ANY($4)) AND ($5::bigint IS NULL OR position < $5)
         ORDER BY position DESC LIMIT $6`,
        [tenantId, debtorId, runId, states, before, limit],
      ),
    );
    const asked = rows.filter(isUnsent).flatMap((row) => row.receivable_ids);
    const outstanding = await this.queries.execute(new ReadOutstandingQuery(tenantId, asked));
    return rows.map((row) => viewOf(row, outstanding));
  }
}

@QueryHandler(WriteDunningLetterQuery)
export class WriteDunningLetterHandler implements IQueryHandler<WriteDunningLetterQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly queries: QueryBus,
  ) {}

  async execute({ tenantId, letterId }: WriteDunningLetterQuery): Promise<WrittenLetter> {
    const { database } = this.store;
    await whenDunningIsCurrent(database, tenantId, (await database.read(tenantId, (tx) => this.store.latestSettled(tx))).position);
    const { row, issued, level } = await database.read(tenantId, async (tx) => {
      const found = await letterById(tx, tenantId, letterId);
      if (found === undefined) throw letterNotFound(letterId);
      const event = (await this.store.readStream(tx, DUNNING, found.debtor_id)).find(
        ({ type, data }) => type === 'DunningLetterIssued' && data['letterId'] === letterId,
      );
      if (event === undefined) throw letterNotFound(letterId);
      const policy = policyVersion(await this.store.readStream(tx, DUNNING_POLICY, found.policy_id), found.policy_version);
      const ofLetter = policy?.levels.find((candidate) => candidate.level === found.level);
      if (ofLetter === undefined) throw new Error(`Letter ${letterId} names a level that its policy never had.`);
      return { row: found, issued: dataOf('DunningLetterIssued', event), level: ofLetter };
    });
    const debtor = await this.queries.execute(new GetDebtorQuery({ tenantId, asOf: this.clock.today() }, row.debtor_id));
    const texts = letterText(issued, row.as_of, level, debtor.name ?? row.debtor_id);
    const outstanding = await this.queries.execute(new ReadOutstandingQuery(tenantId, isUnsent(row) ? row.receivable_ids : []));
    return { ...viewOf(row, outstanding), ...texts, mailChannelId: issued.mailChannelId, styleHash: LETTER_STYLE_HASH };
  }
}

export function letterNotFound(letterId: string): Refusal {
  return new Refusal('dunning-letter-not-found', `There is no dunning letter ${letterId}.`);
}

/** It may still go out, or nobody has said that it did. */
function isUnsent({ state }: LetterRow): boolean {
  return state !== 'sent' && state !== 'withdrawn';
}

function viewOf(row: LetterRow, outstanding: ReadonlyMap<string, bigint>): LetterView {
  return {
    ...{ letterId: row.letter_id, debtorId: row.debtor_id, runId: row.run_id, policyId: row.policy_id, policyVersion: row.policy_version },
    ...{ level: row.level, channel: row.channel, issuedOn: row.as_of, state: row.state, sentOn: row.sent_on, failure: row.failure },
    total: { minor: row.total, currency: row.currency },
    fee: row.fee === null || row.fee_currency === null ? null : { minor: row.fee, currency: row.fee_currency },
    ...{ receivableIds: row.receivable_ids, position: row.position },
    nothingOwed: isUnsent(row) && row.receivable_ids.every((receivableId) => (outstanding.get(receivableId) ?? 0n) <= 0n),
  };
}
