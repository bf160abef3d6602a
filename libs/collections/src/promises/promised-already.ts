import type { QueryBus } from '@nestjs/cqrs';
import { cashPieces, judgeClaims, type CashMovement, type LocalDate, type OwedItem, type PromisedAlready } from '@app/credit-domain';
import { ReadDebtorCashQuery, ReadOwedItemsQuery } from '@app/receivables';
import type { CaseLog } from '../case/case-log';
import { NO_CASE, promiseStateOf, type DebtorCase } from '../case/debtor-case';
import { cashFrom, claimsOf } from './case-claims';

/** What a debtor owes and has paid, to tell how much it can promise. Read before the decision, which holds the debtor's lock. */
export interface DebtorMeans {
  /** What the promise is for. */
  readonly items: readonly OwedItem[];
  /** Everything the debtor owes. */
  readonly account: readonly OwedItem[];
  readonly movements: readonly CashMovement[];
}

/** @throws Refusal `debtor-not-found`, `receivable-unknown`, `debtor-mismatch` */
export async function readMeans(
  log: CaseLog,
  queries: QueryBus,
  request: { readonly tenantId: number; readonly debtorId: string; readonly receivableIds: readonly string[] | null },
): Promise<DebtorMeans> {
  const { tenantId, debtorId, receivableIds } = request;
  const items = await queries.execute(new ReadOwedItemsQuery(tenantId, { debtorId, receivableIds }));
  const account =
    receivableIds === null ? items : await queries.execute(new ReadOwedItemsQuery(tenantId, { debtorId, receivableIds: null }));
  const { known, position } = await log.store.database.read(tenantId, async (tx) => ({
    known: (await log.cases(tx, [debtorId])).get(debtorId) ?? NO_CASE(debtorId),
    position: (await log.store.latestSettled(tx)).position,
  }));
  const from = cashFrom(claimsOf(known));
  const isPromised = [...known.promises.values()].some((promise) => promiseStateOf(promise) === 'open');
  if (from === null || !isPromised) return { items, account, movements: [] };
  const cash = await queries.execute(new ReadDebtorCashQuery(tenantId, { position, debtors: [{ debtorId, from }] }));
  return { items, account, movements: cash.get(debtorId) ?? [] };
}

/** What the open promises of a debtor still ask for; one of them left out, where it is the one to be changed. */
export function promisedAlready(
  known: DebtorCase,
  movements: readonly CashMovement[],
  { today, except }: { readonly today: LocalDate; readonly except?: string },
): PromisedAlready[] {
  const claims = claimsOf(known).map(({ claim }) => claim);
  const paid = new Map(judgeClaims(claims, cashPieces(movements, today), today).map((judgement) => [judgement.claimId, judgement.paid]));
  return [...known.promises.values()]
    .filter((promise) => promise.id !== except && promiseStateOf(promise) === 'open')
    .map(({ id, amount, currency, receivableIds }) => ({ currency, receivableIds, left: amount - (paid.get(id) ?? 0n) }));
}
