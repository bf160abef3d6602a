import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { creditExposure, localDate, translationAt, type CreditExposure, type LimitBand } from '@app/credit-domain';
import type { EventStore, Tx } from '@app/event-store';
import { EVENT_STORE, PersonalDataVault } from '@app/platform';
import { ReadDebtorStandingsQuery, ReadFxRatesQuery, type DebtorStanding } from '@app/receivables';
import { CREDIT_HOLD, foldHolds, type HoldFact } from './credit-hold.fold';
import { DEBTOR_GROUP, foldGroups } from './debtor-group.fold';
import { ListDebtorGroupsQuery, ReadCreditExposuresQuery } from './limits.queries';
import type { CreditExposures, CreditHold, DebtorCreditExposure, DebtorGroup, GroupCreditExposure } from './limits.queries';

const owedBy = ({ balances }: DebtorStanding) => balances.map(({ outstanding, currency }) => ({ minor: outstanding, currency }));

@QueryHandler(ReadCreditExposuresQuery)
export class ReadCreditExposuresHandler implements IQueryHandler<ReadCreditExposuresQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly queries: QueryBus,
    private readonly vault: PersonalDataVault,
  ) {}

  async execute({ tenantId, request }: ReadCreditExposuresQuery): Promise<CreditExposures> {
    const { asOf, bands, page } = request;
    const { known, holds, groups } = await this.#facts(tenantId, request);
    const { position } = known;
    const rates = await this.queries.execute(new ReadFxRatesQuery(tenantId, { asOf, position }));
    const translation = translationAt(rates, localDate(asOf));
    // A band is known only once everybody is measured; a plain page asks for its own debtors alone.
    const pageOfBook = bands === undefined && page !== undefined ? { after: page.after, limit: page.limit + 1 } : undefined;
    const standings = await this.queries.execute(new ReadDebtorStandingsQuery(tenantId, { asOf, position, page: pageOfBook }));
    const isAsked = ({ credit }: { credit: CreditExposure }): boolean => isInBands(credit, bands);
    const measured = standings
      .map((standing) => ({ standing, credit: creditExposure(standing.creditLimit, owedBy(standing), translation) }))
      .filter((line) => isAsked(line) && (page === undefined || line.standing.debtorId > page.after));
    const shown = page === undefined ? measured : measured.slice(0, page.limit);
    const members = pageOfBook === undefined ? standings : await this.#membersOf(tenantId, groups, asOf, position);
    const byId = new Map(members.map((standing) => [standing.debtorId, standing]));
    const opened = await this.#open(
      tenantId,
      holds,
      shown.map(({ standing }) => standing.debtorId),
    );
    return {
      asOf,
      ...known,
      debtors: shown.map(({ standing, credit }): DebtorCreditExposure => {
        const { debtorId, segment } = standing;
        return { debtorId, segment, credit, hold: opened.get(debtorId) ?? null };
      }),
      groups: groups
        .map(({ groupId, name, members: ids, limit }): GroupCreditExposure => {
          const owed = ids.flatMap((id) => owedBy(byId.get(id) ?? NOBODY));
          return { groupId, name, members: ids, credit: creditExposure(limit, owed, translation) };
        })
        .filter(isAsked),
      hasMore: page !== undefined && measured.length > page.limit,
    };
  }

  #facts(tenantId: number, { asOf, knownAt, position: pinned }: ReadCreditExposuresQuery['request']) {
    return this.store.database.read(tenantId, async (tx) => {
      const found = await this.store.resolveKnownAt(tx, knownAt);
      const position = pinned ?? found.position;
      const holds = foldHolds(await this.store.readCategory(tx, CREDIT_HOLD, position), asOf);
      const groups = foldGroups(await this.store.readCategory(tx, DEBTOR_GROUP, position), asOf);
      return { known: { knownAt: found.knownAt, position }, holds, groups };
    });
  }

  async #membersOf(tenantId: number, groups: readonly DebtorGroup[], asOf: string, position: bigint): Promise<DebtorStanding[]> {
    const debtorIds = [...new Set(groups.flatMap(({ members }) => members))];
    return debtorIds.length === 0 ? [] : this.queries.execute(new ReadDebtorStandingsQuery(tenantId, { asOf, position, debtorIds }));
  }

  #open(tenantId: number, holds: ReadonlyMap<string, HoldFact>, debtorIds: readonly string[]): Promise<Map<string, CreditHold>> {
    const facts = debtorIds.flatMap((id) => holds.get(id) ?? []);
    if (facts.length === 0) return Promise.resolve(new Map<string, CreditHold>());
    return this.store.database.read(tenantId, (tx) => openHolds(this.vault, tx, tenantId, facts));
  }
}

const NOBODY: DebtorStanding = { debtorId: '', segment: '', creditImpaired: false, creditLimit: null, balances: [] };

function isInBands(credit: CreditExposure, bands: readonly LimitBand[] | undefined): boolean {
  return bands === undefined || (credit.measured && bands.includes(credit.use.band));
}

/** Holds with their reasons opened, by debtor. */
export async function openHolds(
  vault: PersonalDataVault,
  tx: Tx,
  tenantId: number,
  facts: readonly HoldFact[],
): Promise<Map<string, CreditHold>> {
  const items = facts.map(({ debtorId, personal }) => ({ person: `debtor/${debtorId}`, envelope: personal }));
  const details = await vault.decryptMany(tx, tenantId, items);
  return new Map(
    facts.map(({ personal: _sealed, ...fact }, index) => {
      const reason = details[index]?.['reason'];
      return [fact.debtorId, { ...fact, reason: typeof reason === 'string' ? reason : null }];
    }),
  );
}

@QueryHandler(ListDebtorGroupsQuery)
export class ListDebtorGroupsHandler implements IQueryHandler<ListDebtorGroupsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, at }: ListDebtorGroupsQuery): Promise<readonly DebtorGroup[]> {
    return this.store.database.read(tenantId, async (tx) => {
      const { position } = await this.store.resolveKnownAt(tx, at.knownAt);
      return foldGroups(await this.store.readCategory(tx, DEBTOR_GROUP, position), at.asOf);
    });
  }
}
