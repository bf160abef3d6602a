import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { eventContext, Refusal } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { newEvent } from '../event-data';
import { ALERT } from '../events';
import { AcknowledgeAlert } from './acknowledge-alert.command';

@CommandHandler(AcknowledgeAlert)
export class AcknowledgeAlertHandler implements ICommandHandler<AcknowledgeAlert> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ context, alertId, note }: AcknowledgeAlert): Promise<void> {
    await this.log.decide(eventContext(context), async (tx, plan) => {
      const alert = await this.log.alert(tx, alertId);
      if (alert === null) throw new Refusal('alert-not-found', `There is no alert ${alertId}.`);
      if (alert.acknowledged !== null) return;
      plan.add(ALERT, alertId, alert.streamVersion, newEvent('AlertAcknowledged', this.log.today(), { alertId, note }));
    });
  }
}
