import type { AlertLabels } from '../rule-definition';

/** What of an alert decides whether it mutes another, or is muted. */
export interface InhibitingAlert {
  readonly alertId: string;
  readonly ruleType: string;
  readonly labels: AlertLabels;
}

export type InhibitionReason = 'feed-is-stale' | 'recompute-failed' | 'carried-by-book-alert';

export interface Inhibition {
  readonly reason: InhibitionReason;
  /** The alert that mutes it. */
  readonly by: string;
}

/** What the figures of every close come from: while it is broken, a shift says nothing about the book. */
const UPSTREAM: ReadonlyMap<string, InhibitionReason> = new Map([
  ['stale-feed', 'feed-is-stale'],
  ['failed-job', 'recompute-failed'],
]);

/** Work that figures of closes come from; another job that fails mutes nothing. */
const RECOMPUTING_JOBS: ReadonlySet<string> = new Set(['recompute', 'close', 'checkpoint', 'import']);

/** Rules that compare figures of closes: what they say is downstream of the feeds. */
const SHIFT_TYPES: ReadonlySet<string> = new Set([
  'ageing-share-shift',
  'ageing-mix-shift',
  'coverage-shift',
  'loss-rate-shift',
  'roll-rate-drift',
  'allowance-jump',
  'concentration',
]);

/** Whether it can mute anything: a source, or an alert of a whole book. What is no candidate need not be looked at in a storm of segments. */
export function canInhibit({ ruleType, labels }: Pick<InhibitingAlert, 'ruleType' | 'labels'>): boolean {
  return UPSTREAM.has(ruleType) || (SHIFT_TYPES.has(ruleType) && labels['segment'] === undefined);
}

/** What mutes an alert while these fire: a broken source before its shifts, then the book before its segments. Null: nothing. */
export function inhibitions(firing: readonly InhibitingAlert[]): (target: InhibitingAlert) => Inhibition | null {
  const upstream = firing.flatMap(({ alertId, ruleType, labels }) => {
    const reason = UPSTREAM.get(ruleType);
    const isAside = reason === 'recompute-failed' && !RECOMPUTING_JOBS.has(labels['job'] ?? '');
    return reason === undefined || isAside ? [] : [{ reason, by: alertId }];
  });
  const books = firing.filter(({ ruleType, labels }) => SHIFT_TYPES.has(ruleType) && labels['segment'] === undefined);
  return (target) => {
    if (!SHIFT_TYPES.has(target.ruleType)) return null;
    const [source] = upstream;
    if (source !== undefined) return source;
    if (target.labels['segment'] === undefined) return null;
    const book = books.find((candidate) => candidate.ruleType === target.ruleType && contains(candidate, target));
    return book === undefined ? null : { reason: 'carried-by-book-alert', by: book.alertId };
  };
}

/** The book alert speaks about everything the segment's does: the same measure, and no narrower than it. */
function contains(book: InhibitingAlert, part: InhibitingAlert): boolean {
  return Object.entries(book.labels).every(([name, value]) => {
    if (name === 'kinds') return kindsOf(part.labels).every((kind) => value.split(',').includes(kind));
    return part.labels[name] === value;
  });
}

function kindsOf(labels: AlertLabels): readonly string[] {
  return (labels['kinds'] ?? labels['kind'] ?? '').split(',');
}
