import { DEFAULT_ACCOUNTS, type AccountMapping } from '@app/credit-domain';
import { canonicalJson, VersionConflict, type EventStore } from '@app/event-store';
import { CLOCK, EVENT_STORE, eventContext, type Clock } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { newEvent } from '../event-data';
import { requireKindsWithLosses } from '../policy/kinds';
import { GetAccountMappingQuery, SetAccountMappingCommand } from './account-mapping.command';
import { ACCOUNT_MAPPING_CATEGORY, ACCOUNT_MAPPING_KEY, foldAccountMapping, type AccountMappingState } from './account-mapping.fold';

@CommandHandler(SetAccountMappingCommand)
export class SetAccountMappingHandler implements ICommandHandler<SetAccountMappingCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(command: SetAccountMappingCommand): Promise<AccountMapping> {
    const { context, mapping } = command;
    requireKindsWithLosses(Object.keys(mapping.byKind), 'byKind');
    const byKind = Object.fromEntries(
      Object.entries(mapping.byKind).map(([kind, codes]): [string, Record<string, string>] => [kind, { ...codes }]),
    );
    const stated = { accounts: { ...DEFAULT_ACCOUNTS, ...mapping.accounts }, byKind };
    const known = await readAccountMapping(this.store, context.tenantId);
    if (canonicalJson({ accounts: known.accounts, byKind: known.byKind }) === canonicalJson(stated)) return stated;
    try {
      const appended = await this.store.appendSingle(eventContext(context), {
        category: ACCOUNT_MAPPING_CATEGORY,
        key: ACCOUNT_MAPPING_KEY,
        expectedVersion: known.version,
        events: [newEvent('AccountMappingSet', this.clock.today(), stated)],
      });
      await this.store.settle(appended.lastPosition);
      return stated;
    } catch (error) {
      // Somebody stated another mapping meanwhile: this one is the later.
      if (!(error instanceof VersionConflict)) throw error;
      return this.execute(command);
    }
  }
}

@QueryHandler(GetAccountMappingQuery)
export class GetAccountMappingHandler implements IQueryHandler<GetAccountMappingQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId }: GetAccountMappingQuery): Promise<AccountMapping> {
    return readAccountMapping(this.store, tenantId);
  }
}

export async function readAccountMapping(store: EventStore, tenantId: number): Promise<AccountMappingState> {
  return foldAccountMapping(
    await store.database.read(tenantId, (tx) => store.readStream(tx, ACCOUNT_MAPPING_CATEGORY, ACCOUNT_MAPPING_KEY)),
  );
}
