import { Inject, Injectable } from '@nestjs/common';
import { type IQueryHandler, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { localDate, translationAt, type WorkSnapshot } from '@app/credit-domain';
import { waitForProcessor, type EventStore, type Position } from '@app/event-store';
import { CLOCK, type Clock, EVENT_STORE } from '@app/platform';
import { GetPresentationCurrencyQuery, ReadDebtorStandingsQuery, ReadFxRatesQuery } from '@app/receivables';
import { WORKLIST_PROCESSOR } from './project-work-facts.processor';
import { type Ranked, type RankFacts, rankWorklist, snapshotOfDebtor, workItem } from './rank-worklist';
import { readWork } from './work-facts';
import { foldWorklistPolicy, THE_POLICY, WORKLIST_POLICY, type WorklistPolicy } from './worklist-policy.fold';
import { GetWorklistPolicyQuery, ReadWorklistQuery, type Worklist, type WorklistRequest } from './worklist.messages';

const READ_WAIT_MS_MAX = 10_000;
/** Debtors in nobody's hands. */
export const NOBODY = 'nobody';

/** Gathers what a list is ranked by. */
@Injectable()
export class WorklistReader {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly queries: QueryBus,
  ) {}

  async facts(
    tenantId: number,
    request: Pick<WorklistRequest, 'asOf' | 'knownAt' | 'position' | 'debtorIds'>,
  ): Promise<RankFacts & { position: Position }> {
    const { asOf, knownAt, debtorIds } = request;
    const { database } = this.store;
    const known = await database.read(tenantId, (tx) => this.store.resolveKnownAt(tx, knownAt));
    const position = request.position ?? known.position;
    await waitForProcessor(database, WORKLIST_PROCESSOR, tenantId, position, READ_WAIT_MS_MAX);
    const currency = await this.queries.execute(new GetPresentationCurrencyQuery(tenantId, undefined, position));
    const rates = await this.queries.execute(new ReadFxRatesQuery(tenantId, { asOf, position }));
    return database.read(tenantId, async (tx) => ({
      ...{ asOf: localDate(asOf), knownAt: known.knownAt, position, currency, translation: translationAt(rates, localDate(asOf)) },
      policy: foldWorklistPolicy(await this.store.readStream(tx, WORKLIST_POLICY, THE_POLICY, position)),
      work: await readWork(tx, tenantId, { asOf, position, debtorIds }),
    }));
  }

  /** How one debtor stands today. */
  async snapshot(tenantId: number, debtorId: string): Promise<WorkSnapshot> {
    const asOf = this.clock.today();
    const facts = await this.facts(tenantId, { asOf, debtorIds: [debtorId] });
    const request = { asOf, position: facts.position, debtorIds: [debtorId] };
    const [standing] = await this.queries.execute(new ReadDebtorStandingsQuery(tenantId, request));
    return snapshotOfDebtor(standing, facts, debtorId);
  }
}

@QueryHandler(ReadWorklistQuery)
export class ReadWorklistHandler implements IQueryHandler<ReadWorklistQuery> {
  constructor(
    private readonly reader: WorklistReader,
    private readonly queries: QueryBus,
  ) {}

  async execute({ tenantId, request }: ReadWorklistQuery): Promise<Worklist> {
    const { asOf, page } = request;
    const facts = await this.reader.facts(tenantId, { ...request, debtorIds: undefined });
    const { position } = facts;
    // All of them, whoever is asked for: what a debtor's amount is worth depends on the average of the book.
    const standings = await this.queries.execute(new ReadDebtorStandingsQuery(tenantId, { asOf, position, overdueOnly: true }));
    const { ranked, halfAmount } = rankWorklist(standings, facts);
    const asked = ranked.filter((debtor) => isAsked(debtor, request));
    const shown = page === undefined ? asked : asked.slice(0, page.limit);
    return {
      ...{ asOf, knownAt: facts.knownAt, position, currency: facts.currency, halfAmount },
      items: shown.map((debtor) => workItem(debtor, facts)),
      hasMore: shown.length < asked.length,
    };
  }
}

function isAsked(debtor: Ranked, { controller, withPutOff = false, debtorIds, page }: WorklistRequest): boolean {
  const { debtorId } = debtor.standing;
  if (debtor.putOff !== null && !withPutOff) return false;
  if (controller !== undefined && debtor.controllerId !== (controller === NOBODY ? null : controller)) return false;
  if (debtorIds !== undefined && !debtorIds.includes(debtorId)) return false;
  const after = page?.after;
  return after === undefined || debtor.tenths < after.tenths || (debtor.tenths === after.tenths && debtorId > after.debtorId);
}

@QueryHandler(GetWorklistPolicyQuery)
export class GetWorklistPolicyHandler implements IQueryHandler<GetWorklistPolicyQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId }: GetWorklistPolicyQuery): Promise<WorklistPolicy> {
    return this.store.database.read(tenantId, async (tx) => {
      const { position } = await this.store.latestSettled(tx);
      return foldWorklistPolicy(await this.store.readStream(tx, WORKLIST_POLICY, THE_POLICY, position));
    });
  }
}
