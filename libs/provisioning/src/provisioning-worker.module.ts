import { WorkerRegistry } from '@app/platform';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { CloseBookJob } from './closes/close-book.job';
import { CloseComputer } from './closes/compute-close';
import { RunProvisionJob } from './provision-runs/run-provision.job';
import { PostRunJob } from './posting/post-run.job';
import { ProvisioningModule } from './provisioning.module';
import { RecomputeProvisionJob } from './recompute-provision/recompute-provision.job';
import { RecomputeProvisionProcessor } from './recompute-provision/recompute-provision.processor';
import { VerifyRunJob } from './verify/verify-run.job';

/** What the worker does for provisioning: hears facts, computes runs and closes. */
@Module({
  imports: [ProvisioningModule],
  providers: [CloseComputer, CloseBookJob, RunProvisionJob, VerifyRunJob, PostRunJob, RecomputeProvisionJob, RecomputeProvisionProcessor],
})
export class ProvisioningWorkerModule implements OnModuleInit {
  constructor(
    @Inject(WorkerRegistry) private readonly registry: WorkerRegistry,
    @Inject(RunProvisionJob) private readonly runProvision: RunProvisionJob,
    @Inject(VerifyRunJob) private readonly verifyRun: VerifyRunJob,
    @Inject(PostRunJob) private readonly postRun: PostRunJob,
    @Inject(CloseBookJob) private readonly closeBook: CloseBookJob,
    @Inject(RecomputeProvisionJob) private readonly recompute: RecomputeProvisionJob,
    @Inject(RecomputeProvisionProcessor) private readonly processor: RecomputeProvisionProcessor,
  ) {}

  onModuleInit(): void {
    for (const job of [this.runProvision, this.verifyRun, this.postRun, this.closeBook, this.recompute]) this.registry.addJobHandler(job);
    this.registry.addProcessor(this.processor);
  }
}
