import { Module, type OnModuleInit } from '@nestjs/common';
import { WorkerRegistry } from '@app/platform';
import { AccessModule } from './access.module';
import { TenantZoneProcessor } from './change-tenant-settings/tenant-zone.processor';

/** What the worker does for access: tells the schedules where a tenant's days begin. */
@Module({ imports: [AccessModule], providers: [TenantZoneProcessor] })
export class AccessWorkerModule implements OnModuleInit {
  constructor(
    private readonly registry: WorkerRegistry,
    private readonly zones: TenantZoneProcessor,
  ) {}

  onModuleInit(): void {
    this.registry.addProcessor(this.zones);
  }
}
