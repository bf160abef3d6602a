import type { LocalDate } from '../values/local-date';
import type { MovementType } from './kinds';

/**
 * What a movement does, in minor units. `gross` changes the receivable, `credit` the debtor's unapplied credit, `recovered` is money on a
 * written-off item, negative when it is given back. Always: gross - credit - recovered = the signed amount (payments and the like count negative); of an allocation, which
 * brings nothing new, it is zero.
 */
export interface MovementEffect {
  readonly gross: bigint;
  readonly credit: bigint;
  readonly recovered: bigint;
}

/** A recorded movement of one receivable, in minor units. */
export interface MovementStep extends MovementEffect {
  readonly type: MovementType;
  readonly effectiveOn: LocalDate;
}

/**
 * Amounts of one receivable on one date, in minor units. `writtenOff` is what was written off and not recovered since, `ownCredit` what was
 * paid on it beyond what it owed, `recovered` what came in on what was written off; each less what was given back.
 */
export interface Standing {
  readonly outstanding: bigint;
  readonly writtenOff: bigint;
  readonly ownCredit: bigint;
  readonly recovered: bigint;
}

/**
 * A receivable as its history left it: today's standing, the latest business date in it, and the steps. The steps are needed only for a
 * movement dated before `lastEffectiveOn`; callers with many movements may leave them out and load them when `needsSteps` says so.
 */
export interface ReceivableBalance extends Standing {
  readonly recognisedOn: LocalDate;
  readonly lastEffectiveOn: LocalDate;
  readonly steps?: readonly MovementStep[];
}

export interface CreditStep {
  readonly effectiveOn: LocalDate;
  readonly credit: bigint;
}

/** The unapplied credit of one debtor in one entity and currency; like `ReceivableBalance`, the steps are needed only for back-dated facts. */
export interface CreditBalance {
  readonly credit: bigint;
  readonly lastEffectiveOn: LocalDate | null;
  readonly steps?: readonly CreditStep[];
}

/** What one movement changes of the standing. */
function change(step: { readonly type: MovementType } & MovementEffect): Standing {
  const writtenOff = (step.type === 'write_off' ? -step.gross : 0n) - step.recovered;
  // Credit that an allocation uses was never paid on this receivable: what it was over-paid itself stays what it is.
  return { outstanding: step.gross, writtenOff, ownCredit: step.type === 'allocation' ? 0n : step.credit, recovered: step.recovered };
}

export function openReceivable(recognisedOn: LocalDate, amount: bigint): ReceivableBalance {
  return { recognisedOn, lastEffectiveOn: recognisedOn, outstanding: amount, writtenOff: 0n, ownCredit: 0n, recovered: 0n, steps: [] };
}

/** The balance after a decided movement; the steps are carried on when the balance has them. */
export function applyMovement(receivable: ReceivableBalance, step: MovementStep): ReceivableBalance {
  const changed = change(step);
  const { steps, ...rest } = receivable;
  return {
    ...rest,
    outstanding: receivable.outstanding + changed.outstanding,
    writtenOff: receivable.writtenOff + changed.writtenOff,
    ownCredit: receivable.ownCredit + changed.ownCredit,
    recovered: receivable.recovered + changed.recovered,
    lastEffectiveOn: step.effectiveOn > receivable.lastEffectiveOn ? step.effectiveOn : receivable.lastEffectiveOn,
    ...(steps === undefined ? {} : { steps: [...steps, step] }),
  };
}

/** Folds a whole history. */
export function receivableFrom(recognisedOn: LocalDate, amount: bigint, steps: readonly MovementStep[]): ReceivableBalance {
  let outstanding = amount;
  let writtenOff = 0n;
  let ownCredit = 0n;
  let recovered = 0n;
  let lastEffectiveOn = recognisedOn;
  for (const step of steps) {
    const changed = change(step);
    outstanding += changed.outstanding;
    writtenOff += changed.writtenOff;
    ownCredit += changed.ownCredit;
    recovered += changed.recovered;
    if (step.effectiveOn > lastEffectiveOn) lastEffectiveOn = step.effectiveOn;
  }
  return { recognisedOn, lastEffectiveOn, outstanding, writtenOff, ownCredit, recovered, steps };
}

export function creditFrom(steps: readonly CreditStep[]): CreditBalance {
  let credit = 0n;
  let lastEffectiveOn: LocalDate | null = null;
  for (const step of steps) {
    credit += step.credit;
    if (lastEffectiveOn === null || step.effectiveOn > lastEffectiveOn) lastEffectiveOn = step.effectiveOn;
  }
  return { credit, lastEffectiveOn, steps };
}

/** Whether deciding a fact on `effectiveOn` has to look at the steps: only when something is dated after it. */
export function needsSteps(balance: { readonly lastEffectiveOn: LocalDate | null }, effectiveOn: LocalDate): boolean {
  return balance.lastEffectiveOn !== null && effectiveOn < balance.lastEffectiveOn;
}

/** The lowest of each amount at the end of any business date from `effectiveOn` on. */
export function lowestFrom(receivable: ReceivableBalance, effectiveOn: LocalDate): Standing {
  const { outstanding, writtenOff, ownCredit, recovered } = receivable;
  const running = { outstanding, writtenOff, ownCredit, recovered };
  if (!needsSteps(receivable, effectiveOn)) return running;
  const lowest = { ...running };
  for (const day of daysAfter(receivable.steps, effectiveOn)) {
    for (const step of day) {
      const changed = change(step);
      for (const amount of AMOUNTS) running[amount] -= changed[amount];
    }
    for (const amount of AMOUNTS) if (running[amount] < lowest[amount]) lowest[amount] = running[amount];
  }
  return lowest;
}

const AMOUNTS = ['outstanding', 'writtenOff', 'ownCredit', 'recovered'] as const;

/** What is owed at the end of a business date, as recorded so far, in minor units. */
export function owedOn(receivable: ReceivableBalance, on: LocalDate): bigint {
  if (!needsSteps(receivable, on)) return receivable.outstanding;
  return daysAfter(receivable.steps, on)
    .flat()
    .reduce((owed, step) => owed - step.gross, receivable.outstanding);
}

/** The lowest credit at the end of any business date from `effectiveOn` on. */
export function lowestCreditFrom(balance: CreditBalance, effectiveOn: LocalDate): bigint {
  let lowest = balance.credit;
  if (!needsSteps(balance, effectiveOn)) return lowest;
  let running = balance.credit;
  for (const day of daysAfter(balance.steps, effectiveOn)) {
    for (const step of day) running -= step.credit;
    if (running < lowest) lowest = running;
  }
  return lowest;
}

/** The steps dated after `effectiveOn`, grouped by date, latest first: taking a group away gives the end of the day before it. */
function daysAfter<S extends { readonly effectiveOn: LocalDate }>(steps: readonly S[] | undefined, effectiveOn: LocalDate): S[][] {
  if (steps === undefined) throw new Error('a back-dated fact needs the steps of the history');
  const days = new Map<LocalDate, S[]>();
  for (const step of steps) {
    if (step.effectiveOn <= effectiveOn) continue;
    const day = days.get(step.effectiveOn);
    if (day === undefined) days.set(step.effectiveOn, [step]);
    else day.push(step);
  }
  return [...days.entries()].sort(([left], [right]) => (left < right ? 1 : -1)).map(([, day]) => day);
}
