import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { CommandHandler } from '@nestjs/cqrs';
import type { AllocatedPart, AllocationDecision, CreditBalance } from '@app/credit-domain';
import { allocateAsStated, allocateOldestFirst, formatAmount, localDate } from '@app/credit-domain';
import type { EventStore, Position, StreamAppend, Tx } from '@app/event-store';
import { EVENT_STORE, Refusal, eventContext } from '@app/platform';
import { appendToBook } from '../book/append-to-book';
import { lockBook } from '../book/book-lock';
import type { BookItem } from '../book/load-items';
import { NO_CREDIT, creditOf, findNumbers, loadCreditBalances, loadDebtorStreams, loadItems } from '../book/load-items';
import { contentHash } from '../import-file/rows/content-hash';
import type { Allocation, AllocationRequest } from './allocate-credit.command';
import { AllocateCreditCommand } from './allocate-credit.command';

/** Movement ids of an allocation begin with this, so that a repeated request finds them. */
const prefixOf = (allocationId: string): string => `allocation:${allocationId}:`;

@CommandHandler(AllocateCreditCommand)
export class AllocateCreditHandler implements ICommandHandler<AllocateCreditCommand> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ context, request }: AllocateCreditCommand): Promise<Allocation> {
    const { tenantId } = context;
    const id = context.newId();
    const { position, items } = await this.store.database.transaction(tenantId, async (tx) => {
      await lockBook(tx, tenantId);
      const earlier = await allocatedBefore(tx, tenantId, id);
      if (earlier.items.length > 0) return earlier;
      const parts = await decide(tx, tenantId, request);
      const last = await appendToBook(
        this.store,
        tx,
        eventContext(context),
        parts.map((part) => appendOf(id, request, part)),
      );
      return { position: last, items: parts.map(({ target, amount }) => itemOf(id, target.receivableId, amount)) };
    });
    await this.store.settle(position);
    const { debtorId, entityId, currency, effectiveOn } = request;
    return { id, debtorId, entityId, currency, effectiveOn, allocated: items.reduce((sum, item) => sum + item.amount, 0n), items };
  }
}

function itemOf(id: string, receivableId: string, amount: bigint): Allocation['items'][number] {
  return { receivableId, movementId: prefixOf(id) + receivableId, amount };
}

async function allocatedBefore(
  tx: Tx,
  tenantId: number,
  id: string,
): Promise<{ readonly position: Position; readonly items: Allocation['items'] }> {
  const prefix = prefixOf(id);
  const rows = await tx.query<{ movement_id: string; gross: bigint; position: bigint }>(
    `SELECT movement_id, gross, position FROM rc.movement
     WHERE tenant_id = $1 AND movement_id >= $2 COLLATE "C" AND movement_id < $3 COLLATE "C" ORDER BY position`,
    [tenantId, prefix, `${prefix.slice(0, -1)};`],
  );
  return {
    position: rows.at(-1)?.position ?? 0n,
    items: rows.map((row) => itemOf(id, row.movement_id.slice(prefix.length), -row.gross)),
  };
}

async function decide(tx: Tx, tenantId: number, request: AllocationRequest): Promise<readonly AllocatedPart<BookItem>[]> {
  const { debtorId, entityId, currency } = request;
  const debtor = (await loadDebtorStreams(tx, tenantId, [debtorId])).get(debtorId);
  if (debtor === undefined) throw new Refusal('debtor-not-found', `There is no debtor ${debtorId}.`);
  const credits = await loadCreditBalances(tx, tenantId, [debtor.debtorNo]);
  const credit = credits.get(creditOf(debtor.debtorNo, entityId, currency)) ?? NO_CREDIT;
  const decided =
    request.items === undefined
      ? allocateOldestFirst(credit, await owedBy(tx, tenantId, debtor.debtorNo, request), localDate(request.effectiveOn), request.amount)
      : await decideStated(tx, tenantId, request, request.items, credit);
  if (!decided.ok) throw refusalOf(decided, request);
  return decided.parts;
}

/** The debtor's receivables of the entity and currency that owe something today; what owes nothing today has nothing to take. */
async function owedBy(
  tx: Tx,
  tenantId: number,
  debtorNo: bigint,
  { entityId, currency, effectiveOn }: AllocationRequest,
): Promise<BookItem[]> {
  const rows = await tx.query<{ receivable_no: bigint }>(
    'SELECT receivable_no FROM rc.receivable WHERE tenant_id = $1 AND debtor_no = $2 AND currency = $3 AND outstanding > 0',
    [tenantId, debtorNo, currency],
  );
  const items = await loadItems(
    tx,
    tenantId,
    rows.map((row) => row.receivable_no),
    effectiveOn,
  );
  return items.filter((item) => item.entityId === entityId);
}

async function decideStated(
  tx: Tx,
  tenantId: number,
  request: AllocationRequest,
  stated: NonNullable<AllocationRequest['items']>,
  credit: CreditBalance,
): Promise<AllocationDecision<BookItem>> {
  const numbers = await findNumbers(
    tx,
    tenantId,
    stated.map((item) => item.receivableId),
  );
  const items = new Map((await loadItems(tx, tenantId, numbers, request.effectiveOn)).map((item) => [item.receivableId, item]));
  const parts = stated.map(({ receivableId, amount }, index) => ({
    target: targetOf(items.get(receivableId), receivableId, index, request),
    amount,
  }));
  return allocateAsStated(credit, parts, localDate(request.effectiveOn));
}

/** Credit belongs to a debtor in an entity and currency, and pays for nothing else. */
function targetOf(item: BookItem | undefined, receivableId: string, index: number, request: AllocationRequest): BookItem {
  const place = [{ field: `items[${String(index)}].receivableId`, pointer: `/items/${String(index)}/receivableId` }];
  if (item === undefined) throw new Refusal('receivable-unknown', `There is no receivable ${receivableId}.`, place);
  const { debtorId, currency, entityId } = request;
  if (item.debtorId !== debtorId) throw new Refusal('debtor-mismatch', `Receivable ${receivableId} is owed by ${item.debtorId}.`, place);
  if (item.currency !== currency) throw new Refusal('currency-mismatch', `Receivable ${receivableId} is in ${item.currency}.`, place);
  if (item.entityId !== entityId) {
    throw new Refusal('entity-mismatch', `Receivable ${receivableId} belongs to the entity ${item.entityId}.`, place);
  }
  return item;
}

/** The domain speaks in minor units; who reads the refusal thinks in the currency. */
function refusalOf({ refused, index }: Extract<AllocationDecision<BookItem>, { ok: false }>, { currency }: AllocationRequest): Refusal {
  const text = refused.detail.replace(
    /(-?\d+) minor units/,
    (_all, minor: string) => `${formatAmount(BigInt(minor), currency)} ${currency}`,
  );
  const detail = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  if (index !== undefined) {
    return new Refusal(refused.code, detail, [{ field: `items[${String(index)}].amount`, pointer: `/items/${String(index)}/amount` }]);
  }
  return new Refusal(refused.code, detail, refused.field === undefined ? [] : [{ field: refused.field, pointer: `/${refused.field}` }]);
}

function appendOf(id: string, { effectiveOn }: AllocationRequest, { target, amount }: AllocatedPart<BookItem>): StreamAppend {
  const { movementId } = itemOf(id, target.receivableId, amount);
  const change = String(-amount);
  const data = {
    movementId,
    receivableId: target.receivableId,
    debtorId: target.debtorId,
    entityId: target.entityId,
    type: 'allocation',
    currency: target.currency,
    amount: String(amount),
    gross: change,
    credit: change,
    recovered: '0',
    reference: `allocation ${id}`,
    reason: '',
    attributes: {},
    contentHash: contentHash([movementId, change, effectiveOn], {}),
  };
  return {
    category: 'receivable',
    key: target.receivableId,
    expectedVersion: target.version,
    events: [{ type: 'ReceivableMovementRecorded', effectiveOn, data }],
  };
}
