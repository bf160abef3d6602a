import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock, type Job, type JobHandler, type JobOutcome } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { Episodes } from '../episodes/episodes';
import { hasDueGroup } from '../episodes/episode-tables';
import { MACHINE_PRINCIPAL } from '../ids';

/** The job that finds what has become due: held messages, digests, repeats, expired acknowledgements, escalations. */
export const NOTIFY_DUE = 'notify-due';

/** Every minute. Running it twice tells nothing twice: what was told is due no more. */
@Injectable()
export class NotifyDueJob implements JobHandler {
  readonly kind = NOTIFY_DUE;
  readonly queue = 'evaluate' as const;
  readonly attemptsMax = 20;
  readonly leaseSeconds = 60;

  constructor(
    private readonly log: AlertingLog,
    private readonly episodes: Episodes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run({ tenantId }: Pick<Job, 'tenantId'>): Promise<JobOutcome> {
    const now = this.clock.now();
    if (!(await this.log.database.read(tenantId, (tx) => hasDueGroup(tx, tenantId, now)))) return { outcome: 'done' };
    const context = { tenantId, principalId: MACHINE_PRINCIPAL, correlationId: randomUUID() };
    await this.log.decide(context, async (tx, plan) => {
      const session = await this.episodes.session(tx, plan, context);
      for (const { groupId } of await session.readGroups(tx, { dueBy: now })) session.touched.add(groupId);
    });
    return { outcome: 'done' };
  }
}
