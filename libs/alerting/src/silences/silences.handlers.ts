import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { isSilenceable, SILENCE_DAYS_MAX, silenceMatches, type SilenceMatcher } from '@app/credit-domain';
import type { Tx } from '@app/event-store';
import { CLOCK, eventContext, Refusal, type Clock } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import type { EpisodeSession } from '../episodes/episode-session';
import { Episodes } from '../episodes/episodes';
import { newEvent } from '../event-data';
import { SILENCE } from '../events';
import { newestFirst } from '../list-alerts/list-alerts.handler';
import type { ListPage } from '../list-alerts/list-alerts.query';
import { silenced } from '../notify/silence-ends';
import type { RecordedSilence } from './silence';
import { CreateSilence, EndSilence, type SilenceRequest } from './silences.commands';
import { ListSilencesQuery } from './silences.query';

const DAY_MS = 86_400_000;

@CommandHandler(CreateSilence)
export class CreateSilenceHandler implements ICommandHandler<CreateSilence> {
  constructor(
    private readonly log: AlertingLog,
    private readonly episodes: Episodes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ context, request }: CreateSilence): Promise<{ id: string }> {
    const silenceId = context.newId();
    return this.log.decide(eventContext(context), async (tx, plan) => {
      // The identifier is the same on a second attempt with the same Idempotency-Key: then the work is already done.
      if ((await this.log.silences(tx)).some((silence) => silence.silenceId === silenceId)) return { id: silenceId };
      const period = periodOf(request, this.clock.now());
      const session = await this.episodes.session(tx, plan, eventContext(context));
      await requireSilenceable(tx, session, request.matchers);
      const open = await session.open(tx);
      const about = open.filter((episode) => silenceMatches(request, silenced(episode))).map(({ alertId }) => alertId);
      const { matchers, reason } = request;
      const data = { silenceId, matchers: matchers.map((matcher) => ({ ...matcher })), ...period, reason, about };
      plan.add(SILENCE, silenceId, 0, newEvent('SilenceCreated', this.log.today(), data));
      return { id: silenceId };
    });
  }
}

@CommandHandler(EndSilence)
export class EndSilenceHandler implements ICommandHandler<EndSilence> {
  constructor(
    private readonly log: AlertingLog,
    private readonly episodes: Episodes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ context, silenceId }: EndSilence): Promise<void> {
    await this.log.decide(eventContext(context), async (tx, plan) => {
      const silence = (await this.log.silences(tx)).find((candidate) => candidate.silenceId === silenceId);
      if (silence === undefined) throw new Refusal('silence-not-found', `There is no silence ${silenceId}.`);
      const at = this.clock.now();
      if (silence.ended !== null || silence.endsAt <= at.getTime()) return;
      const data = { silenceId, at: at.toISOString(), reason: 'by-hand' as const, alertId: null };
      plan.add(SILENCE, silenceId, silence.streamVersion, newEvent('SilenceEnded', this.log.today(), data));
      // What waited for the end of the silence, repeats among it, is told in the same decision.
      const session = await this.episodes.session(tx, plan, eventContext(context));
      session.endedSilences.add(silenceId);
      await session.touchOpen(tx);
    });
  }
}

@QueryHandler(ListSilencesQuery)
export class ListSilencesHandler implements IQueryHandler<ListSilencesQuery> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ tenantId, from, limit }: ListSilencesQuery): Promise<ListPage<RecordedSilence>> {
    return this.log.database.read(tenantId, async (tx) => {
      const position = from?.position ?? (await this.log.settledPosition(tx));
      return { position, items: newestFirst(await this.log.silences(tx, position), from, limit) };
    });
  }
}

/** Refused `silence-period-invalid`. */
function periodOf({ startsAt, endsAt }: SilenceRequest, now: Date): { startsAt: string; endsAt: string } {
  const start = startsAt === null ? now : new Date(startsAt);
  const end = new Date(endsAt);
  const refuse = (detail: string): Refusal => new Refusal('silence-period-invalid', detail, [{ field: 'endsAt', pointer: '/endsAt' }]);
  if (end.getTime() <= start.getTime()) throw refuse('endsAt must be after startsAt.');
  if (end.getTime() <= now.getTime()) throw refuse('endsAt must lie ahead.');
  if (end.getTime() - start.getTime() > SILENCE_DAYS_MAX * DAY_MS) {
    throw refuse(`A silence lasts at most ${String(SILENCE_DAYS_MAX)} days.`);
  }
  return { startsAt: start.toISOString(), endsAt: end.toISOString() };
}

/** A silence that names what no silence covers would only seem to work. Refused `alert-not-silenceable`, `alert-not-found`. */
async function requireSilenceable(tx: Tx, session: EpisodeSession, matchers: readonly SilenceMatcher[]): Promise<void> {
  for (const [index, { label, operator, value }] of matchers.entries()) {
    if (operator !== '=') continue;
    const place = [{ field: `matchers[${String(index)}].value`, pointer: `/matchers/${String(index)}/value` }];
    const types = label === 'ruleType' ? [value] : [];
    if (label === 'alertId') {
      const [alert] = await session.byId(tx, [value]);
      if (alert === undefined) throw new Refusal('alert-not-found', `There is no alert ${value}.`, place);
      types.push(alert.ruleType);
    }
    const type = types.find((candidate) => !isSilenceable(candidate));
    if (type !== undefined) throw new Refusal('alert-not-silenceable', `Alerts of type ${type} cannot be silenced.`, place);
  }
}
