import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE, WorkerRegistry } from '@app/platform';
import { DisposeEntityJob } from './entities/dispose-entity.job';
import { ExposureProcessor } from './exposure/project-exposure.processor';
import { CheckpointRequests, TakeCheckpointsJob } from './exposure/take-checkpoints.job';
import { ImportJob } from './import-file/import.job';
import { ReceivablesModule } from './receivables.module';

/** What the worker does for receivables: takes files into the book, folds exposure, takes checkpoints. */
@Module({ imports: [ReceivablesModule], providers: [ImportJob, DisposeEntityJob, CheckpointRequests, TakeCheckpointsJob] })
export class ReceivablesWorkerModule implements OnModuleInit {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(WorkerRegistry) private readonly registry: WorkerRegistry,
    @Inject(ImportJob) private readonly imports: ImportJob,
    @Inject(DisposeEntityJob) private readonly disposals: DisposeEntityJob,
    @Inject(CheckpointRequests) private readonly checkpointRequests: CheckpointRequests,
    @Inject(TakeCheckpointsJob) private readonly checkpoints: TakeCheckpointsJob,
  ) {}

  onModuleInit(): void {
    this.registry.addProcessor(new ExposureProcessor(this.store, this.checkpointRequests.afterEntries));
    this.registry.addJobHandler(this.imports);
    this.registry.addJobHandler(this.disposals);
    this.registry.addJobHandler(this.checkpoints);
  }
}
