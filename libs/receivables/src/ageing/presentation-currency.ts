import { isCurrency } from '@app/credit-domain';
import type { EventStore, Position, Tx } from '@app/event-store';
import { Refusal } from '@app/platform';

/** ISO 4217's code for "no currency": an empty book of a tenant that has not chosen one. */
export const NO_CURRENCY = 'XXX';

/**
 * The currency of a figure: the one asked for, else the book's only one, else the tenant's. A figure of an empty book that is computed again
 * asks for no currency by its code, and is told what the book says.
 * @throws Refusal `currency-unknown`, `presentation-currency-missing`
 */
export async function presentationCurrency(
  store: EventStore,
  tx: Tx,
  tenantId: number,
  asked: string | undefined,
  position: Position,
): Promise<string> {
  if (asked !== undefined && asked !== NO_CURRENCY) {
    if (!isCurrency(asked)) throw new Refusal('currency-unknown', `${asked} is not a currency code of ISO 4217.`, [{ field: 'currency' }]);
    return asked;
  }
  const rows = await tx.query<{ currency: string }>(
    'SELECT currency FROM rc.book_currency WHERE tenant_id = $1 AND position <= $2 ORDER BY currency LIMIT 2',
    [tenantId, position],
  );
  const [first, second] = rows;
  if (first !== undefined && second === undefined) return first.currency;
  const tenants = await tenantCurrency(store, tx, tenantId, position);
  if (tenants !== undefined) return tenants;
  if (first === undefined) return NO_CURRENCY;
  throw new Refusal(
    'presentation-currency-missing',
    'The book holds several currencies: name one with currency=…, or set the tenant’s with PUT /v1/tenant {"presentationCurrency": …}.',
    [{ field: 'currency' }],
  );
}

export async function tenantCurrency(store: EventStore, tx: Tx, tenantId: number, position: Position): Promise<string | undefined> {
  let currency: string | undefined;
  for (const event of await store.readStream(tx, 'tenant', String(tenantId), position)) {
    const chosen = event.data['presentationCurrency'];
    if (typeof chosen === 'string') currency = chosen;
  }
  return currency;
}
