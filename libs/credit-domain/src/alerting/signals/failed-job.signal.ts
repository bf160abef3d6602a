import { Ratio } from '../../values/ratio';
import type { Evaluation } from '../evaluation';
import { reasonByThresholds, standing } from '../evaluation';
import type { FailedJobRule } from './signal-definition';
import type { SignalDay, SignalOutcome } from './signal-outcome';
import { openValues } from './signal-outcome';

/** Work that was given up and has not been done since. */
export interface FailedWork {
  /** What kind of work, e.g. `import`. */
  readonly job: string;
  /** Which one, e.g. the date of a close. */
  readonly key: string;
  readonly reason: string;
}

const NAMED_MAX = 5;
const REASON_LENGTH_MAX = 200;

/** How much work of each kind has failed and was not made up for. */
export function evaluateFailedJob(rule: FailedJobRule, day: SignalDay, failed: readonly FailedWork[]): SignalOutcome {
  const asked = failed.filter(({ job }) => rule.jobs === null || rule.jobs.includes(job));
  const jobs = [...new Set([...openValues(day, 'job'), ...asked.map(({ job }) => job)])].sort();
  const enter = Ratio.parse(rule.enter);
  const evaluations = jobs.map((job): Evaluation => {
    const work = asked.filter((each) => each.job === job);
    const count = Ratio.of(BigInt(work.length));
    return {
      labels: { job },
      asOf: day.asOf,
      baseAsOf: null,
      reason: reasonByThresholds(count, enter, enter),
      movement: standing(count, 'count'),
      subject: `Failed: ${job}`,
      cause: causeOf(job, work),
      inputs: {
        failed: work.length,
        work: work.slice(0, NAMED_MAX).map(({ key, reason }) => ({ key, reason: shortened(reason) })),
        enter: rule.enter,
      },
      bridges: [],
      part: null,
    };
  });
  return { evaluations, isMeasurable: true };
}

function causeOf(job: string, work: readonly FailedWork[]): string {
  const [first] = work;
  if (first === undefined) return `No ${job} is failed any more`;
  const others = work.length === 1 ? '' : ` and ${String(work.length - 1)} more`;
  return `${job} ${first.key}${others} failed: ${shortened(first.reason)}`;
}

function shortened(reason: string): string {
  const line = reason.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length <= REASON_LENGTH_MAX ? line : `${line.slice(0, REASON_LENGTH_MAX - 1)}…`;
}
