import type { MinorMoney, Translation } from '../../collections';
import { parseAmount } from '../../values/money';
import { Ratio } from '../../values/ratio';
import type { Evaluation } from '../evaluation';
import { figureBridge, standing } from '../evaluation';
import { amountText } from '../wording';
import type { BrokenPromiseRule } from './signal-definition';
import type { SignalDay, SignalOutcome } from './signal-outcome';

/** A promise that was judged broken or kept in part; minor units. */
export interface UnkeptPromise {
  readonly promiseId: string;
  readonly debtorId: string;
  readonly amount: bigint;
  readonly paidInTime: bigint;
  /** What the debtor paid after the last day on which it would have counted. */
  readonly paidLater: bigint;
  readonly currency: string;
  readonly dueOn: string;
  /** The debtor has kept a later promise. */
  readonly madeGood: boolean;
}

/** Each promise that was not kept, until its amount is paid or a later one is kept. */
export function evaluateBrokenPromise(
  rule: BrokenPromiseRule,
  { asOf }: SignalDay,
  { promises, translation }: { promises: readonly UnkeptPromise[]; translation: Translation },
): SignalOutcome {
  const evaluations = promises.map((promise): Evaluation => {
    const labels = { debtor: promise.debtorId, promise: promise.promiseId };
    const { amount, paidInTime, currency } = promise;
    const missing = amount > paidInTime ? amount - paidInTime : 0n;
    const paidLater = promise.paidLater < missing ? promise.paidLater : missing;
    const open = missing - paidLater;
    const matters = isEnough(rule, { minor: open, currency }, translation);
    if (matters === null) return { labels, asOf, baseAsOf: null, reason: 'fx-rate-missing' };
    const isOver = open === 0n || promise.madeGood;
    return {
      labels,
      asOf,
      baseAsOf: null,
      reason: isOver ? 'below-exit' : matters ? 'at-or-above-enter' : 'immaterial',
      movement: standing(Ratio.of(open), 'minor-units'),
      subject: `Open of a promise of ${promise.debtorId}`,
      cause: causeOf(promise, open),
      inputs: {
        currency,
        amount: amount.toString(),
        paidInTime: paidInTime.toString(),
        paidLater: paidLater.toString(),
        open: open.toString(),
        dueOn: promise.dueOn,
        madeGood: promise.madeGood,
        minimum: rule.minimum === null ? null : { ...rule.minimum },
      },
      bridges: [
        figureBridge({
          subject: `Open of the promise of ${promise.debtorId}`,
          unit: 'minor-units',
          currency,
          opening: Ratio.of(amount),
          legs: [
            { cause: 'Paid in time', amount: Ratio.of(missing - amount) },
            { cause: 'Paid later', amount: Ratio.of(-paidLater) },
          ],
          closing: Ratio.of(open),
        }),
      ],
      part: null,
    };
  });
  return { evaluations, isMeasurable: true };
}

function causeOf({ debtorId, amount, paidInTime, currency, dueOn, madeGood }: UnkeptPromise, open: bigint): string {
  const promised = `Debtor ${debtorId} promised ${amountText(amount, currency)} by ${dueOn}`;
  if (open === 0n) return `${promised} and has paid it since`;
  if (madeGood) return `${promised} and has kept a later promise`;
  const paid = paidInTime === 0n ? 'paid nothing of it in time' : `paid ${amountText(paidInTime, currency)} of it in time`;
  return `${promised} and ${paid}: ${amountText(open, currency)} is open`;
}

/** Null where a rate is missing. */
function isEnough({ minimum }: BrokenPromiseRule, open: MinorMoney, translation: Translation): boolean | null {
  if (minimum === null) return true;
  const least = parseAmount(minimum.amount, minimum.currency);
  if (!least.ok) throw new RangeError(`not an amount of ${minimum.currency}: ${minimum.amount}`);
  const translated = translation(open, minimum.currency);
  return translated === undefined ? null : translated >= least.minor;
}
