import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { QueryHandler } from '@nestjs/cqrs';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Translator, fxRatesAt } from '../ageing/fx-rates';
import { presentationCurrency } from '../ageing/presentation-currency';
import { readAt, readAtPosition } from '../exposure/read-at';
import { readWriteOffRegister } from './read-write-off-register';
import type { PresentedWriteOffRegister, WriteOffAmounts, WriteOffRegister, WriteOffTotal } from './write-off-register.queries';
import { ListWriteOffsQuery, ReadWriteOffRegisterQuery } from './write-off-register.queries';

@QueryHandler(ReadWriteOffRegisterQuery)
export class ReadWriteOffRegisterHandler implements IQueryHandler<ReadWriteOffRegisterQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ReadWriteOffRegisterQuery): Promise<WriteOffRegister> {
    return readAtPosition(this.store, tenantId, request.position, (tx) => readWriteOffRegister(tx, tenantId, request));
  }
}

@QueryHandler(ListWriteOffsQuery)
export class ListWriteOffsHandler implements IQueryHandler<ListWriteOffsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ListWriteOffsQuery): Promise<PresentedWriteOffRegister> {
    const { asOf, knownAt, currency: asked, ...page } = request;
    return readAt(this.store, tenantId, knownAt, async (tx, known) => {
      const register = await readWriteOffRegister(tx, tenantId, { asOf, position: known.position, ...page });
      const currency = await presentationCurrency(this.store, tx, tenantId, asked, known.position);
      const isForeign = register.totals.some((total) => total.currency !== currency);
      const rates = isForeign ? await fxRatesAt(tx, tenantId, asOf, known.position) : [];
      return { asOf, ...known, ...register, currency, total: presented(register.totals, new Translator(rates, asOf, currency)) };
    });
  }
}

/** Each currency is translated once. */
function presented(totals: readonly WriteOffTotal[], translator: Translator): WriteOffAmounts {
  const sum = (amountOf: (total: WriteOffTotal) => bigint): bigint =>
    totals.reduce((all, total) => all + translator.translate(amountOf(total), total.currency), 0n);
  return {
    writtenOff: sum((total) => total.writtenOff),
    recovered: sum((total) => total.recovered),
    underEnforcement: sum((total) => total.underEnforcement),
  };
}
