import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { aboveAccount, decidePromise, localDate } from '@app/credit-domain';
import { eventContext, Refusal, type RequestContext } from '@app/platform';
import { CaseLog } from '../case/case-log';
import { promiseStateOf, type DebtorCase, type PromiseRecord } from '../case/debtor-case';
import { Notes, personOf } from '../case/notes';
import { demand } from '../case/refuse';
import { newEvent } from '../event-data';
import { promisedAlready, readMeans, type DebtorMeans } from './promised-already';
import { MovePromiseCommand, WithdrawPromiseCommand } from './promises.commands';

/** @throws Refusal `promise-not-found` */
async function debtorOf(log: CaseLog, tenantId: number, promiseId: string): Promise<string> {
  const debtorId = await log.store.database.read(tenantId, (tx) => log.debtorOf(tx, tenantId, promiseId));
  if (debtorId === null) throw unknown(promiseId);
  return debtorId;
}

function unknown(promiseId: string): Refusal {
  return new Refusal('promise-not-found', `There is no promise ${promiseId}.`);
}

/** What was judged is on record: only an open promise can be changed. */
function openPromise({ promises }: DebtorCase, promiseId: string): PromiseRecord {
  const promise = promises.get(promiseId);
  if (promise === undefined) throw unknown(promiseId);
  const state = promiseStateOf(promise);
  if (state !== 'open') throw new Refusal('promise-not-open', `Promise ${promiseId} is ${state}: it stays on record as it is.`);
  return promise;
}

@CommandHandler(MovePromiseCommand)
export class MovePromiseHandler implements ICommandHandler<MovePromiseCommand> {
  constructor(
    private readonly log: CaseLog,
    private readonly notes: Notes,
    private readonly queries: QueryBus,
  ) {}

  async execute({ context, promiseId, to }: MovePromiseCommand): Promise<{ id: string }> {
    const { tenantId } = context;
    const debtorId = await debtorOf(this.log, tenantId, promiseId);
    const { items, account, movements } = await this.means(context, debtorId, promiseId);
    return this.log.decide(eventContext(context), debtorId, async (tx, known) => {
      const { amount: fromAmount, dueOn: fromDueOn, currency, receivableIds, madeBy } = openPromise(known, promiseId);
      const amount = to.amount?.minor ?? fromAmount;
      if (to.amount !== undefined && to.amount.currency !== currency) {
        const place = { field: 'amount.currency', pointer: '/amount/currency' };
        throw new Refusal('currency-mismatch', `The promise is in ${currency}.`, [place]);
      }
      const today = await this.log.today(tx, tenantId);
      // What is promised already was within the balance then; part of it may have been paid since.
      const owed = amount > fromAmount ? items : [{ receivableId: '', currency, outstanding: fromAmount }];
      const already = amount > fromAmount ? promisedAlready(known, movements, { today, except: promiseId }) : [];
      const moved = { amount, currency, dueOn: localDate(to.dueOn) };
      demand(decidePromise(moved, today, owed, receivableIds !== null, already) ?? aboveAccount(moved, account, already));
      if (amount === fromAmount && to.dueOn === fromDueOn) return { events: [], result: { id: promiseId } };
      const personal = await this.notes.seal(tx, tenantId, personOf(debtorId), to.reason);
      const terms = { fromDueOn, dueOn: to.dueOn, fromAmount: String(fromAmount), amount: String(amount), currency };
      const event = newEvent('PromiseMoved', today, { promiseId, debtorId, ...terms, personal });
      return { events: [event], result: { id: promiseId }, claimed: { cashFrom: madeBy.on } };
    });
  }

  private async means({ tenantId }: RequestContext, debtorId: string, promiseId: string): Promise<DebtorMeans> {
    const known = await this.log.store.database.read(tenantId, async (tx) => (await this.log.cases(tx, [debtorId])).get(debtorId));
    const receivableIds = known?.promises.get(promiseId)?.receivableIds ?? null;
    return readMeans(this.log, this.queries, { tenantId, debtorId, receivableIds });
  }
}

@CommandHandler(WithdrawPromiseCommand)
export class WithdrawPromiseHandler implements ICommandHandler<WithdrawPromiseCommand> {
  constructor(
    private readonly log: CaseLog,
    private readonly notes: Notes,
  ) {}

  async execute({ context, promiseId, reason }: WithdrawPromiseCommand): Promise<{ id: string }> {
    const { tenantId } = context;
    const debtorId = await debtorOf(this.log, tenantId, promiseId);
    return this.log.decide(eventContext(context), debtorId, async (tx, known) => {
      const { madeBy } = openPromise(known, promiseId);
      const personal = await this.notes.seal(tx, tenantId, personOf(debtorId), reason);
      const event = newEvent('PromiseWithdrawn', await this.log.today(tx, tenantId), { promiseId, debtorId, personal });
      return { events: [event], result: { id: promiseId }, claimed: { cashFrom: madeBy.on } };
    });
  }
}
