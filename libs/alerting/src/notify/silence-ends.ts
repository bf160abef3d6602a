import { silenceMatches, type SilencedAlert } from '@app/credit-domain';
import type { Tx } from '@app/event-store';
import type { AppendPlan } from '../append-plan';
import { newEvent } from '../event-data';
import type { Episode } from '../episodes/episode';
import type { EpisodeSession } from '../episodes/episode-session';
import { SILENCE, type SilenceEndedData } from '../events';
import type { RecordedSilence } from '../silences/silence';

/**
 * Ends silences before their time: one whose alert grew worse, and one about alerts of which none is open any more. A forgotten silence hides
 * nothing new. Answers the silences that are still in force.
 */
export async function endSilences(
  tx: Tx,
  plan: AppendPlan,
  session: EpisodeSession,
  { silences, now, today }: { readonly silences: readonly RecordedSilence[]; readonly now: Date; readonly today: string },
): Promise<RecordedSilence[]> {
  const kept: RecordedSilence[] = [];
  for (const silence of silences) {
    if (silence.startsAt > now.getTime() || silence.endsAt <= now.getTime()) continue;
    const end = await endOf(tx, session, silence);
    if (end === null) {
      kept.push(silence);
      continue;
    }
    const data: SilenceEndedData = { silenceId: silence.silenceId, at: now.toISOString(), ...end };
    plan.add(SILENCE, silence.silenceId, silence.streamVersion, newEvent('SilenceEnded', today, data));
  }
  return kept;
}

async function endOf(
  tx: Tx,
  session: EpisodeSession,
  silence: RecordedSilence,
): Promise<{ reason: 'worsened' | 'resolved'; alertId: string } | null> {
  const worsened = await session.byId(tx, [...session.worsened]);
  const worse = worsened.find((episode) => silenceMatches(silence, silenced(episode)));
  if (worse !== undefined) return { reason: 'worsened', alertId: worse.alertId };
  if (silence.about.length === 0) return null;
  const about = await session.byId(tx, silence.about);
  const [first] = about;
  return first === undefined || about.some(({ state }) => state.isOpen) ? null : { reason: 'resolved', alertId: first.alertId };
}

export function silenced(episode: Episode): SilencedAlert {
  const { alertId, ruleId, ruleType, severity, labels } = episode;
  return { alertId, ruleId, ruleType, severity, labels };
}
