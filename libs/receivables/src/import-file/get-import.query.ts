import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import type { ImportRecord } from './import-record';
import { findImport, listImports } from './import-record';

/** How far an import has come. @throws Refusal `import-not-found` */
export class GetImportQuery extends Query<ImportRecord> {
  constructor(
    readonly tenantId: number,
    readonly importId: string,
  ) {
    super();
  }
}

/** Accepted imports, the latest first; `before` is the `queueOrder` of the last one of the previous page. */
export class ListImportsQuery extends Query<ImportRecord[]> {
  constructor(
    readonly tenantId: number,
    readonly before: bigint | undefined,
    readonly limit: number,
  ) {
    super();
  }
}

@QueryHandler(GetImportQuery)
export class GetImportHandler implements IQueryHandler<GetImportQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, importId }: GetImportQuery): Promise<ImportRecord> {
    return this.store.database.read(tenantId, async (tx) => {
      const found = await findImport(tx, tenantId, importId);
      if (found === undefined || found.status === 'receiving') throw importNotFound(importId);
      return found;
    });
  }
}

@QueryHandler(ListImportsQuery)
export class ListImportsHandler implements IQueryHandler<ListImportsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, before, limit }: ListImportsQuery): Promise<ImportRecord[]> {
    return this.store.database.read(tenantId, (tx) => listImports(tx, tenantId, before, limit));
  }
}

export function importNotFound(importId: string): Refusal {
  return new Refusal('import-not-found', `There is no import ${JSON.stringify(importId)}.`);
}
