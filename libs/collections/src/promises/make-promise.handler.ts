import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { aboveAccount, decidePromise, localDate } from '@app/credit-domain';
import { eventContext, Refusal } from '@app/platform';
import { CaseLog } from '../case/case-log';
import { Notes, personOf } from '../case/notes';
import { readPolicy } from '../policy/policy';
import { demand } from '../case/refuse';
import { newEvent } from '../event-data';
import { promisedAlready, readMeans } from './promised-already';
import { MakePromiseCommand } from './promises.commands';

@CommandHandler(MakePromiseCommand)
export class MakePromiseHandler implements ICommandHandler<MakePromiseCommand> {
  constructor(
    private readonly log: CaseLog,
    private readonly notes: Notes,
    private readonly queries: QueryBus,
  ) {}

  async execute({ context, debtorId, terms }: MakePromiseCommand): Promise<{ id: string }> {
    const { tenantId } = context;
    const { amount, currency, dueOn, receivableIds, note } = terms;
    const id = context.newId();
    const { items, account, movements } = await readMeans(this.log, this.queries, { tenantId, debtorId, receivableIds });
    return this.log.decide(eventContext(context), debtorId, async (tx, known) => {
      if (known.promises.has(id)) return { events: [], result: { id } };
      const today = await this.log.today(tx, tenantId);
      const madeOn = terms.madeOn ?? today;
      if (madeOn > today) {
        throw new Refusal('date-in-future', `Nobody has said anything on ${madeOn} yet.`, [{ field: 'madeOn', pointer: '/madeOn' }]);
      }
      const already = promisedAlready(known, movements, { today });
      const promised = { amount, currency, dueOn: localDate(dueOn) };
      demand(decidePromise(promised, today, items, receivableIds !== null, already) ?? aboveAccount(promised, account, already));
      const { promiseGraceDays: graceDays } = await readPolicy(this.log.store, tx);
      const personal = await this.notes.seal(tx, tenantId, personOf(debtorId), note);
      const said = {
        amount: String(amount),
        currency,
        dueOn,
        graceDays,
        receivableIds: receivableIds === null ? null : [...receivableIds],
      };
      const event = newEvent('PromiseMade', madeOn, { promiseId: id, debtorId, ...said, personal });
      return { events: [event], result: { id }, opened: id, claimed: { cashFrom: madeOn } };
    });
  }
}
