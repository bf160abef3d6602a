import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { WorkerRegistry } from '@app/platform';
import { CollectionsModule } from '../collections.module';
import { WorkFactsProcessor } from '../worklist/project-work-facts.processor';
import { DunningProcessor } from './project-dunning.processor';
import { RUN_DUNNING, RunDunningJob } from './run-dunning.job';

/** What dunning and the worklist do by themselves: keep their tables, and make the run of the day. Worker only. */
@Module({ imports: [CollectionsModule], providers: [DunningProcessor, WorkFactsProcessor, RunDunningJob] })
export class DunningWorkerModule implements OnModuleInit {
  constructor(
    @Inject(WorkerRegistry) private readonly registry: WorkerRegistry,
    private readonly processor: DunningProcessor,
    private readonly workFacts: WorkFactsProcessor,
    private readonly job: RunDunningJob,
  ) {}

  onModuleInit(): void {
    this.registry.addProcessor(this.processor);
    this.registry.addProcessor(this.workFacts);
    this.registry.addJobHandler(this.job);
    this.registry.addSchedule({ name: 'daily-dunning', kind: RUN_DUNNING, every: 'day' });
  }
}
