import { addMonths, endOfMonth, localDate } from '../../values/local-date';
import type { CloseFigures, GroupDebtors } from '../close-figures';

/**
 * A stable book as it lives: debtors of very unequal size who bill again and again, each with a payment behaviour and terms of its own, some invoices
 * in dispute for months. An invoice is open at several closes, so successive ageings share most of what they hold.
 */
export interface LivingBook {
  readonly closes: readonly CloseFigures[];
  /** Standard deviation of days from due date to payment, over all invoices. */
  readonly sigmaDays: number;
}

export const DAYS_PAST_DUE = 'days-past-due-30-60-90';
const LABELS = ['Current', '1-30', '31-60', '61-90', 'Over 90'] as const;
const LIMITS = [0, 30, 60, 90] as const;
const MONTH_DAYS = 30;
/** Long enough for disputes of the first months to be settled: the first close is of a book in its steady state. */
const WARM_UP_MONTHS = 30;
const TERMS = [30, 30, 60, 90] as const;

interface Shift {
  /** Index of the first close that sees it. */
  readonly from: number;
  /** Days later than before that every debtor pays what falls due from then on. */
  readonly days: number;
}

/** `months` month-end closes from the end of January 2020. */
export function livingBook(seed: number, debtors: number, months: number, shift: Shift = { from: Infinity, days: 0 }): LivingBook {
  const random = randomFrom(seed);
  const shiftDay = (WARM_UP_MONTHS + shift.from) * MONTH_DAYS;
  const balances = Array.from({ length: months }, () => new Float64Array(debtors * LABELS.length));
  const late: number[] = [];
  for (let debtor = 0; debtor < debtors; debtor++) {
    const behaviour = {
      size: Math.exp(normal(random) * 1.2),
      invoicesAMonth: 1.2 * Math.exp(normal(random) * 0.6),
      terms: TERMS[Math.floor(random() * TERMS.length)] ?? 30,
      mean: 8 + normal(random) * 14,
      spread: 12 + random() * 18,
      disputed: Math.min(0.25, 0.04 * Math.exp(normal(random) * 0.8)),
    };
    for (let month = 0; month < months + WARM_UP_MONTHS; month++) {
      for (let left = poisson(random, behaviour.invoicesAMonth); left > 0; left--) {
        const day = month * MONTH_DAYS + Math.floor(random() * MONTH_DAYS);
        const due = day + behaviour.terms;
        const amount = Math.round(100_000 * behaviour.size * Math.exp(normal(random) * 0.7));
        const dispute = random() < behaviour.disputed ? 60 - 120 * Math.log(1 - random()) : 0;
        const days = behaviour.mean + normal(random) * behaviour.spread + dispute;
        late.push(days);
        const paid = Math.max(day + 1, due + days + (due >= shiftDay ? shift.days : 0));
        addToCloses(balances, { debtor, day, due, paid, amount });
      }
    }
  }
  const mean = late.reduce((sum, days) => sum + days, 0) / late.length;
  const variance = late.reduce((sum, days) => sum + (days - mean) ** 2, 0) / late.length;
  return { closes: balances.map((cells, index) => closeOf(monthEnd(index), cells)), sigmaDays: Math.sqrt(variance) };
}

/** Every debtor's balance in one bucket, drawn anew at every close: no two ageings share anything, and debtors weigh as `spread` says. */
export function redrawnBook(seed: number, debtors: number, months: number, spread: number): readonly CloseFigures[] {
  const random = randomFrom(seed);
  const shares = [0.5, 0.2, 0.12, 0.08, 0.1];
  return Array.from({ length: months }, (_, index) => {
    const cells = new Float64Array(debtors * LABELS.length);
    for (let debtor = 0; debtor < debtors; debtor++) {
      let [left, bucket] = [random(), 0];
      while (bucket < LABELS.length - 1 && left > (shares[bucket] ?? 0)) left -= shares[bucket++] ?? 0;
      cells[debtor * LABELS.length + bucket] = Math.round(100_000 * Math.exp(normal(random) * spread));
    }
    return closeOf(monthEnd(index), cells);
  });
}

function addToCloses(
  balances: readonly Float64Array[],
  { debtor, day, due, paid, amount }: { debtor: number; day: number; due: number; paid: number; amount: number },
): void {
  const first = Math.max(0, Math.ceil(day / MONTH_DAYS) - 1 - WARM_UP_MONTHS);
  for (let index = first; index < balances.length; index++) {
    const closeDay = (WARM_UP_MONTHS + index + 1) * MONTH_DAYS;
    if (closeDay >= paid) return;
    if (closeDay < day) continue;
    const bucket = LIMITS.findIndex((limit) => closeDay - due <= limit);
    const cell = debtor * LABELS.length + (bucket < 0 ? LABELS.length - 1 : bucket);
    const cells = balances[index];
    if (cells !== undefined) cells[cell] = (cells[cell] ?? 0) + amount;
  }
}

/** One close, with the sums over debtors that a real one counts in SQL. */
function closeOf(asOf: string, cells: Float64Array): CloseFigures {
  const sums = LABELS.map(() => ({ gross: 0, squares: 0, products: 0, debtors: 0 }));
  let [debtors, wholeSquares] = [0, 0];
  for (let at = 0; at < cells.length; at += LABELS.length) {
    const owed = cells.subarray(at, at + LABELS.length);
    const whole = owed.reduce((sum, amount) => sum + amount, 0);
    if (whole === 0) continue;
    debtors += 1;
    wholeSquares += whole * whole;
    sums.forEach((sum, bucket) => {
      const amount = owed[bucket] ?? 0;
      sum.gross += amount;
      sum.squares += amount * amount;
      sum.products += amount * whole;
      sum.debtors += amount > 0 ? 1 : 0;
    });
  }
  const gross = sums.map((sum) => BigInt(sum.gross));
  const group: GroupDebtors = {
    ...{ kind: 'trade', segment: '', assessed: false, debtors, squares: BigInt(wholeSquares) },
    // Doubles: what they round off squares of amounts is nothing beside what chance makes of them.
    buckets: sums.map(({ debtors: count, squares, products }) => ({
      debtors: count,
      squares: BigInt(squares),
      products: BigInt(products),
    })),
  };
  return {
    asOf,
    currency: 'CNY',
    provision: null,
    ageing: [
      {
        scheme: DAYS_PAST_DUE,
        buckets: LABELS.map((label, index) => {
          const count = LIMITS[index];
          return { label, upTo: count === undefined ? null : { unit: 'days', count } };
        }),
        groups: [{ kind: 'trade', segment: '', collective: gross, individual: LABELS.map(() => 0n) }],
        debtors: [group],
      },
    ],
  };
}

function monthEnd(index: number): string {
  return endOfMonth(addMonths(localDate('2020-01-31'), index));
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function poisson(random: () => number, mean: number): number {
  const limit = Math.exp(-mean);
  let [count, product] = [0, random()];
  while (product > limit) {
    product *= random();
    count += 1;
  }
  return count;
}
