import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { CommandHandler } from '@nestjs/cqrs';
import type { EventStore, JsonObject } from '@app/event-store';
import { EVENT_STORE, Refusal, eventContext } from '@app/platform';
import { appendToBook } from '../book/append-to-book';
import { lockBook } from '../book/book-lock';
import type { DebtorFact } from '../import-file/decide/debtor-history';
import { factInForce, loadDebtorHistories } from '../import-file/decide/debtor-history';
import type { DebtorAmendment } from './amend-debtor.command';
import { AmendDebtorCommand } from './amend-debtor.command';

@CommandHandler(AmendDebtorCommand)
export class AmendDebtorHandler implements ICommandHandler<AmendDebtorCommand> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ context, debtorId, amendment }: AmendDebtorCommand): Promise<{ id: string; changed: boolean }> {
    const { tenantId } = context;
    const id = context.newId();
    const position = await this.store.database.transaction(tenantId, async (tx) => {
      await lockBook(tx, tenantId);
      const history = (await loadDebtorHistories(tx, tenantId, [{ debtorId }])).get(debtorId);
      const known = history === undefined ? undefined : factInForce(history, amendment.effectiveOn);
      if (history === undefined || known === undefined) throw new Refusal('debtor-not-found', `There is no debtor ${debtorId}.`);
      const amended = amend(known, amendment);
      if (isSame(known, amended)) return undefined;
      return appendToBook(this.store, tx, eventContext(context), [
        {
          category: 'debtor',
          key: debtorId,
          expectedVersion: history.version,
          events: [{ type: 'DebtorAmended', effectiveOn: amendment.effectiveOn, data: dataOf(debtorId, amended) }],
        },
      ]);
    });
    if (position !== undefined) await this.store.settle(position);
    return { id, changed: position !== undefined };
  }
}

function amend(known: DebtorFact, { segment, relatedParty, creditImpaired, termsDays, creditLimit }: DebtorAmendment): DebtorFact {
  return {
    ...known,
    segment: segment ?? known.segment,
    relatedParty: relatedParty ?? known.relatedParty,
    creditImpaired: creditImpaired ?? known.creditImpaired,
    termsDays: termsDays === undefined ? known.termsDays : termsDays,
    creditLimit: creditLimit === undefined ? known.creditLimit : (creditLimit?.minor ?? null),
    creditLimitCurrency: creditLimit === undefined ? known.creditLimitCurrency : (creditLimit?.currency ?? null),
  };
}

const AMENDED = ['segment', 'relatedParty', 'creditImpaired', 'termsDays', 'creditLimit', 'creditLimitCurrency'] as const;

function isSame(known: DebtorFact, amended: DebtorFact): boolean {
  return AMENDED.every((name) => known[name] === amended[name]);
}

/** The whole new state; who the debtor is stays sealed in the envelope it came with. */
function dataOf(debtorId: string, fact: DebtorFact): JsonObject {
  return {
    debtorId,
    segment: fact.segment,
    relatedParty: fact.relatedParty,
    country: fact.country,
    termsDays: fact.termsDays,
    creditLimit: fact.creditLimit === null ? null : String(fact.creditLimit),
    creditLimitCurrency: fact.creditLimitCurrency,
    dated: true,
    ...(fact.creditImpaired ? { creditImpaired: true } : {}),
    personal: fact.envelope,
  };
}
