import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AccessWorkerModule } from '@app/access';
import { AlertingWorkerModule } from '@app/alerting';
import { CollectionsWorkerModule } from '@app/collections';
import { PlatformModule, type PlatformResources } from '@app/platform';
import { ProvisioningWorkerModule } from '@app/provisioning';
import { ReceivablesWorkerModule } from '@app/receivables';

/** Everything that works without being asked: processors, jobs and schedules of every feature. */
@Module({})
export class WorkerModule {
  static with(resources: PlatformResources): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        CqrsModule.forRoot(),
        PlatformModule.with(resources),
        AccessWorkerModule,
        ReceivablesWorkerModule,
        ProvisioningWorkerModule,
        CollectionsWorkerModule,
        AlertingWorkerModule,
      ],
    };
  }
}
