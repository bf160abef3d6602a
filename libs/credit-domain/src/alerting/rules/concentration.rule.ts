import type { CloseFigures, DebtorConcentration } from '../close-figures';
import type { Evaluation, Figure, FigureBridge } from '../evaluation';
import { figureBridge, movementOf, reasonByThresholds, scopeLabels, standing } from '../evaluation';
import { Ratio } from '../../values/ratio';
import type { ConcentrationLevel, ConcentrationMeasure } from '../rule-definition';
import { amountText, bareAmount, percent } from '../wording';

/** A measure as one quotient: what is concentrated / the book it is taken of. */
interface Concentrated {
  readonly share: Ratio;
  readonly book: DebtorConcentration;
}

/**
 * The concentration of the book stands at `enter` or above. It is a level, not a change, so a close without its base is judged too; the base tells
 * what it came from.
 */
export function evaluateConcentration(rule: ConcentrationLevel, close: CloseFigures, base: CloseFigures | null): Evaluation {
  const labels = scopeLabels(rule);
  const unmeasured = { labels, asOf: close.asOf, baseAsOf: base?.asOf ?? null };
  if ((close.concentration ?? null) === null) return { ...unmeasured, reason: 'debtors-not-counted' };
  const now = concentrationOf(rule, close);
  if (now === null) return { ...unmeasured, reason: 'nothing-owed' };
  const before = base === null || base.currency !== close.currency ? null : concentrationOf(rule, base);
  const movement = before === null ? standing(now.share, 'fraction') : movementOf(before.share, now.share);
  const subject = subjectOf(rule);
  return {
    labels,
    asOf: close.asOf,
    baseAsOf: before === null ? null : (base?.asOf ?? null),
    reason: reasonByThresholds(now.share, Ratio.parse(rule.enter), Ratio.parse(rule.exit)),
    movement,
    subject,
    cause: causeOf(rule, subject, { now, movement, close, base }),
    inputs: {
      currency: close.currency,
      measure: rule.measure,
      debtors: now.book.debtors,
      total: now.book.total.toString(),
      squares: now.book.squares.toString(),
      largest: named(rule, now.book).map(({ debtorId, amount }) => ({ debtorId, amount: amount.toString() })),
      before: before === null ? null : { total: before.book.total.toString(), share: before.share.toDecimal() },
    },
    bridges: bridgesOf(rule, subject, before, now),
    part: { kinds: rule.kinds, segment: rule.segment, assessed: 'all', aged: null },
  };
}

/** The counts of exactly this part of the book; `null` when nothing is owed in it. */
function concentrationOf(rule: ConcentrationLevel, close: CloseFigures): Concentrated | null {
  const [kind = null] = rule.kinds ?? [];
  const books = close.concentration ?? [];
  const book = books.find((candidate) => candidate.kind === kind && candidate.segment === rule.segment);
  if (book === undefined || book.total <= 0n) return null;
  return { share: Ratio.of(concentrated(rule, book), denominatorOf(rule, book)), book };
}

function concentrated(rule: ConcentrationLevel, book: DebtorConcentration): bigint {
  return rule.measure === 'hhi' ? book.squares : named(rule, book).reduce((sum, { amount }) => sum + amount, 0n);
}

function denominatorOf(rule: ConcentrationLevel, { total }: DebtorConcentration): bigint {
  return rule.measure === 'hhi' ? total * total : total;
}

function named({ measure, count }: ConcentrationLevel, { largest }: DebtorConcentration): DebtorConcentration['largest'] {
  return largest.slice(0, measure === 'top-debtors' ? count : 1);
}

function causeOf(
  rule: ConcentrationLevel,
  subject: string,
  { now, movement, close, base }: { now: Concentrated; movement: Figure; close: CloseFigures; base: CloseFigures | null },
): string {
  const { book } = now;
  const of =
    rule.measure === 'hhi'
      ? `${amountText(book.total, close.currency)} owed by ${String(book.debtors)} debtors`
      : `${amountText(concentrated(rule, book), close.currency)} of ${bareAmount(book.total, close.currency)}, ${String(book.debtors)} debtors`;
  const from = movement.before === null || base === null ? '' : `, ${percent(movement.before)} at ${base.asOf}`;
  return `${subject} is ${percent(now.share)} (${of}) at ${close.asOf}, against a level of ${percent(Ratio.parse(rule.enter))}${from}`;
}

/** What of the change is a larger claim on the largest, and what is a smaller book; without a base, what each of the largest has of it. */
function bridgesOf(rule: ConcentrationLevel, subject: string, before: Concentrated | null, now: Concentrated): FigureBridge[] {
  if (before !== null) {
    const between = Ratio.of(concentrated(rule, now.book), denominatorOf(rule, before.book));
    return [
      figureBridge({
        subject,
        unit: 'fraction',
        currency: null,
        opening: before.share,
        legs: [
          {
            cause: rule.measure === 'hhi' ? 'balances of the debtors' : 'what the largest owe',
            amount: between.minus(before.share).reduced(),
          },
          { cause: 'size of the book', amount: now.share.minus(between).reduced() },
        ],
        closing: now.share,
      }),
    ];
  }
  if (rule.measure === 'hhi') return [];
  return [
    figureBridge({
      subject,
      unit: 'fraction',
      currency: null,
      opening: Ratio.ZERO,
      legs: named(rule, now.book).map(({ debtorId, amount }) => ({ cause: debtorId, amount: Ratio.of(amount, now.book.total) })),
      closing: now.share,
    }),
  ];
}

function subjectOf(rule: ConcentrationLevel): string {
  const subjects: Readonly<Record<ConcentrationMeasure, string>> = {
    'largest-debtor': 'Share of the largest debtor',
    'top-debtors': `Share of the ${String(rule.count)} largest debtors`,
    hhi: 'Concentration of debtors (Herfindahl-Hirschman index)',
  };
  return subjects[rule.measure];
}
