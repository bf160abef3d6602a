import { Inject, Injectable } from '@nestjs/common';
import { type IQueryHandler, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { localDate, translationAt, type WorkSnapshot } from '@app/credit-domain';
import { waitForProcessor, type EventStore, type Position } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { GetPresentationCurrencyQuery, ReadDebtorStandingsQuery, ReadFxRatesQuery } from '@app/receivables';
import { DEBTOR_GROUP, foldGroups } from '../limits/debtor-group.fold';
import type { DebtorGroup } from '../limits/limits.queries';
import { groupBands } from './group-bands';
import { WORKLIST_PROCESSOR } from './project-work-facts.processor';
import { type Ranked, type RankFacts, rankWorklist, snapshotOfDebtor, workItem } from './rank-worklist';
import { type RankedList, RankedLists } from './ranked-lists';
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
    const translation = translationAt(rates, localDate(asOf));
    const recorded = await database.read(tenantId, async (tx) => ({
      policy: foldWorklistPolicy(await this.store.readStream(tx, WORKLIST_POLICY, THE_POLICY, position)),
      work: await readWork(tx, tenantId, { asOf, position, debtorIds }),
      groups: foldGroups(await this.store.readCategory(tx, DEBTOR_GROUP, position), asOf),
    }));
    const concerned = ({ limit, members }: DebtorGroup): boolean =>
      limit !== null && (debtorIds === undefined || members.some((id) => debtorIds.includes(id)));
    const groups = await groupBands(this.queries, recorded.groups.filter(concerned), { tenantId, asOf, position, translation });
    return { ...recorded, groups, asOf: localDate(asOf), knownAt: known.knownAt, position, currency, translation };
  }

  /** The moment a list is read at: the position of its first page, or what is known now or was at the moment asked for. */
  async moment(
    tenantId: number,
    { knownAt, position }: Pick<WorklistRequest, 'knownAt' | 'position'>,
  ): Promise<{ knownAt: string; position: Position }> {
    const known = await this.store.database.read(tenantId, (tx) => this.store.resolveKnownAt(tx, knownAt));
    return { knownAt: known.knownAt, position: position ?? known.position };
  }

  /** How one debtor stands on a day. */
  async snapshot(tenantId: number, debtorId: string, asOf: string): Promise<WorkSnapshot> {
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
    private readonly lists: RankedLists,
    private readonly queries: QueryBus,
  ) {}

  async execute({ tenantId, request }: ReadWorklistQuery): Promise<Worklist> {
    const { asOf, page } = request;
    const { knownAt, position } = await this.reader.moment(tenantId, request);
    const list = await this.lists.get({ tenantId, asOf, position }, () => this.#rank(tenantId, { asOf, position }));
    const { ranked, halfAmount } = list;
    const facts = { ...list.facts, knownAt };
    const asked = ranked.filter((debtor) => isAsked(debtor, request));
    const shown = page === undefined ? asked : asked.slice(0, page.limit);
    return {
      ...{ asOf, knownAt: facts.knownAt, position, currency: facts.currency, halfAmount },
      items: shown.map((debtor) => workItem(debtor, facts)),
      hasMore: shown.length < asked.length,
    };
  }

  /** All of them, whoever is asked for: what a debtor's amount is worth depends on the average of the book. */
  async #rank(tenantId: number, { asOf, position }: { readonly asOf: string; readonly position: Position }): Promise<RankedList> {
    const facts = await this.reader.facts(tenantId, { asOf, position });
    const standings = await this.queries.execute(new ReadDebtorStandingsQuery(tenantId, { asOf, position, overdueOnly: true }));
    return { facts, ...rankWorklist(standings, facts) };
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
