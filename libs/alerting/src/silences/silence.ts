import type { Silence } from '@app/credit-domain';
import type { Position, StoredEvent } from '@app/event-store';
import type { SilenceCreatedData, SilenceEndedData, SilenceLiftedData } from '../events';

/** A silence as it stands; folded from its stream. */
export interface RecordedSilence extends Silence {
  readonly streamVersion: number;
  readonly position: Position;
  readonly reason: string;
  readonly about: readonly string[];
  readonly lifted: readonly string[];
  readonly createdBy: string;
  readonly createdAt: Date;
  /** null while it has not ended before its time. */
  readonly ended: {
    readonly at: string;
    readonly reason: SilenceEndedData['reason'];
    readonly alertId: string | null;
    readonly by: string;
  } | null;
}

export function foldSilences(events: readonly StoredEvent[]): RecordedSilence[] {
  const silences = new Map<string, RecordedSilence>();
  for (const event of events) {
    if (event.type === 'SilenceCreated') {
      const { silenceId, matchers, startsAt, endsAt, reason, about } = event.data as unknown as SilenceCreatedData;
      silences.set(event.key, {
        silenceId,
        matchers,
        startsAt: Date.parse(startsAt),
        endsAt: Date.parse(endsAt),
        reason,
        about,
        lifted: [],
        createdBy: event.principalId,
        createdAt: event.recordedAt,
        streamVersion: event.version,
        position: event.position,
        ended: null,
      });
      continue;
    }
    const known = silences.get(event.key);
    if (known === undefined) throw new Error(`The stream of silence ${event.key} begins with ${event.type}.`);
    if (event.type === 'SilenceLifted') {
      const { alertId } = event.data as unknown as SilenceLiftedData;
      silences.set(event.key, { ...known, streamVersion: event.version, lifted: [...known.lifted, alertId] });
      continue;
    }
    const { at, reason, alertId } = event.data as unknown as SilenceEndedData;
    const ended = { at, reason, alertId, by: event.principalId };
    silences.set(event.key, { ...known, streamVersion: event.version, endsAt: Math.min(known.endsAt, Date.parse(at)), ended });
  }
  return [...silences.values()];
}
