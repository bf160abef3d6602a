import { formatAmount } from '@app/credit-domain';
import { VersionConflict, type EventStore, type StreamAppend, type Tx } from '@app/event-store';
import { EVENT_STORE, eventContext, Refusal } from '@app/platform';
import { ReadControlDifferencesQuery, type ControlDifference } from '@app/receivables';
import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { provisionHash } from '../calculate/provision-calculator';
import { newEvent } from '../event-data';
import { closeShutting, foldPeriodCloses, PERIOD_CATEGORY } from '../periods/period-close.fold';
import { enterPeriods } from '../periods/period-guard';
import { requireOtherPrincipal } from '../policy/approval';
import { placeOf } from '../policy/refusal-places';
import { ApproveProvisionRunCommand } from './approve-run.command';
import { approvedRunsOf, isSameScope, type ApprovedRun } from './approved-runs';
import { foldProvisionRun, PROVISION_RUN_CATEGORY, type CompletedRun } from './provision-run.fold';

/** First key of the advisory lock under which runs are approved one after the other; the second is the tenant. */
const APPROVAL_LOCK = 731_059;

interface Approved {
  readonly id: string;
  readonly status: 'approved' | 'posted';
  readonly hash: string;
  readonly superseded: string[];
}

@CommandHandler(ApproveProvisionRunCommand)
export class ApproveProvisionRunHandler implements ICommandHandler<ApproveProvisionRunCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute(command: ApproveProvisionRunCommand): Promise<Approved> {
    const { tenantId } = command.context;
    const unexplained = await this.unexplainedDifferences(tenantId, command.runId);
    try {
      const { position, ...approved } = await this.store.database.transaction(tenantId, (tx) => this.approve(tx, command, unexplained));
      await this.store.settle(position);
      return approved;
    } catch (error) {
      // The run was posted or superseded meanwhile: the decision is taken again on what stands now.
      if (!(error instanceof VersionConflict)) throw error;
      return this.execute(command);
    }
  }

  private async approve(
    tx: Tx,
    { context, runId, hash }: ApproveProvisionRunCommand,
    unexplained: readonly ControlDifference[],
  ): Promise<Approved & { position: bigint }> {
    const { tenantId, principalId } = context;
    await tx.query('SELECT pg_advisory_xact_lock($1, $2)', [APPROVAL_LOCK, tenantId]);
    const events = await this.store.readStream(tx, PROVISION_RUN_CATEGORY, runId);
    const run = foldProvisionRun(events);
    if (run === null) throw new Refusal('provision-run-not-found', `There is no provision run '${runId}'.`);
    requireOtherPrincipal(run.requestedBy, principalId);
    if (run.status !== 'completed') {
      throw new Refusal('run-not-completed', `Provision run '${runId}' is ${run.status}; only a completed run can be approved.`);
    }
    const recorded = run.result.hash;
    if (hash !== undefined && hash !== recorded) {
      throw new Refusal('content-changed', `The figures of run '${runId}' have the hash ${recorded}, not the one given.`, [
        placeOf('hash'),
      ]);
    }
    if (run.lifecycle === 'superseded') throw superseded(runId, run.supersededBy ?? '');
    if (run.lifecycle !== 'computed') {
      const position = events.at(-1)?.position ?? 0n;
      return { id: runId, status: run.lifecycle, hash: recorded, superseded: [], position };
    }
    requireIntact(run);
    requireExplained(run, unexplained);
    await this.requireOpenPeriod(tx, run);
    const older = await this.runsToSupersede(tx, tenantId, run);
    const { asOf, position: computedAt, kinds, scheme, currency } = run.request;
    const data = { runId, asOf, kinds, scheme, currency, position: computedAt, hash: recorded, approvedBy: principalId };
    const appends: StreamAppend[] = [
      {
        category: PROVISION_RUN_CATEGORY,
        key: runId,
        expectedVersion: run.version,
        events: [newEvent('ProvisionRunApproved', asOf, data)],
      },
      ...older.map((each) => ({
        category: PROVISION_RUN_CATEGORY,
        key: each.runId,
        expectedVersion: each.version,
        events: [newEvent('ProvisionRunSuperseded', asOf, { runId: each.runId, byRunId: runId })],
      })),
    ];
    const appended = await this.store.append(tx, eventContext(context), appends);
    return {
      id: runId,
      status: 'approved',
      hash: recorded,
      superseded: older.map((each) => each.runId),
      position: appended.reduce((last, { lastPosition }) => (lastPosition > last ? lastPosition : last), 0n),
    };
  }

  /**
   * Control totals of the run's date and kinds that the run's book does not agree with. An explanation given since counts as long as it is
   * of the same amount, and so does a total stated since.
   */
  private async unexplainedDifferences(tenantId: number, runId: string): Promise<ControlDifference[]> {
    const run = foldProvisionRun(
      await this.store.database.read(tenantId, (tx) => this.store.readStream(tx, PROVISION_RUN_CATEGORY, runId)),
    );
    if (run?.status !== 'completed') return [];
    const { asOf, kinds, position } = run.request;
    const latest = await this.store.database.read(tenantId, (tx) => this.store.latestSettled(tx));
    const inRun = await this.queries.execute(new ReadControlDifferencesQuery(tenantId, { asOf, position: BigInt(position) }));
    const now = await this.queries.execute(new ReadControlDifferencesQuery(tenantId, { asOf, position: latest.position }));
    const explainedSince = (each: ControlDifference): boolean =>
      now.some((row) => isSameAccount(row, each) && row.explained && row.difference === each.difference);
    return [
      ...inRun.filter((each) => !each.explained && !explainedSince(each)),
      ...now.filter((each) => !each.explained && !inRun.some((row) => isSameAccount(row, each))),
    ].filter(({ kind }) => kinds === null || kinds.includes(kind));
  }

  /** A period closed for every entity has its figures signed; what became known later belongs to the first open period. */
  private async requireOpenPeriod(tx: Tx, run: CompletedRun): Promise<void> {
    await enterPeriods(tx);
    const closes = foldPeriodCloses(await this.store.readCategory(tx, PERIOD_CATEGORY));
    const close = closeShutting(
      closes.filter(({ entityId }) => entityId === null),
      { effectiveOn: run.request.asOf, entityId: null },
    );
    if (close === null) return;
    throw new Refusal(
      'period-closed',
      `The period is closed through ${close.through} (close '${close.closeId}'); a run as of ${run.request.asOf} cannot be approved in it any more.`,
    );
  }

  private async runsToSupersede(tx: Tx, tenantId: number, run: CompletedRun): Promise<ApprovedRun[]> {
    const approved = (await approvedRunsOf(tx, tenantId, run.request.asOf, null)).filter(
      (each) => each.lifecycle !== 'superseded' && isSameScope(each, run.request),
    );
    const newer = approved.find((each) => each.position > run.request.position);
    if (newer !== undefined) throw superseded(run.request.runId, newer.runId);
    return approved.filter(({ lifecycle }) => lifecycle === 'approved');
  }
}

function isSameAccount(a: ControlDifference, b: ControlDifference): boolean {
  return a.entityId === b.entityId && a.kind === b.kind && a.currency === b.currency && a.account === b.account;
}

function requireExplained({ request }: CompletedRun, differences: readonly ControlDifference[]): void {
  const [first] = differences;
  if (first === undefined) return;
  throw new Refusal(
    'control-difference-unexplained',
    `Run '${request.runId}' cannot be approved: on ${request.asOf} the book does not agree with ${String(differences.length)} control totals (first: account ${first.account}, ${first.kind}).`,
    [],
    {
      differences: differences.map(({ entityId, kind, currency, account, ...amounts }) => ({
        ...{ entityId, kind, currency, account },
        ...{ stated: formatAmount(amounts.stated, currency), book: formatAmount(amounts.book, currency) },
        difference: formatAmount(amounts.difference, currency),
      })),
    },
  );
}

/** Nobody signs figures that do not fit the hash they were recorded with. */
function requireIntact(run: CompletedRun): void {
  const { runId, asOf, position } = run.request;
  if (provisionHash({ asOf, position: BigInt(position) }, run.result) === run.result.hash) return;
  throw new Refusal('run-record-altered', `The recorded figures of run '${runId}' do not fit their hash; they cannot be approved.`);
}

function superseded(runId: string, byRunId: string): Refusal {
  return new Refusal('run-superseded', `Run '${runId}' knows less than run '${byRunId}', which is approved for the same date.`);
}
