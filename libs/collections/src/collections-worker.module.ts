import { Module, type OnModuleInit } from '@nestjs/common';
import { WorkerRegistry } from '@app/platform';
import { JUDGE_CLAIMS } from './case/case-log';
import { CollectionsModule } from './collections.module';
import { DunningWorkerModule } from './dunning/dunning-worker.module';
import { JudgeClaims } from './promises/judge-claims';
import { JudgeClaimsJob } from './promises/judge-claims.job';
import { SeeCashProcessor } from './promises/see-cash.processor';
import { TimelineProcessor } from './timeline/timeline.processor';

/** What collections does by itself: judges promises, sends dunning letters, keeps the worklist. Worker only. */
@Module({
  imports: [CollectionsModule, DunningWorkerModule],
  providers: [JudgeClaims, JudgeClaimsJob, SeeCashProcessor, TimelineProcessor],
})
export class CollectionsWorkerModule implements OnModuleInit {
  constructor(
    private readonly registry: WorkerRegistry,
    private readonly judgements: JudgeClaimsJob,
    private readonly cash: SeeCashProcessor,
    private readonly timeline: TimelineProcessor,
  ) {}

  onModuleInit(): void {
    this.registry.addProcessor(this.cash);
    this.registry.addProcessor(this.timeline);
    this.registry.addJobHandler(this.judgements);
    this.registry.addSchedule({ name: JUDGE_CLAIMS, kind: JUDGE_CLAIMS, every: 'day' });
  }
}
