import { Inject, Injectable } from '@nestjs/common';
import type { Database, EventContext, EventStore, JsonObject, Position, StreamAppend, Tx } from '@app/event-store';
import { CLOCK, CONFIG, DATABASE, EVENT_STORE, type Clock, type Configuration } from '@app/platform';
import { PRINCIPAL, TENANT } from './events';
import { foldPrincipal, foldPrincipals, type Principal } from './principal';
import { only, retryingConflicts, type Decide } from './stream-writer';
import { foldTenant, type RecordedTenant, type TenantSettings } from './tenant';

/** Reads and writes the streams of this feature: tenants and principals. */
@Injectable()
export class AccessLog {
  constructor(
    @Inject(DATABASE) readonly database: Database,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly configuration: Configuration,
  ) {}

  /** Decides and appends in one transaction, retried on conflicts, and answers once every later read sees it. */
  async decide<Result>(tenantId: number, work: Decide<Result>): Promise<Result> {
    const { result, appended } = await retryingConflicts(() => this.database.transaction(tenantId, work));
    if (appended !== null) await this.store.settle(appended.lastPosition);
    return result;
  }

  async append(
    tx: Tx,
    context: EventContext,
    stream: Omit<StreamAppend, 'events'>,
    type: string,
    data: JsonObject,
  ): ReturnType<typeof this.appendOne> {
    return this.appendOne(tx, context, { ...stream, events: [{ type, effectiveOn: this.clock.today(), data }] });
  }

  async principal(tx: Tx, principalId: string, upTo?: Position): Promise<Principal | null> {
    return foldPrincipal(await this.store.readStream(tx, PRINCIPAL, principalId, upTo));
  }

  async principals(tx: Tx, upTo?: Position): Promise<Principal[]> {
    return foldPrincipals(await this.store.readCategory(tx, PRINCIPAL, upTo));
  }

  async tenant(tx: Tx, tenantId: number, upTo?: Position): Promise<RecordedTenant | null> {
    return foldTenant(await this.store.readStream(tx, TENANT, String(tenantId), upTo));
  }

  /** A tenant's settings, with those of the installation where it has none. */
  settings(tenant: RecordedTenant): TenantSettings {
    return { ...tenant, timeZone: tenant.timeZone ?? this.configuration.timeZone };
  }

  async settledPosition(tx: Tx): Promise<Position> {
    return (await this.store.latestSettled(tx)).position;
  }

  private async appendOne(tx: Tx, context: EventContext, append: StreamAppend) {
    return only(await this.store.append(tx, context, [append]));
  }
}
