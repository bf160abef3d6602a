import { Ratio } from '../values/ratio';
import type { AlertState, DecidingSettings, ResolutionReason } from './alert.decider';
import { decideAlert, evolveAlert, initialAlertState, statusOf } from './alert.decider';
import type { CloseFigures } from './close-figures';
import type { Evaluation, MeasuredEvaluation, UnmeasuredEvaluation } from './evaluation';
import { isMeasured, scopeLabels } from './evaluation';
import type { AlertLabels, CloseRuleDefinition } from './rule-definition';
import { labelsKey } from './rule-definition';
import { evaluateRule } from './rules/evaluate-rule';

/** What a rule would have said of one close. */
export type BackTestFigure = Pick<MeasuredEvaluation, 'asOf' | 'baseAsOf' | 'reason' | 'movement' | 'subject' | 'cause'>;

/** One alert that the rule would have raised. */
export interface BackTestEpisode {
  readonly labels: AlertLabels;
  /** As-of dates that counted towards it, the firing one last. */
  readonly periods: readonly string[];
  readonly fired: BackTestFigure;
  readonly worsened: readonly BackTestFigure[];
  /** null: it would still be open. Its figure is null where nothing was left to measure. */
  readonly resolved: { readonly asOf: string; readonly reason: ResolutionReason; readonly figure: BackTestFigure | null } | null;
}

export interface RuleBackTest {
  /** As-of dates of the closes that were replayed, in order. */
  readonly closes: readonly string[];
  /** In the order they would have fired. */
  readonly episodes: readonly BackTestEpisode[];
  /** Closes, or parts of them, that nothing can be said about, each with its named reason. */
  readonly notJudged: readonly Pick<UnmeasuredEvaluation, 'asOf' | 'baseAsOf' | 'labels' | 'reason'>[];
}

interface Thread {
  readonly labels: AlertLabels;
  state: AlertState;
  /** Index of its open episode. */
  open: number | null;
}

/**
 * Replays a rule over recorded closes in the order of their dates, by the same evaluation and the same decider that tell alerts. `since`: closes
 * before it are bases to compare with and nothing else. Every close sees only those up to its own date, with the figures they have today.
 */
export function backTestRule(
  rule: { readonly definition: CloseRuleDefinition; readonly settings: Omit<DecidingSettings, 'enter'> },
  recorded: readonly CloseFigures[],
  since: string | null,
  sealedRuns: readonly CloseFigures[] = [],
): RuleBackTest {
  const sorted = [...recorded].sort((left, right) => (left.asOf < right.asOf ? -1 : 1));
  const replayed = sorted.filter(({ asOf }) => since === null || asOf >= since);
  const replay = new Replay({ ...rule.settings, enter: Ratio.parse(rule.definition.enter) });
  for (const close of replayed) {
    const known = sorted.filter(({ asOf }) => asOf <= close.asOf);
    replay.take(close.asOf, evaluated(rule.definition, close, known, sealedRuns));
  }
  return { closes: replayed.map(({ asOf }) => asOf), episodes: replay.episodes, notJudged: replay.notJudged };
}

/** A rule that breaks down over some figures says so of that close, as it does when it tells alerts. */
function evaluated(
  definition: CloseRuleDefinition,
  close: CloseFigures,
  known: readonly CloseFigures[],
  sealedRuns: readonly CloseFigures[],
): Evaluation[] {
  try {
    return evaluateRule(definition, close, known, sealedRuns);
  } catch {
    return [{ labels: scopeLabels(definition), asOf: close.asOf, baseAsOf: null, reason: 'evaluation-failed' }];
  }
}

class Replay {
  readonly episodes: BackTestEpisode[] = [];
  readonly notJudged: RuleBackTest['notJudged'][number][] = [];
  readonly #threads = new Map<string, Thread>();

  constructor(private readonly settings: DecidingSettings) {}

  take(asOf: string, evaluations: readonly Evaluation[]): void {
    const spoken = new Set<string>();
    for (const evaluation of evaluations) {
      const key = labelsKey(evaluation.labels);
      spoken.add(key);
      const thread = this.#threads.get(key) ?? { labels: evaluation.labels, state: initialAlertState, open: null };
      this.#threads.set(key, thread);
      if (!isMeasured(evaluation)) {
        const { labels, baseAsOf, reason } = evaluation;
        this.notJudged.push({ asOf, baseAsOf, labels, reason });
      }
      this.#decide(thread, evaluation, isMeasured(evaluation) ? figureOf(evaluation) : null);
    }
    if (evaluations.some(isMeasured)) this.#vanish(asOf, spoken);
  }

  /** What was spoken of before and is not any more, though the rule was measured, has nothing left. */
  #vanish(asOf: string, spoken: ReadonlySet<string>): void {
    for (const [key, thread] of this.#threads) {
      if (!spoken.has(key) && statusOf(thread.state) !== 'inactive') this.#decide(thread, { asOf, reason: 'nothing-left' }, null);
    }
  }

  #decide(thread: Thread, evaluation: Parameters<typeof decideAlert>[1], figure: BackTestFigure | null): void {
    for (const transition of decideAlert(thread.state, evaluation, this.settings).transitions) {
      thread.state = evolveAlert(thread.state, transition);
      const episode = thread.open === null ? undefined : this.episodes[thread.open];
      if (transition.type === 'fired' && figure !== null) {
        thread.open =
          this.episodes.push({ labels: thread.labels, periods: transition.periods, fired: figure, worsened: [], resolved: null }) - 1;
      } else if (transition.type === 'worsened' && episode !== undefined && thread.open !== null && figure !== null) {
        this.episodes[thread.open] = { ...episode, worsened: [...episode.worsened, figure] };
      } else if (transition.type === 'resolved' && episode !== undefined && thread.open !== null) {
        this.episodes[thread.open] = { ...episode, resolved: { asOf: transition.asOf, reason: transition.reason, figure } };
        thread.open = null;
      }
    }
  }
}

function figureOf({ asOf, baseAsOf, reason, movement, subject, cause }: MeasuredEvaluation): BackTestFigure {
  return { asOf, baseAsOf, reason, movement, subject, cause };
}
