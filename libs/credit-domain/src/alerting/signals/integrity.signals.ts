import { Ratio } from '../../values/ratio';
import { reasonByThresholds, standing } from '../evaluation';
import type { BrokenChainRule, ProjectionDriftRule } from './signal-definition';
import type { SignalDay, SignalOutcome } from './signal-outcome';
import { unmeasurable } from './signal-outcome';

const NAMED_MAX = 20;

/** A read model against what the log comes to at one date. */
export interface ProjectionComparison {
  /** The date that was compared. */
  readonly sampledOn: string;
  readonly compared: number;
  readonly differences: readonly { readonly figure: string; readonly projected: string; readonly derived: string }[];
}

/** How many figures of the read model differ from the log; null = it could not be read, which is no proof of anything. */
export function evaluateProjectionDrift(rule: ProjectionDriftRule, { asOf }: SignalDay, found: ProjectionComparison | null): SignalOutcome {
  const labels = { projection: 'exposure' };
  if (found === null) return unmeasurable(asOf, labels, 'not-readable');
  const { sampledOn, compared, differences } = found;
  const count = Ratio.of(BigInt(differences.length));
  const enter = Ratio.parse(rule.enter);
  const [first] = differences;
  const difference = first === undefined ? '' : `, first ${first.figure}: ${first.projected} instead of ${first.derived}`;
  const evaluation = {
    labels,
    asOf,
    baseAsOf: null,
    reason: reasonByThresholds(count, enter, enter),
    movement: standing(count, 'count'),
    subject: 'Figures of the read model that differ from the log',
    cause: `${String(differences.length)} of ${String(compared)} exposures at ${sampledOn} differ from what the log comes to${difference}`,
    inputs: { sampledOn, compared, differing: differences.length, differences: differences.slice(0, NAMED_MAX), enter: rule.enter },
    bridges: [],
    part: null,
  };
  return { evaluations: [evaluation], isMeasurable: true };
}

/** What a verification of the seals found. */
export interface ChainVerification {
  readonly sealedTo: string;
  readonly seals: number;
  readonly problemCount: number;
  readonly problems: readonly { readonly kind: string; readonly from: string; readonly to: string; readonly detail: string }[];
}

/** Any problem at all is a breach; null = not verified. */
export function evaluateBrokenChain(_rule: BrokenChainRule, { asOf }: SignalDay, found: ChainVerification | null): SignalOutcome {
  const labels = { chain: 'log' };
  if (found === null) return unmeasurable(asOf, labels, 'not-readable');
  const { problemCount, problems, sealedTo, seals } = found;
  const count = Ratio.of(BigInt(problemCount));
  const [first] = problems;
  const evaluation = {
    labels,
    asOf,
    baseAsOf: null,
    reason: reasonByThresholds(count, Ratio.ONE, Ratio.ONE),
    movement: standing(count, 'count'),
    subject: 'Faults in the chain of seals',
    cause:
      first === undefined
        ? `The log verifies up to position ${sealedTo}`
        : `The log does not verify: ${first.detail} (${first.kind}, positions ${first.from} to ${first.to}), ${String(problemCount)} in all`,
    inputs: { sealedTo, seals, problemCount, problems: problems.slice(0, NAMED_MAX) },
    bridges: [],
    part: null,
  };
  return { evaluations: [evaluation], isMeasurable: true };
}
