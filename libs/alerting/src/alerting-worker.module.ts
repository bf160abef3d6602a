import { Module, type OnModuleInit } from '@nestjs/common';
import { WorkerRegistry } from '@app/platform';
import { AlertingModule } from './alerting.module';
import { ChannelSenders } from './deliver/channel-senders';
import { DeliverJob } from './deliver/deliver.job';
import { EvaluateRules } from './evaluate-rules/evaluate-rules';
import { EvaluateRulesJob } from './evaluate-rules/evaluate-rules.job';
import { EvaluateRulesProcessor } from './evaluate-rules/evaluate-rules.processor';

/** What alerting does by itself: hears closes, evaluates rules, delivers messages. Worker only. */
@Module({ imports: [AlertingModule], providers: [EvaluateRules, EvaluateRulesProcessor, EvaluateRulesJob, ChannelSenders, DeliverJob] })
export class AlertingWorkerModule implements OnModuleInit {
  constructor(
    private readonly registry: WorkerRegistry,
    private readonly processor: EvaluateRulesProcessor,
    private readonly evaluation: EvaluateRulesJob,
    private readonly delivery: DeliverJob,
  ) {}

  onModuleInit(): void {
    this.registry.addProcessor(this.processor);
    this.registry.addJobHandler(this.evaluation);
    this.registry.addJobHandler(this.delivery);
  }
}
