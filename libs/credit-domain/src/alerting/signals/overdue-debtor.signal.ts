import type { MinorMoney, Translation } from '../../collections';
import { sumByCurrency } from '../../collections';
import { daysBetween, localDate } from '../../values/local-date';
import { parseAmount } from '../../values/money';
import { Ratio } from '../../values/ratio';
import type { Evaluation, FigureBridge, MeasuredEvaluation } from '../evaluation';
import { figureBridge, reasonByThresholds, standing } from '../evaluation';
import { amountText } from '../wording';
import type { OverdueDebtorRule } from './signal-definition';
import type { SignalDay, SignalOutcome } from './signal-outcome';
import { openValues, unmeasurable } from './signal-outcome';

/** What a debtor has overdue, by entity and currency; minor units. */
export interface DebtorOverdue {
  readonly debtorId: string;
  readonly segment: string;
  readonly balances: readonly {
    readonly entityId: string;
    readonly currency: string;
    readonly overdue: bigint;
    readonly oldestDueOn: string | null;
  }[];
}

interface Overdue {
  readonly debtorId: string;
  readonly total: bigint;
  readonly parts: readonly (MinorMoney & { readonly translated: bigint })[];
  readonly oldestDueOn: string | null;
  readonly days: number;
}

/**
 * What each debtor has overdue against the rule. Debtors below the exit threshold are spoken of only while their alert is open. `isWhole`: the
 * list holds every debtor, so a segment without any is seen; then nothing can be said, which ends no alert.
 */
export function evaluateOverdueDebtor(
  rule: OverdueDebtorRule,
  day: SignalDay,
  { debtors, isWhole, translation }: { debtors: readonly DebtorOverdue[]; isWhole: boolean; translation: Translation },
): SignalOutcome {
  const { segment } = rule;
  const scoped = segment === null ? debtors : debtors.filter((debtor) => debtor.segment === segment);
  if (segment !== null && isWhole && scoped.length === 0) return unmeasurable(day.asOf, { segment }, 'segment-empty');
  const open = openValues(day, 'debtor');
  const evaluations = scoped.flatMap((debtor): Evaluation[] => {
    const labels = { debtor: debtor.debtorId };
    const overdue = overdueOf(rule, day.asOf, debtor, translation);
    if (overdue === null) return [{ labels, asOf: day.asOf, baseAsOf: null, reason: 'fx-rate-missing' }];
    const evaluation = evaluateOne(rule, day.asOf, overdue);
    const isQuiet = evaluation.reason === 'below-exit' || evaluation.reason === 'immaterial';
    return isQuiet && !open.has(debtor.debtorId) ? [] : [evaluation];
  });
  return { evaluations, isMeasurable: true };
}

function evaluateOne(rule: OverdueDebtorRule, asOf: string, overdue: Overdue): MeasuredEvaluation {
  const { total, days, debtorId } = overdue;
  const isAmount = rule.measure === 'amount';
  const size = isAmount ? Ratio.of(total) : Ratio.of(BigInt(days));
  const threshold = (text: string): Ratio => (isAmount ? Ratio.of(minorOf(text, rule.currency)) : Ratio.parse(text));
  const matters = total === 0n || (total >= minorOf(rule.minimum, rule.currency) && days >= rule.minimumDays);
  const subject = `${isAmount ? 'Overdue of' : 'Days past due of'} ${debtorId}`;
  return {
    labels: { debtor: debtorId },
    asOf,
    baseAsOf: null,
    reason: matters ? reasonByThresholds(size, threshold(rule.enter), threshold(rule.exit)) : 'immaterial',
    movement: standing(size, isAmount ? 'minor-units' : 'days'),
    subject,
    cause: causeOf(rule, asOf, overdue),
    inputs: {
      currency: rule.currency,
      overdue: total.toString(),
      days,
      oldestDueOn: overdue.oldestDueOn,
      parts: overdue.parts.map(({ minor, currency, translated }) => ({
        currency,
        overdue: minor.toString(),
        translated: translated.toString(),
      })),
      enter: rule.enter,
      exit: rule.exit,
      minimum: rule.minimum,
      minimumDays: rule.minimumDays,
    },
    bridges: total === 0n ? [] : [bridgeOf(rule.currency, overdue)],
    part: null,
  };
}

/** Null where a rate is missing: a sum with a part left out would look like less. */
function overdueOf(rule: OverdueDebtorRule, asOf: string, { debtorId, balances }: DebtorOverdue, translation: Translation): Overdue | null {
  const parts: Overdue['parts'][number][] = [];
  for (const money of sumByCurrency(balances.map(({ overdue, currency }) => ({ minor: overdue, currency })))) {
    const translated = translation(money, rule.currency);
    if (translated === undefined) return null;
    parts.push({ ...money, translated });
  }
  const oldestDueOn = balances.reduce<string | null>(
    (oldest, balance) => (balance.oldestDueOn !== null && (oldest === null || balance.oldestDueOn < oldest) ? balance.oldestDueOn : oldest),
    null,
  );
  const days = oldestDueOn === null ? 0 : Math.max(0, daysBetween(localDate(oldestDueOn), localDate(asOf)));
  return { debtorId, parts, oldestDueOn, days, total: parts.reduce((sum, { translated }) => sum + translated, 0n) };
}

function causeOf(rule: OverdueDebtorRule, asOf: string, { debtorId, total, days, oldestDueOn }: Overdue): string {
  if (oldestDueOn === null) return `Nothing of debtor ${debtorId} is overdue at ${asOf}`;
  const since = `the oldest since ${oldestDueOn}, ${String(days)} ${days === 1 ? 'day' : 'days'}`;
  return `Debtor ${debtorId} has ${amountText(total, rule.currency)} overdue at ${asOf}, ${since}`;
}

function bridgeOf(currency: string, { debtorId, parts, total }: Overdue): FigureBridge {
  return figureBridge({
    subject: `Overdue of ${debtorId}`,
    unit: 'minor-units',
    currency,
    opening: Ratio.ZERO,
    legs: parts.map((part) => ({
      cause: part.currency === currency ? `In ${currency}` : `${amountText(part.minor, part.currency)} in ${currency}`,
      amount: Ratio.of(part.translated),
    })),
    closing: Ratio.of(total),
  });
}

/** The edge has checked it. */
function minorOf(text: string, currency: string): bigint {
  const amount = parseAmount(text, currency);
  if (!amount.ok) throw new RangeError(`not an amount of ${currency}: ${text}`);
  return amount.minor;
}
