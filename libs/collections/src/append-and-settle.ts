import type { EventContext, EventStore, Position, StreamAppend, Tx } from '@app/event-store';

/** What a decision writes, and what it answers. */
export interface Decided<Result> {
  readonly appends: readonly StreamAppend[];
  readonly result: Result;
}

/** Reads, decides and writes in one transaction; answers once every later read sees what was written. */
export async function appendAndSettle<Result>(
  store: EventStore,
  context: EventContext,
  decide: (tx: Tx) => Promise<Decided<Result>>,
): Promise<Result> {
  const { result, last } = await store.database.transaction(context.tenantId, async (tx) => {
    const decided = await decide(tx);
    const appended = decided.appends.length === 0 ? [] : await store.append(tx, context, decided.appends);
    const position = appended.reduce<Position>((highest, { lastPosition }) => (lastPosition > highest ? lastPosition : highest), 0n);
    return { result: decided.result, last: position };
  });
  if (last > 0n) await store.settle(last);
  return result;
}
