import type { DebtorHistory, FxRate } from '@app/credit-domain';
import { isCurrency } from '@app/credit-domain';
import type { EventStore, Position, Tx } from '@app/event-store';
import { Refusal } from '@app/platform';
import { NO_CURRENCY, tenantCurrency } from '../ageing/presentation-currency';
import { EVENT_CODES } from '../events';
import type { DebtorFactRow } from '../histories/debtor-fact-row';
import { debtorHistoriesOf } from '../histories/debtor-fact-row';
import type { ReadDebtorHistoriesQuery } from '../histories/histories.queries';

/** The rate of every pair in force at (asOf, position): the latest date not after asOf, and of that date what was recorded last. */
export async function fxRatesFromLog(tx: Tx, tenantId: number, asOf: string, position: Position): Promise<FxRate[]> {
  const rows = await tx.query<{ base: string; quote: string; rate: string; effective_on: string }>(
    `SELECT DISTINCT ON (base, quote) e.data->>'base' AS base, e.data->>'quote' AS quote, (e.data->>'rate')::numeric::text AS rate, e.effective_on
       FROM es.event e
      WHERE e.tenant_id = $1 AND e.effective_on <= $2 AND e.position <= $3 AND e.type = $4
      ORDER BY base, quote, e.effective_on DESC, e.position DESC`,
    [tenantId, asOf, position, EVENT_CODES.FxRateRecorded],
  );
  return rows.map((row) => ({ base: row.base, quote: row.quote, rate: row.rate, effectiveOn: row.effective_on }));
}

/** Refused `currency-unknown`, `presentation-currency-missing`. */
export async function presentationCurrencyFromLog(
  store: EventStore,
  tx: Tx,
  asked: { readonly tenantId: number; readonly requested: string | undefined; readonly position: Position },
): Promise<string> {
  const { tenantId, requested, position } = asked;
  if (requested !== undefined && requested !== NO_CURRENCY) {
    if (!isCurrency(requested))
      throw new Refusal('currency-unknown', `${requested} is not a currency code of ISO 4217.`, [{ field: 'currency' }]);
    return requested;
  }
  const rows = await tx.query<{ currency: string }>(
    `SELECT DISTINCT e.data->>'currency' AS currency FROM es.event e WHERE e.tenant_id = $1 AND e.position <= $2 AND e.type = $3 LIMIT 2`,
    [tenantId, position, EVENT_CODES.ReceivableRecognised],
  );
  const [first, second] = rows;
  if (first !== undefined && second === undefined) return first.currency;
  const tenants = await tenantCurrency(store, tx, tenantId, position);
  if (tenants !== undefined) return tenants;
  if (first === undefined) return NO_CURRENCY;
  throw new Refusal('presentation-currency-missing', 'The book holds several currencies and the tenant has chosen none.', [
    { field: 'currency' },
  ]);
}

/** The dated facts of debtors by position. */
export async function debtorHistoriesFromLog(
  tx: Tx,
  tenantId: number,
  { position, debtorIds, everImpaired = false }: ReadDebtorHistoriesQuery['request'],
): Promise<DebtorHistory[]> {
  const rows = await tx.query<DebtorFactRow>(
    `SELECT e.stream_id AS debtor_no, e.data->>'debtorId' AS debtor_id, e.effective_on, e.position, e.data->>'segment' AS segment,
            (e.data->>'relatedParty')::boolean AS related_party, coalesce((e.data->>'creditImpaired')::boolean, false) AS credit_impaired,
            e.data->>'country' AS country
       FROM es.event e
      WHERE e.tenant_id = $1 AND e.position <= $2 AND e.type IN ($3, $4) ${debtorIds === undefined ? '' : `AND e.data->>'debtorId' = ANY($5::text[])`}
      ORDER BY e.stream_id, e.position`,
    [tenantId, position, EVENT_CODES.DebtorRegistered, EVENT_CODES.DebtorAmended, ...(debtorIds === undefined ? [] : [debtorIds])],
  );
  const found = debtorHistoriesOf(rows);
  return everImpaired ? found.filter(({ facts }) => facts.some(({ creditImpaired }) => creditImpaired)) : found;
}
