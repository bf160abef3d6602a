import { Ratio } from '../../values';
import type { ClaimOutcome } from './judge-claims';

/** A promise that has been judged. Amounts in minor units of its currency. */
export interface JudgedPromise {
  readonly outcome: ClaimOutcome;
  readonly amount: bigint;
  readonly paid: bigint;
  /** Settlements nobody has classified that would have counted for it. */
  readonly unclassified: bigint;
  readonly currency: string;
}

/** How well a debtor keeps its word. Null = nothing to divide by. */
export interface KeepRate {
  readonly kept: number;
  readonly partKept: number;
  readonly broken: number;
  /** Not kept as far as known, but an unclassified settlement may have been its payment: in no rate. */
  readonly undetermined: number;
  /** Kept / (kept + part-kept + broken), promises of which everything is known. */
  readonly rate: Ratio | null;
  /** The same over all promises, should none, or every, unclassified settlement turn out to be a payment. */
  readonly lowest: Ratio | null;
  readonly highest: Ratio | null;
  /** Paid in time / promised, by currency in the order of their codes; undetermined promises left out. */
  readonly amounts: readonly { readonly currency: string; readonly promised: bigint; readonly paid: bigint; readonly rate: Ratio | null }[];
}

/** Keep-rate of promises, each with its latest judgement (policy, "Take-on, completeness, close": unclassified settlements are no cash). */
export function keepRate(promises: readonly JudgedPromise[]): KeepRate {
  const isUndetermined = ({ outcome, unclassified }: JudgedPromise): boolean => outcome !== 'kept' && unclassified > 0n;
  const known = promises.filter((promise) => !isUndetermined(promise));
  const count = (outcome: ClaimOutcome): number => known.filter((promise) => promise.outcome === outcome).length;
  const kept = count('kept');
  const mayBeKept = promises.filter((promise) => isUndetermined(promise) && promise.paid + promise.unclassified >= promise.amount).length;
  const share = (part: number, whole: number): Ratio | null => Ratio.ofOrNull(BigInt(part), BigInt(whole));
  const currencies = [...new Set(known.map(({ currency }) => currency))].sort();
  return {
    kept,
    partKept: count('part-kept'),
    broken: count('broken'),
    undetermined: promises.length - known.length,
    rate: share(kept, known.length),
    lowest: share(kept, promises.length),
    highest: share(kept + mayBeKept, promises.length),
    amounts: currencies.map((currency) => {
      const own = known.filter((promise) => promise.currency === currency);
      const promised = own.reduce((sum, { amount }) => sum + amount, 0n);
      const paid = own.reduce((sum, promise) => sum + promise.paid, 0n);
      return { currency, promised, paid, rate: Ratio.ofOrNull(paid, promised) };
    }),
  };
}
