import { Injectable } from '@nestjs/common';
import type { EventContext, Tx } from '@app/event-store';
import { AlertingLog } from '../alerting-log';
import type { AppendPlan } from '../append-plan';
import { Notifier } from '../notify/notifier';
import { EpisodeSession } from './episode-session';
import { ensureEpisodes } from './rebuild-episodes';

/** Hands out the alerts and groups of a decision: one session a plan, and at the plan's end its groups go through the pipeline. */
@Injectable()
export class Episodes {
  readonly #sessions = new WeakMap<AppendPlan, EpisodeSession>();

  constructor(
    private readonly log: AlertingLog,
    private readonly notifier: Notifier,
  ) {}

  /** Inside `AlertingLog.decide`. */
  async session(tx: Tx, plan: AppendPlan, context: EventContext): Promise<EpisodeSession> {
    const known = this.#sessions.get(plan);
    if (known !== undefined) return known;
    await ensureEpisodes(tx, this.log.store, context.tenantId);
    const session = new EpisodeSession(context.tenantId);
    this.#sessions.set(plan, session);
    plan.onComplete(() => this.notifier.notify(tx, plan, context, session));
    return session;
  }
}
