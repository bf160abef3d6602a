import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { GetPrincipalQuery } from '@app/access';
import { addDays, type LocalDate, type WorkSnapshot } from '@app/credit-domain';
import { type EventStore, type NewEvent, VersionConflict } from '@app/event-store';
import { eventContext, EVENT_STORE, Refusal, type RequestContext } from '@app/platform';
import { FindUnknownDebtorsQuery } from '@app/receivables';
import { appendAndSettle } from '../append-and-settle';
import { ReadBusinessDateQuery } from '../business-date';
import { newEvent } from '../event-data';
import { WorklistReader } from './read-worklist';
import { foldWorklistPolicy, THE_POLICY, WORKLIST_POLICY } from './worklist-policy.fold';
import { AssignDebtorCommand, FinishWorkCommand, SnoozeDebtorCommand, StateWorklistPolicyCommand } from './worklist.messages';

/** One stream a debtor. */
const WORK = 'work';

/** Who works on a debtor, and when. */
@Injectable()
export class WorkLog {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly queries: QueryBus,
  ) {}

  today(tenantId: number): Promise<LocalDate> {
    return this.queries.execute(new ReadBusinessDateQuery(tenantId));
  }

  /** @throws Refusal `debtor-not-found` */
  async append(context: RequestContext, debtorId: string, event: NewEvent): Promise<void> {
    const [unknown] = await this.queries.execute(new FindUnknownDebtorsQuery(context.tenantId, [debtorId]));
    if (unknown !== undefined) throw new Refusal('debtor-not-found', `There is no debtor ${debtorId}.`);
    await appendAndSettle(this.store, eventContext(context), async (tx) => {
      const events = await this.store.readStream(tx, WORK, debtorId);
      // The same identifier on a second attempt with the same Idempotency-Key: then the work is already done.
      const ids = new Set(events.flatMap(({ data }) => [data['snoozeId'], data['doneId']]));
      const id = event.data['snoozeId'] ?? event.data['doneId'];
      if (id !== undefined && ids.has(id)) return { appends: [], result: undefined };
      return { appends: [{ category: WORK, key: debtorId, expectedVersion: events.length, events: [event] }], result: undefined };
    });
  }

  /** @throws Refusal `controller-unknown` */
  async refuseUnknownController(tenantId: number, controllerId: string, place: { field: string; pointer: string }): Promise<void> {
    if ((await this.queries.execute(new GetPrincipalQuery(tenantId, controllerId))) !== null) return;
    throw new Refusal('controller-unknown', `There is no principal ${controllerId}.`, [place]);
  }

  /** @throws Refusal `snooze-in-the-past` */
  refusePast(until: string, today: string): void {
    if (until > today) return;
    throw new Refusal('snooze-in-the-past', `A debtor is put off until a day after today, ${today}.`, [
      { field: 'until', pointer: '/until' },
    ]);
  }
}

@CommandHandler(AssignDebtorCommand)
export class AssignDebtorHandler implements ICommandHandler<AssignDebtorCommand> {
  constructor(private readonly log: WorkLog) {}

  async execute({ context, debtorId, controllerId }: AssignDebtorCommand): Promise<void> {
    const place = { field: 'controllerId', pointer: '/controllerId' };
    if (controllerId !== null) await this.log.refuseUnknownController(context.tenantId, controllerId, place);
    await this.log.append(
      context,
      debtorId,
      newEvent('DebtorAssigned', await this.log.today(context.tenantId), { debtorId, controllerId }),
    );
  }
}

@CommandHandler(SnoozeDebtorCommand)
export class SnoozeDebtorHandler implements ICommandHandler<SnoozeDebtorCommand> {
  constructor(
    private readonly log: WorkLog,
    private readonly reader: WorklistReader,
  ) {}

  async execute({ context, debtorId, until }: SnoozeDebtorCommand): Promise<{ id: string }> {
    const today = await this.log.today(context.tenantId);
    this.log.refusePast(until, today);
    const id = context.newId();
    const snapshot = stored(await this.reader.snapshot(context.tenantId, debtorId, today));
    await this.log.append(context, debtorId, newEvent('DebtorSnoozed', today, { snoozeId: id, debtorId, until, snapshot }));
    return { id };
  }
}

@CommandHandler(FinishWorkCommand)
export class FinishWorkHandler implements ICommandHandler<FinishWorkCommand> {
  constructor(
    private readonly log: WorkLog,
    private readonly reader: WorklistReader,
  ) {}

  async execute({ context, debtorId, done }: FinishWorkCommand): Promise<{ id: string }> {
    const today = await this.log.today(context.tenantId);
    const until = done.until ?? addDays(today, 1);
    this.log.refusePast(until, today);
    const id = context.newId();
    const snapshot = stored(await this.reader.snapshot(context.tenantId, debtorId, today));
    const event = newEvent('DebtorWorkDone', today, { doneId: id, debtorId, outcome: done.outcome, until, snapshot });
    await this.log.append(context, debtorId, event);
    return { id };
  }
}

@CommandHandler(StateWorklistPolicyCommand)
export class StateWorklistPolicyHandler implements ICommandHandler<StateWorklistPolicyCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly log: WorkLog,
  ) {}

  async execute({ context, policy, expectedVersion }: StateWorklistPolicyCommand): Promise<{ streamVersion: number }> {
    for (const [index, { controllerId }] of policy.assignments.entries()) {
      const at = String(index);
      const place = { field: `assignments[${at}].controllerId`, pointer: `/assignments/${at}/controllerId` };
      await this.log.refuseUnknownController(context.tenantId, controllerId, place);
    }
    const today = await this.log.today(context.tenantId);
    return appendAndSettle(this.store, eventContext(context), async (tx) => {
      const known = foldWorklistPolicy(await this.store.readStream(tx, WORKLIST_POLICY, THE_POLICY));
      const { streamVersion } = known;
      if (expectedVersion !== undefined && expectedVersion !== streamVersion) {
        throw new VersionConflict(WORKLIST_POLICY, THE_POLICY, expectedVersion, streamVersion);
      }
      const assignments = policy.assignments.map(({ segments, controllerId }) => ({
        ...{ controllerId, segments: segments === null ? null : [...segments] },
      }));
      const event = newEvent('WorklistPolicyStated', today, { assignments, segmentTenths: { ...policy.segmentTenths } });
      return {
        appends: [{ category: WORKLIST_POLICY, key: THE_POLICY, expectedVersion: streamVersion, events: [event] }],
        result: { streamVersion: streamVersion + 1 },
      };
    });
  }
}

function stored({ overdue, brokenPromises, band }: WorkSnapshot) {
  return {
    overdue: Object.fromEntries(Object.entries(overdue).map(([currency, minor]) => [currency, String(minor)])),
    brokenPromises,
    band,
  };
}
