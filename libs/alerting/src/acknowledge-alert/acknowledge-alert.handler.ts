import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Tx } from '@app/event-store';
import { CLOCK, eventContext, Refusal, type Clock } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import type { Episode } from '../episodes/episode';
import type { EpisodeSession } from '../episodes/episode-session';
import { Episodes } from '../episodes/episodes';
import { newEvent } from '../event-data';
import { ALERT } from '../events';
import { ACKNOWLEDGEMENT_DAYS, ACKNOWLEDGEMENT_DAYS_MAX, AcknowledgeAlert, type AcknowledgementScope } from './acknowledge-alert.command';

const DAY_MS = 86_400_000;

@CommandHandler(AcknowledgeAlert)
export class AcknowledgeAlertHandler implements ICommandHandler<AcknowledgeAlert> {
  constructor(
    private readonly log: AlertingLog,
    private readonly episodes: Episodes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ context, alertId, note, by }: AcknowledgeAlert): Promise<void> {
    const now = this.clock.now();
    const expiresAt = expiryOf(by.expiresAt, now);
    await this.log.decide(eventContext(context), async (tx, plan) => {
      const session = await this.episodes.session(tx, plan, eventContext(context));
      const [alert] = await session.byId(tx, [alertId]);
      if (alert === undefined) throw new Refusal('alert-not-found', `There is no alert ${alertId}.`);
      if (!alert.state.isOpen) throw new Refusal('alert-not-open', `Alert ${alertId} is not open.`);
      const { owner } = by;
      const isOther = owner !== null || by.expiresAt !== null;
      for (const { alertId: id, acknowledgedUntil } of await this.#covered(tx, session, alert, by.scope)) {
        const inForce = acknowledgedUntil !== null && Date.parse(acknowledgedUntil) > now.getTime();
        if (inForce && !isOther) continue;
        const data = { alertId: id, note, owner: owner ?? context.principalId, expiresAt: expiresAt.toISOString() };
        session.append(plan, ALERT, id, newEvent('AlertAcknowledged', this.log.today(), data), now);
      }
    });
  }

  async #covered(tx: Tx, session: EpisodeSession, alert: Episode, scope: AcknowledgementScope = 'alert'): Promise<readonly Episode[]> {
    if (scope === 'alert' || alert.groupId === null) return [alert];
    await session.readGroups(tx, { ids: [alert.groupId] });
    return session.members(alert.groupId).filter(({ state }) => state.isOpen);
  }
}

/** Refused `acknowledgement-expiry`. */
function expiryOf(asked: string | null, now: Date): Date {
  if (asked === null) return new Date(now.getTime() + ACKNOWLEDGEMENT_DAYS * DAY_MS);
  const expiresAt = new Date(asked);
  const latest = now.getTime() + ACKNOWLEDGEMENT_DAYS_MAX * DAY_MS;
  if (expiresAt.getTime() > now.getTime() && expiresAt.getTime() <= latest) return expiresAt;
  throw new Refusal('acknowledgement-expiry', `expiresAt must lie ahead, at most ${String(ACKNOWLEDGEMENT_DAYS_MAX)} days.`, [
    { field: 'expiresAt', pointer: '/expiresAt' },
  ]);
}
