import { canonicalJson, type EventStore, type Position } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { ListLateFactsQuery } from '@app/receivables';
import { Inject, Injectable } from '@nestjs/common';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ProvisionCalculator } from '../calculate/provision-calculator';
import type { ProvisionRunCompletedData } from '../events';
import { foldPeriodCloses, PERIOD_CATEGORY } from '../periods/period-close.fold';
import type { CompletedRun } from '../provision-runs/provision-run.fold';
import { completedRun } from '../verify/run-verifier';
import {
  LateFactsOfPeriodQuery,
  LateFactsOfRunQuery,
  type LateFactsAnswer,
  type LateFactsPage,
  type WouldHaveBeen,
} from './late-facts.query';

interface Asked {
  readonly tenantId: number;
  readonly asOf: string;
  readonly after: Position;
  readonly entityId: string | null;
  readonly run: CompletedRun | null;
}

/** Lists what was recorded after a figure was pinned though it is dated before, and puts the figure beside what it would be now. */
@Injectable()
export class LateFactsReader {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ProvisionCalculator) private readonly calculator: ProvisionCalculator,
  ) {}

  async read({ tenantId, asOf, after, entityId, run }: Asked, page: LateFactsPage): Promise<LateFactsAnswer> {
    const latest = await this.store.database.read(tenantId, (tx) => this.store.latestSettled(tx));
    const upTo = page.upTo ?? latest.position;
    const request = { asOf, after: page.after ?? after, upTo, entityId, limit: page.limit };
    const items = await this.queries.execute(new ListLateFactsQuery(tenantId, request));
    const compared = run === null || page.after !== undefined ? null : await this.wouldHaveBeen(tenantId, run, upTo);
    return {
      ...{ runId: run?.request.runId ?? null, asOf, after, upTo, knownAt: latest.settledAt, items },
      wouldHaveBeen: compared?.figures ?? null,
      problemCode: compared?.problemCode ?? null,
    };
  }

  private async wouldHaveBeen(
    tenantId: number,
    run: CompletedRun,
    position: Position,
  ): Promise<{ figures: WouldHaveBeen | null; problemCode: string | null }> {
    const { asOf, kinds, scheme } = run.request;
    const { currency } = run.result;
    const again = await this.calculator.provision({ tenantId, asOf, position }, { kinds, scheme, currency });
    if (!again.ok) return { figures: null, problemCode: again.problem.code };
    return { figures: compare(run.result, again.value.output), problemCode: null };
  }
}

@QueryHandler(LateFactsOfRunQuery)
export class LateFactsOfRunHandler implements IQueryHandler<LateFactsOfRunQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(LateFactsReader) private readonly reader: LateFactsReader,
  ) {}

  async execute({ tenantId, runId, page }: LateFactsOfRunQuery): Promise<LateFactsAnswer> {
    const run = await completedRun(this.store, tenantId, runId);
    const { asOf, position } = run.request;
    return this.reader.read({ tenantId, asOf, after: BigInt(position), entityId: null, run }, page);
  }
}

@QueryHandler(LateFactsOfPeriodQuery)
export class LateFactsOfPeriodHandler implements IQueryHandler<LateFactsOfPeriodQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(LateFactsReader) private readonly reader: LateFactsReader,
  ) {}

  async execute({ tenantId, closeId, page }: LateFactsOfPeriodQuery): Promise<LateFactsAnswer> {
    const closes = foldPeriodCloses(await this.store.database.read(tenantId, (tx) => this.store.readStream(tx, PERIOD_CATEGORY, closeId)));
    const [close] = closes;
    if (close === undefined) throw new Refusal('period-close-not-found', `There is no period close '${closeId}'.`);
    if (close.closedPosition === null) {
      throw new Refusal('period-close-not-closed', `Close '${closeId}' is ${close.status}; facts are late for a period that was closed.`);
    }
    const run = close.runId === null ? null : await completedRun(this.store, tenantId, close.runId);
    // The figures were signed at the run's position: what came between the run and the close is not in them either.
    const after = run === null ? close.closedPosition : BigInt(run.request.position);
    return this.reader.read({ tenantId, asOf: close.through, after, entityId: close.entityId, run }, page);
  }
}

type Figures = Pick<ProvisionRunCompletedData, 'currency' | 'inputs' | 'totals' | 'total'>;

function compare(signed: Figures, now: Figures): WouldHaveBeen {
  const kinds = [...new Set([...signed.totals, ...now.totals].map(({ kind }) => kind))];
  const none = { gross: '0', allowance: '0' };
  const { engineVersion: signedEngine, ...signedInputs } = signed.inputs;
  const { engineVersion, ...inputs } = now.inputs;
  return {
    currency: now.currency,
    totals: kinds.map((kind) => ({
      kind,
      ...difference(signed.totals.find((each) => each.kind === kind) ?? none, now.totals.find((each) => each.kind === kind) ?? none),
    })),
    total: difference(signed.total, now.total),
    inputsChanged: canonicalJson(signedInputs) !== canonicalJson(inputs),
    engineChanged: signedEngine !== engineVersion,
  };
}

function difference(signed: { gross: string; allowance: string }, now: { gross: string; allowance: string }) {
  const [gross, allowance] = [BigInt(now.gross), BigInt(now.allowance)];
  return { gross, allowance, grossDifference: gross - BigInt(signed.gross), allowanceDifference: allowance - BigInt(signed.allowance) };
}
