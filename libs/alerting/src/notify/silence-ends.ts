import { silenceMatches, type SilencedAlert } from '@app/credit-domain';
import type { Tx } from '@app/event-store';
import type { AppendPlan } from '../append-plan';
import { newEvent } from '../event-data';
import type { Episode } from '../episodes/episode';
import type { EpisodeSession } from '../episodes/episode-session';
import { SILENCE, type SilenceEndedData } from '../events';
import type { RecordedSilence } from '../silences/silence';

/**
 * Ends silences before their time. One that an alert grew worse under is lifted from that alert and ends with the last it was about; one ends
 * likewise when none of those is open any more: a forgotten silence hides nothing new. Answers the silences that are still in force.
 */
export async function endSilences(
  tx: Tx,
  plan: AppendPlan,
  session: EpisodeSession,
  { silences, now, today }: { readonly silences: readonly RecordedSilence[]; readonly now: Date; readonly today: string },
): Promise<RecordedSilence[]> {
  const kept: RecordedSilence[] = [];
  const worsened = await session.byId(tx, [...session.worsened]);
  const at = now.toISOString();
  for (const silence of silences) {
    if (silence.startsAt > now.getTime() || silence.endsAt <= now.getTime()) continue;
    const { silenceId, streamVersion } = silence;
    const worse = worsened
      .filter((episode) => !silence.lifted.includes(episode.alertId) && silenceMatches(silence, silenced(episode)))
      .map(({ alertId }) => alertId);
    const lifted = [...silence.lifted, ...worse];
    const end = await endOf(tx, session, silence, lifted, worse[0]);
    if (end !== null) {
      const data: SilenceEndedData = { silenceId, at, ...end };
      plan.add(SILENCE, silenceId, streamVersion, newEvent('SilenceEnded', today, data));
      continue;
    }
    for (const alertId of worse) plan.add(SILENCE, silenceId, streamVersion, newEvent('SilenceLifted', today, { silenceId, at, alertId }));
    kept.push({ ...silence, lifted });
  }
  return kept;
}

/** Once nothing it was about is quiet by it any more. One made before there was anything to be about runs to its end. */
async function endOf(
  tx: Tx,
  session: EpisodeSession,
  { about }: RecordedSilence,
  lifted: readonly string[],
  worse: string | undefined,
): Promise<{ reason: 'worsened' | 'resolved'; alertId: string } | null> {
  const alerts = await session.byId(tx, about);
  const [first] = alerts;
  if (first === undefined || alerts.some(({ alertId, state }) => state.isOpen && !lifted.includes(alertId))) return null;
  return worse === undefined ? { reason: 'resolved', alertId: first.alertId } : { reason: 'worsened', alertId: worse };
}

export function silenced(episode: Episode): SilencedAlert {
  const { alertId, ruleId, ruleType, severity, labels } = episode;
  return { alertId, ruleId, ruleType, severity, labels };
}
