import { Module, type OnModuleInit } from '@nestjs/common';
import { WorkerRegistry } from '@app/platform';
import { AlertingModule } from './alerting.module';
import { ChannelSenders } from './deliver/channel-senders';
import { CHANNEL_HEALTH_SCHEDULE, ChannelHealthJob } from './deliver/channel-health.job';
import { DunningMailProcessor } from './dunning-mail/dunning-mail.processor';
import { SendDunningMailJob } from './dunning-mail/send-dunning-mail.job';
import { DeliverJob } from './deliver/deliver.job';
import { DeliveriesProcessor } from './deliver/deliveries.processor';
import { DeliveryAttempts } from './deliver/delivery-attempts';
import { DeliveryLoader } from './deliver/delivery-loader';
import { Fallbacks } from './deliver/fallback';
import { NOTIFY_DUE, NotifyDueJob } from './notify/notify-due.job';
import { EvaluateRules } from './evaluate-rules/evaluate-rules';
import { EvaluateRulesJob } from './evaluate-rules/evaluate-rules.job';
import { EvaluateRulesProcessor } from './evaluate-rules/evaluate-rules.processor';
import { ChainCheck } from './signals/chain-check';
import { EvaluateSignals } from './signals/evaluate-signals';
import { EvaluateSignalsJob } from './signals/evaluate-signals.job';
import { ProjectionCheck } from './signals/projection-check';
import { SignalFigures } from './signals/signal-figures';
import { EVALUATE_SIGNALS_OF_DAY, WATCH_JOBS } from './signals/signal-jobs';
import { SignalsProcessor } from './signals/signals.processor';

/** What alerting does by itself: hears closes, evaluates rules, delivers messages. Worker only. */
@Module({
  imports: [AlertingModule],
  providers: [
    EvaluateRules,
    EvaluateRulesProcessor,
    EvaluateRulesJob,
    NotifyDueJob,
    ChannelSenders,
    Fallbacks,
    DeliveryLoader,
    DeliveryAttempts,
    DeliverJob,
    ChannelHealthJob,
    DeliveriesProcessor,
    ChainCheck,
    ProjectionCheck,
    SignalFigures,
    EvaluateSignals,
    EvaluateSignalsJob,
    SignalsProcessor,
    DunningMailProcessor,
    SendDunningMailJob,
  ],
})
export class AlertingWorkerModule implements OnModuleInit {
  constructor(
    private readonly registry: WorkerRegistry,
    private readonly processor: EvaluateRulesProcessor,
    private readonly evaluation: EvaluateRulesJob,
    private readonly delivery: DeliverJob,
    private readonly due: NotifyDueJob,
    private readonly deliveries: DeliveriesProcessor,
    private readonly channelHealth: ChannelHealthJob,
    private readonly signals: SignalsProcessor,
    private readonly signalEvaluation: EvaluateSignalsJob,
    private readonly dunningLetters: DunningMailProcessor,
    private readonly dunningMail: SendDunningMailJob,
  ) {}

  onModuleInit(): void {
    this.registry.addProcessor(this.processor);
    this.registry.addJobHandler(this.evaluation);
    this.registry.addJobHandler(this.delivery);
    this.registry.addJobHandler(this.due);
    this.registry.addSchedule({ name: NOTIFY_DUE, kind: NOTIFY_DUE, every: 'minute' });
    this.registry.addProcessor(this.deliveries);
    this.registry.addJobHandler(this.channelHealth);
    this.registry.addSchedule({ name: CHANNEL_HEALTH_SCHEDULE, kind: this.channelHealth.kind, every: 'minute' });
    this.registry.addProcessor(this.dunningLetters);
    this.registry.addJobHandler(this.dunningMail);
    this.registry.addProcessor(this.signals);
    this.registry.addJobHandler(this.signalEvaluation);
    this.registry.addSchedule({ name: EVALUATE_SIGNALS_OF_DAY, kind: this.signalEvaluation.kind, every: 'day' });
    this.registry.addSchedule({ name: WATCH_JOBS, kind: this.signalEvaluation.kind, every: 'minute' });
  }
}
