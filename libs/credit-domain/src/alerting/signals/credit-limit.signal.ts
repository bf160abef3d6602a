import type { CreditExposure } from '../../collections';
import { Ratio } from '../../values/ratio';
import type { Evaluation, MeasuredEvaluation } from '../evaluation';
import { figureBridge, reasonByThresholds, standing } from '../evaluation';
import { labelsKey } from '../rule-definition';
import { amountText, bareAmount, percent } from '../wording';
import type { CreditLimitRule } from './signal-definition';
import type { SignalDay, SignalOutcome } from './signal-outcome';

/** The use of one credit limit. */
export interface LimitedExposure {
  readonly of: 'debtor' | 'group';
  readonly id: string;
  readonly credit: CreditExposure;
}

type Measured = Extract<CreditExposure, { measured: true }>;

const HUNDRED = Ratio.of(100n);

/**
 * Each limit against each band. Bands that are not reached are spoken of only while their alert is open; a limit that is no more has nothing
 * left to say; where a rate is missing an open alert stays as it is.
 */
export function evaluateCreditLimit(rule: CreditLimitRule, day: SignalDay, exposures: readonly LimitedExposure[]): SignalOutcome {
  const open = new Set(day.open.map(labelsKey));
  const asked = exposures.filter(({ of }) => rule.of === 'both' || rule.of === `${of}s`);
  const evaluations = asked.flatMap(({ of, id, credit }) =>
    rule.bands.flatMap((band): Evaluation[] => {
      const labels = { [of]: id, band: bandName(band) };
      const isOpen = open.has(labelsKey(labels));
      if (!credit.measured) {
        const isKept = credit.why === 'fx-rate-missing' && (isOpen || band === rule.bands[0]);
        return isKept ? [{ labels, asOf: day.asOf, baseAsOf: null, reason: 'fx-rate-missing' }] : [];
      }
      const evaluation = evaluateBand(rule, day.asOf, { labels, of, id, band, credit });
      return evaluation.reason === 'below-exit' && !isOpen ? [] : [evaluation];
    }),
  );
  return { evaluations, isMeasurable: true };
}

function evaluateBand(
  rule: CreditLimitRule,
  asOf: string,
  { labels, of, id, band, credit }: Omit<LimitedExposure, 'credit'> & { labels: Record<string, string>; band: string; credit: Measured },
): MeasuredEvaluation {
  const { exposure, limit, use } = credit;
  const enter = Ratio.parse(band);
  const exit = enter.minus(Ratio.parse(rule.margin));
  // Of a limit of zero no share can be given: whatever is owed is above it.
  const reason = use.used === null ? (exposure.minor > 0n ? 'at-or-above-enter' : 'below-exit') : reasonByThresholds(use.used, enter, exit);
  const movement = use.used === null ? standing(Ratio.of(exposure.minor), 'minor-units') : standing(use.used, 'fraction');
  const of_ = of === 'debtor' ? `Debtor ${id}` : `Group ${id}`;
  const share =
    use.used === null ? 'with nothing granted' : `${percent(use.used)} of its limit of ${bareAmount(limit.minor, limit.currency)}`;
  return {
    labels,
    asOf,
    baseAsOf: null,
    reason,
    movement,
    subject: `Use of the credit limit of ${id}`,
    cause: `${of_} owes ${amountText(exposure.minor, exposure.currency)} at ${asOf}, ${share}`,
    inputs: {
      currency: limit.currency,
      exposure: exposure.minor.toString(),
      limit: limit.minor.toString(),
      headroom: use.headroom.toString(),
      band,
      margin: rule.margin,
    },
    bridges: [
      figureBridge({
        subject: `Headroom of ${id}`,
        unit: 'minor-units',
        currency: limit.currency,
        opening: Ratio.of(limit.minor),
        legs: [{ cause: 'Owed across entities', amount: Ratio.of(-exposure.minor) }],
        closing: Ratio.of(use.headroom),
      }),
    ],
    part: null,
  };
}

/** `0.90` is `90 %`. */
function bandName(band: string): string {
  return `${Ratio.parse(band).times(HUNDRED).toRate(2)} %`;
}
