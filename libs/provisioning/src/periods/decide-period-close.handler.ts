import { addDays, localDate } from '@app/credit-domain';
import { VersionConflict, type EventContext, type EventStore, type NewEvent, type Tx } from '@app/event-store';
import { CLOCK, EVENT_STORE, eventContext, Refusal, type Clock } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { hashOf, newEvent } from '../event-data';
import { requireOtherPrincipal } from '../policy/approval';
import { placeOf } from '../policy/refusal-places';
import { foldProvisionRun, PROVISION_RUN_CATEGORY } from '../provision-runs/provision-run.fold';
import { closeShutting, foldPeriodCloses, isShut, PERIOD_CATEGORY, type PeriodClose } from './period-close.fold';
import { ApprovePeriodCloseCommand, ProposePeriodCloseCommand, ProposePeriodReopenCommand } from './period-closes.command';
import { holdPeriods } from './period-guard';

/** Somewhere on earth it is tomorrow already. */
const DAYS_AHEAD_MAX = 1;

@CommandHandler(ProposePeriodCloseCommand)
export class ProposePeriodCloseHandler implements ICommandHandler<ProposePeriodCloseCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ context, proposal }: ProposePeriodCloseCommand): Promise<{ id: string; status: 'proposed'; contentHash: string }> {
    const { through, entityId = null, runId = null } = proposal;
    if (through > addDays(localDate(this.clock.today()), DAYS_AHEAD_MAX)) {
      throw new Refusal('close-in-future', `A period cannot be closed through ${through}, which has not come yet.`, [placeOf('through')]);
    }
    const id = context.newId();
    const data = await this.store.database.read(context.tenantId, async (tx) => {
      requireNotClosed(foldPeriodCloses(await this.store.readCategory(tx, PERIOD_CATEGORY)), { through, entityId });
      const runHash = runId === null ? null : await signedRunHash(this.store, tx, { runId, through });
      return { closeId: id, through, entityId, runId, runHash };
    });
    try {
      const appended = await this.store.appendSingle(eventContext(context), {
        category: PERIOD_CATEGORY,
        key: id,
        expectedVersion: 0,
        events: [newEvent('PeriodCloseProposed', through, data)],
      });
      await this.store.settle(appended.lastPosition);
    } catch (error) {
      // The id is derived from the Idempotency-Key: the first attempt of this very request has proposed it.
      if (!(error instanceof VersionConflict)) throw error;
    }
    return { id, status: 'proposed', contentHash: hashOf(data) };
  }
}

@CommandHandler(ApprovePeriodCloseCommand)
export class ApprovePeriodCloseHandler implements ICommandHandler<ApprovePeriodCloseCommand> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ context, closeId, contentHash }: ApprovePeriodCloseCommand): Promise<{ id: string; status: 'closed' | 'reopened' }> {
    return decide(this.store, eventContext(context), closeId, (tx, close, others) => {
      if (close.status === 'closed' || close.status === 'reopened') return Promise.resolve({ status: close.status, event: null });
      const proposal = close.status === 'reopening' ? close.reopenProposed : close.proposed;
      requireOtherPrincipal(proposal?.by ?? '', context.principalId);
      if (contentHash !== undefined && contentHash !== close.contentHash) {
        throw new Refusal('content-changed', `What is to be approved has the hash ${close.contentHash}, not the one given.`, [
          placeOf('contentHash'),
        ]);
      }
      const { through, entityId, runId } = close;
      const data = { closeId, through, entityId, contentHash: close.contentHash, approvedBy: context.principalId };
      if (close.status === 'reopening') {
        requireLatest(close, others);
        return Promise.resolve({ status: 'reopened' as const, event: newEvent('PeriodReopenApproved', through, data) });
      }
      requireNotClosed(others, close);
      return (async () => {
        if (runId !== null && (await signedRunHash(this.store, tx, { runId, through })) !== close.runHash) {
          throw new Refusal('content-changed', `The figures of run '${runId}' are not those the close was proposed with.`);
        }
        return { status: 'closed' as const, event: newEvent('PeriodCloseApproved', through, data) };
      })();
    });
  }
}

@CommandHandler(ProposePeriodReopenCommand)
export class ProposePeriodReopenHandler implements ICommandHandler<ProposePeriodReopenCommand> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({
    context,
    closeId,
    reason,
  }: ProposePeriodReopenCommand): Promise<{ id: string; status: 'reopening'; contentHash: string }> {
    let hash = '';
    const decided = await decide(this.store, eventContext(context), closeId, (_tx, close, others) => {
      const { through, entityId } = close;
      const data = { closeId, through, entityId, reason };
      hash = hashOf(data);
      if (close.status === 'reopening' && close.contentHash === hash) return Promise.resolve({ status: 'reopening' as const, event: null });
      if (close.status !== 'closed') {
        throw new Refusal('period-close-not-closed', `Close '${closeId}' is ${close.status}; only a closed period can be reopened.`);
      }
      requireLatest(close, others);
      return Promise.resolve({ status: 'reopening' as const, event: newEvent('PeriodReopenProposed', through, data) });
    });
    return { ...decided, contentHash: hash };
  }
}

/** Takes a decision on one close and records it, with every other decision about periods kept out meanwhile. */
async function decide<Status extends string>(
  store: EventStore,
  context: EventContext,
  closeId: string,
  decision: (tx: Tx, close: PeriodClose, others: PeriodClose[]) => Promise<{ status: Status; event: NewEvent | null }>,
): Promise<{ id: string; status: Status }> {
  const { status, position } = await store.database.transaction(context.tenantId, async (tx) => {
    await holdPeriods(tx);
    const events = await store.readCategory(tx, PERIOD_CATEGORY);
    const closes = foldPeriodCloses(events);
    const close = closes.find((each) => each.closeId === closeId);
    if (close === undefined) throw new Refusal('period-close-not-found', `There is no period close '${closeId}'.`);
    const others = closes.filter((each) => each !== close);
    const decided = await decision(tx, close, others);
    if (decided.event === null) return { status: decided.status, position: events.at(-1)?.position ?? 0n };
    const [appended] = await store.append(tx, context, [
      { category: PERIOD_CATEGORY, key: closeId, expectedVersion: close.version, events: [decided.event] },
    ]);
    return { status: decided.status, position: appended?.lastPosition ?? 0n };
  });
  await store.settle(position);
  return { id: closeId, status };
}

function requireNotClosed(closes: readonly PeriodClose[], at: { through: string; entityId: string | null }): void {
  // A close for every entity may follow closes of single ones: it closes the others.
  const covering = closes.filter(({ entityId }) => at.entityId !== null || entityId === null);
  const close = closeShutting(covering, { effectiveOn: at.through, entityId: at.entityId });
  if (close === null) return;
  throw new Refusal('period-already-closed', `The period is closed through ${close.through} already (close '${close.closeId}').`, [
    placeOf('through'),
  ]);
}

/** Reopening an earlier period under a later closed one would open nothing. */
function requireLatest(close: PeriodClose, others: readonly PeriodClose[]): void {
  const later = others
    .filter(isShut)
    .filter(({ entityId }) => entityId === null || entityId === close.entityId || close.entityId === null)
    .find(({ through }) => through > close.through);
  if (later === undefined) return;
  throw new Refusal(
    'period-reopen-order',
    `The period through ${later.through} (close '${later.closeId}') is closed after it; reopen that one first.`,
  );
}

/** The hash of the run whose figures are signed with a period. */
async function signedRunHash(store: EventStore, tx: Tx, { runId, through }: { runId: string; through: string }): Promise<string> {
  const run = foldProvisionRun(await store.readStream(tx, PROVISION_RUN_CATEGORY, runId));
  if (run === null) throw new Refusal('provision-run-not-found', `There is no provision run '${runId}'.`, [placeOf('runId')]);
  if (run.request.asOf !== through) {
    throw new Refusal(
      'period-run-mismatch',
      `Run '${runId}' is as of ${run.request.asOf}; a period through ${through} signs a run of that day.`,
      [placeOf('runId')],
    );
  }
  if (run.status !== 'completed' || (run.lifecycle !== 'approved' && run.lifecycle !== 'posted')) {
    const state = run.status === 'completed' ? run.lifecycle : run.status;
    throw new Refusal('run-not-approved', `Run '${runId}' is ${state}; a period signs an approved run.`, [placeOf('runId')]);
  }
  return run.result.hash;
}
