import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type {
  BrokenPromiseRule,
  CreditLimitRule,
  LimitedExposure,
  OverdueDebtorRule,
  SignalDay,
  SignalDefinition,
  SignalOutcome,
} from '@app/credit-domain';
import {
  evaluateBrokenChain,
  evaluateBrokenPromise,
  evaluateCreditLimit,
  evaluateFailedJob,
  evaluateOverdueDebtor,
  evaluateProjectionDrift,
  evaluateStaleFeed,
  localDate,
  translationAt,
  type Translation,
} from '@app/credit-domain';
import { ReadCreditExposuresQuery } from '@app/collections';
import type { Database, Position } from '@app/event-store';
import { DATABASE, deadIntents } from '@app/platform';
import { ReadDebtorCashQuery, ReadDebtorStandingsQuery, ReadFxRatesQuery } from '@app/receivables';
import { DELIVER } from '../alerting-log';
import { ChainCheck } from './chain-check';
import { ProjectionCheck } from './projection-check';
import { paidLater } from './promise-payments';
import { failedWork, lastOfFeeds, unkeptPromises } from './signal-tables';

/** Failed work that is counted; more of it says nothing more. */
const FAILED_MAX = 1_000;

export interface SignalMoment extends SignalDay {
  readonly tenantId: number;
  /** What is known: everything a rule reads of the book is read at it. */
  readonly position: Position;
}

/** Reads what a rule on the day's figures is about and evaluates it. Writes nothing. */
@Injectable()
export class SignalFigures {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly queries: QueryBus,
    private readonly projections: ProjectionCheck,
    private readonly chain: ChainCheck,
  ) {}

  async evaluate(definition: SignalDefinition, at: SignalMoment): Promise<SignalOutcome> {
    const { tenantId, asOf, position } = at;
    switch (definition.type) {
      case 'overdue-debtor':
        return this.#overdue(definition, at);
      case 'credit-limit':
        return this.#limits(definition, at);
      case 'broken-promise':
        return this.#promises(definition, at);
      case 'stale-feed':
        return evaluateStaleFeed(definition, at, await this.database.read(tenantId, (tx) => lastOfFeeds(tx, tenantId)));
      case 'failed-job':
        return evaluateFailedJob(definition, at, await this.#failed(tenantId));
      case 'projection-drift':
        return evaluateProjectionDrift(definition, at, await this.projections.compare(tenantId, asOf, position));
      case 'broken-chain':
        return evaluateBrokenChain(definition, at, await this.chain.verify());
    }
  }

  async #overdue(rule: OverdueDebtorRule, at: SignalMoment): Promise<SignalOutcome> {
    const { tenantId, asOf, position } = at;
    // Only with everybody at hand can it be seen that a segment has nobody.
    const isWhole = rule.segment !== null;
    const request = { asOf, position, overdueOnly: !isWhole };
    const debtors = await this.queries.execute(new ReadDebtorStandingsQuery(tenantId, request));
    const known = new Set(debtors.map(({ debtorId }) => debtorId));
    const missing = at.open.flatMap(({ debtor }) => (debtor === undefined || known.has(debtor) ? [] : [debtor]));
    const paid =
      isWhole || missing.length === 0
        ? []
        : await this.queries.execute(new ReadDebtorStandingsQuery(tenantId, { asOf, position, debtorIds: missing }));
    return evaluateOverdueDebtor(rule, at, { debtors: [...debtors, ...paid], isWhole, translation: await this.#translation(at) });
  }

  async #limits(rule: CreditLimitRule, at: SignalMoment): Promise<SignalOutcome> {
    const { asOf, position, tenantId } = at;
    const { debtors, groups } = await this.queries.execute(new ReadCreditExposuresQuery(tenantId, { asOf, position }));
    const exposures: LimitedExposure[] = [
      ...debtors.map(({ debtorId, credit }) => ({ of: 'debtor' as const, id: debtorId, credit })),
      ...groups.map(({ groupId, credit }) => ({ of: 'group' as const, id: groupId, credit })),
    ];
    return evaluateCreditLimit(rule, at, exposures);
  }

  async #promises(rule: BrokenPromiseRule, at: SignalMoment): Promise<SignalOutcome> {
    const { tenantId, position, asOf } = at;
    const withAlerts = at.open.flatMap(({ promise }) => promise ?? []);
    const promises = await this.database.read(tenantId, (tx) => unkeptPromises(tx, tenantId, withAlerts));
    const from = new Map<string, string>();
    for (const { debtorId, dueOn } of promises) {
      const known = from.get(debtorId);
      if (known === undefined || dueOn < known) from.set(debtorId, dueOn);
    }
    const debtors = [...from].map(([debtorId, since]) => ({ debtorId, from: since }));
    const cash = debtors.length === 0 ? new Map() : await this.queries.execute(new ReadDebtorCashQuery(tenantId, { position, debtors }));
    return evaluateBrokenPromise(rule, at, { promises: paidLater(promises, cash, asOf), translation: await this.#translation(at) });
  }

  /** Jobs that were given up, and work that its own events call failed. Messages that failed are told by the channel that failed. */
  async #failed(tenantId: number) {
    return this.database.read(tenantId, async (tx) => {
      const dead = (await deadIntents(tx, tenantId, FAILED_MAX)).filter(({ kind }) => kind !== DELIVER);
      return [...(await failedWork(tx, tenantId, FAILED_MAX)), ...dead.map(({ kind, key, reason }) => ({ job: kind, key, reason }))];
    });
  }

  async #translation({ tenantId, asOf, position }: SignalMoment): Promise<Translation> {
    return translationAt(await this.queries.execute(new ReadFxRatesQuery(tenantId, { asOf, position })), localDate(asOf));
  }
}
