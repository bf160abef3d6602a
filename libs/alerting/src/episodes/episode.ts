import type { AlertSeverity, AlertState, AlertTransition, FigureUnit, MemberNews, ResolutionReason } from '@app/credit-domain';
import { evolveAlert, initialAlertState, Ratio, statusOf } from '@app/credit-domain';
import type { JsonObject, StoredEvent } from '@app/event-store';
import type { AlertFiguresData, AlertFiredData, AlertPendingData, AlertResolvedData } from '../events';
import { recordedFigures } from './figures';

/** One episode of one rule and one set of labels, as decisions and messages need it: everything in it is folded from its stream and its group's. */
export interface Episode {
  readonly alertId: string;
  readonly streamVersion: number;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly ruleName: string;
  readonly ruleType: string;
  readonly severity: AlertSeverity;
  readonly labels: Readonly<Record<string, string>>;
  /** The newest of its rule and labels. */
  readonly isLatest: boolean;
  readonly status: 'pending' | 'firing' | 'recovering' | 'resolved' | 'stood-down';
  readonly state: AlertState;
  readonly groupId: string | null;
  /** Channels its rule named when it fired, and those it was escalated to. */
  readonly channels: readonly string[];
  readonly asOf: string;
  readonly unit: FigureUnit;
  readonly subject: string;
  /** What it was last told by, or is to be. Of the inputs only the currency: the rest stands in the event. */
  readonly figures: AlertFiguresData;
  readonly resolution: ResolutionReason | null;
  readonly acknowledgedUntil: string | null;
  /** Channels that were told that the acknowledgement has expired. */
  readonly lapseTold: readonly string[];
  /** When the first channel was told that it fires; null for those told before there were groups: then it was when they fired. */
  readonly firstToldAt: string | null;
  /** By channel: what it has not been told. */
  readonly news: Readonly<Record<string, MemberNews>>;
  /** Channels that know it fires. */
  readonly told: readonly string[];
}

/** What of an event is folded: of one read back, or of one that is about to be written. */
export type FoldedEvent = Pick<StoredEvent, 'type' | 'key' | 'version' | 'data'>;

/** The episode after one event of its stream. `before`: the latest one of the same rule and labels, when this begins another. */
export function evolveEpisode(episode: Episode | undefined, event: FoldedEvent, before: Episode | undefined): Episode {
  if (event.type === 'AlertPending' || (event.type === 'AlertFired' && episode === undefined)) {
    const begun = episode ?? beginning(event.data as unknown as AlertPendingData, before);
    return event.type === 'AlertPending' ? pending(begun, event) : fired(begun, event);
  }
  if (episode === undefined) throw new Error(`The stream of alert ${event.key} begins with ${event.type}.`);
  const data = event.data;
  const asOf = typeof data['asOf'] === 'string' ? data['asOf'] : episode.asOf;
  const reason = typeof data['reason'] === 'string' ? data['reason'] : '';
  const read = { ...episode, streamVersion: event.version };
  switch (event.type) {
    case 'AlertFired':
      return fired(episode, event);
    case 'AlertStoodDown': {
      const transition = { type: 'stood-down', asOf, reason, periodsBefore: texts(data['periodsBefore']) } as const;
      return { ...step(read, transition), status: 'stood-down' };
    }
    case 'AlertRecovering':
      return step(read, { type: 'recovering', asOf, reason, periods: texts(data['periods']) });
    case 'AlertRefired':
      return step(read, { type: 'refired', asOf, reason, periodsBefore: texts(data['periodsBefore']) });
    case 'AlertWorsened': {
      const figures = lean(data['figures'] as unknown as AlertFiguresData);
      const transition = { type: 'worsened', asOf, toldBefore: Ratio.ZERO, told: toldOf(figures) } as const;
      const worse = step({ ...read, asOf, figures, acknowledgedUntil: null }, transition);
      return withNews(worse, (news, isTold) => (isTold ? 'worsened' : (news ?? 'fired')));
    }
    case 'AlertNoData':
      return step(read, { type: 'no-data', asOf, reason, state: data['state'] === 'error' ? 'error' : 'no-data' });
    case 'AlertMeasured':
      return step(read, { type: 'measured', asOf, reason });
    case 'AlertResolved':
      return resolved(read, data as unknown as AlertResolvedData);
    case 'AlertAcknowledged':
      return { ...read, acknowledgedUntil: typeof data['expiresAt'] === 'string' ? data['expiresAt'] : NEVER, lapseTold: [] };
    default:
      return read;
  }
}

/** Acknowledgements from before they expired. */
const NEVER = '9999-12-31T00:00:00.000Z';

function beginning(data: AlertPendingData, before: Episode | undefined): Episode {
  const figures = lean(recordedFigures(data));
  return {
    alertId: data.alertId,
    streamVersion: 0,
    ruleId: data.ruleId,
    ruleVersion: data.ruleVersion,
    ruleName: data.ruleName,
    ruleType: data.ruleType,
    severity: data.severity,
    labels: data.labels,
    isLatest: true,
    status: 'pending',
    state: before === undefined ? { ...initialAlertState, episodes: data.episode - 1 } : before.state,
    groupId: null,
    channels: [],
    asOf: data.asOf,
    unit: data.unit,
    subject: data.subject,
    figures,
    resolution: null,
    acknowledgedUntil: null,
    lapseTold: [],
    firstToldAt: null,
    news: {},
    told: [],
  };
}

function pending(episode: Episode, { data, version }: FoldedEvent): Episode {
  const { asOf, periods } = data as unknown as AlertPendingData;
  const figures = lean(recordedFigures(data as unknown as AlertPendingData));
  return step({ ...episode, streamVersion: version, asOf, figures }, { type: 'pending', asOf, periods });
}

function fired(episode: Episode, { key, data, version }: FoldedEvent): Episode {
  const recorded = data as unknown as RecordedFiring;
  const { asOf, periods = [asOf], groupId, worsenStep = null, channels = [], notified } = recorded;
  const figures = lean(recordedFigures(recorded));
  const step0 = worsenStep === null ? null : Ratio.parse(worsenStep);
  // An alert from before there were groups was told alone, at once, and is a group of its own.
  const told = notified.map(({ channelId }) => channelId);
  const open = step(
    { ...episode, streamVersion: version, asOf, figures, groupId: groupId ?? key, channels: groupId == null ? told : channels, told },
    { type: 'fired', asOf, periods, told: toldOf(figures), worsenStep: step0 },
  );
  return withNews(open, (_news, isTold) => (isTold ? null : 'fired'));
}
type LaterFields = 'periods' | 'groupId' | 'worsenStep' | 'channels';
/** Events from before alerts were grouped do not have them. */
type RecordedFiring = Omit<AlertFiredData, LaterFields> & Partial<Pick<AlertFiredData, LaterFields>>;

function resolved(episode: Episode, { asOf, reason, figures, notified }: AlertResolvedData): Episode {
  const closed = step(episode, { type: 'resolved', asOf, reason });
  const told = new Set(notified.map(({ channelId }) => channelId));
  const ended: Episode = {
    ...closed,
    status: 'resolved',
    asOf,
    resolution: reason,
    acknowledgedUntil: null,
    ...(figures !== null && { figures: lean(recordedFigures(figures)) }),
  };
  // Whoever was never told that it fired is never told that it ended.
  const withEnd = withNews(ended, (_news, isTold, channelId) => (isTold && !told.has(channelId) ? 'resolved' : null));
  return { ...withEnd, told: withEnd.told.filter((channelId) => !told.has(channelId)) };
}

function step(episode: Episode, transition: AlertTransition): Episode {
  const state = evolveAlert(episode.state, transition);
  const status = statusOf(state);
  return { ...episode, state, status: status === 'inactive' ? episode.status : status };
}

type News = (news: MemberNews | undefined, isTold: boolean, channelId: string) => MemberNews | null;

function withNews(episode: Episode, of: News): Episode {
  const channels = new Set([...episode.channels, ...episode.told]);
  const news: Record<string, MemberNews> = {};
  for (const channelId of channels) {
    const next = of(episode.news[channelId], episode.told.includes(channelId), channelId);
    if (next !== null) news[channelId] = next;
  }
  return { ...episode, news };
}

/**
 * The member after a message of its group to a channel. It was in it when the channel had not heard its news, or when it was escalated to a
 * channel of which its rule knows nothing; any other message leaves it as it is.
 */
export function told(
  episode: Episode,
  { channelId, notify, at }: { readonly channelId: string; readonly notify: string | null; readonly at: string },
): Episode {
  const { [channelId]: untold, ...news } = episode.news;
  const isOpen = episode.state.isOpen;
  const isEscalated = notify === 'escalated' && isOpen && isKnown(episode);
  const others = episode.told.filter((id) => id !== channelId);
  const heard: Episode =
    untold === undefined && !isEscalated
      ? episode
      : { ...episode, news, told: isOpen ? [...others, channelId] : others, firstToldAt: episode.firstToldAt ?? at };
  // Who hears of it only now need not be told that nobody has it any more.
  const isSaid = notify === 'ack-expired' || heard !== episode;
  const isLapsed = isSaid && heard.acknowledgedUntil !== null && heard.acknowledgedUntil <= at;
  if (!isLapsed || !heard.told.includes(channelId) || heard.lapseTold.includes(channelId)) return heard;
  return { ...heard, lapseTold: [...heard.lapseTold, channelId] };
}

/** Some channel knows that it fires. */
function isKnown({ firstToldAt, told: channels }: Episode): boolean {
  return firstToldAt !== null || channels.length > 0;
}

function toldOf({ change, after }: AlertFiguresData): Ratio {
  return Ratio.parse(change ?? after);
}

/** Inputs stand in the event, and can be large; a message needs the currency of its money only. */
function lean(figures: AlertFiguresData): AlertFiguresData {
  const { currency } = figures.inputs;
  return { ...figures, inputs: currency === undefined ? {} : { currency } };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

type StoredState = Omit<AlertState, 'told' | 'worsenStep'> & { readonly told: string | null; readonly worsenStep: string | null };
export type StoredEpisode = Omit<Episode, 'state'> & { readonly state: StoredState };

export function storedEpisode(episode: Episode): JsonObject {
  const { told: size, worsenStep } = episode.state;
  const state: StoredState = { ...episode.state, told: size?.toDecimal() ?? null, worsenStep: worsenStep?.toDecimal() ?? null };
  return { ...episode, state } satisfies StoredEpisode as unknown as JsonObject;
}

/** Rows from before there were these. */
const LATER_FIELDS: Pick<Episode, 'lapseTold' | 'firstToldAt'> = { lapseTold: [], firstToldAt: null };

export function readEpisode(stored: StoredEpisode, isLatest: boolean): Episode {
  const { told: size, worsenStep } = stored.state;
  const state = {
    ...stored.state,
    told: size === null ? null : Ratio.parse(size),
    worsenStep: worsenStep === null ? null : Ratio.parse(worsenStep),
  };
  return { ...LATER_FIELDS, ...stored, state, isLatest };
}
