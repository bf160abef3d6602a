import {
  absorption,
  allowanceAt,
  averageDaysDelinquent,
  bestPossibleDso,
  daysSalesOutstanding,
  Decimal,
  lossOnSales,
  paymentProfileRates,
  Ratio,
  type Measure,
} from '@app/credit-domain';
import type { PublishedCase } from './cases';
import type { Tally } from './tally';

/** Cases that state transitions, profiles or ratios and no receivables: computed by the rules themselves. Each answers whether it applied. */
export const RULE_CASES: readonly ((published: PublishedCase, tally: Tally) => boolean)[] = [
  markovCase,
  paymentProfileCase,
  rollCase,
  lossOnSalesCase,
  kpiCase,
];

const decimal = (value: Ratio): Decimal => new Decimal(value.toRate());
const TIGHT = new Decimal('1e-9');

function markovCase({ id, markov, derived, expected }: PublishedCase, tally: Tally): boolean {
  if (markov === undefined) return false;
  const absorbing = markov.absorbing.map((name) => markov.states.indexOf(name));
  const solved = absorption({
    states: markov.states,
    absorbing,
    rows: markov.P.map((row) => row.map((value) => Ratio.parse(String(value)))),
  });
  const published = derived?.['absorption'] as Readonly<Record<string, Readonly<Record<string, readonly [string, number]>>>>;
  solved.transient.forEach((state, row) => {
    const name = markov.states[state] ?? '';
    markov.absorbing.forEach((end, column) => {
      const probability = solved.probabilities[row]?.[column] ?? Ratio.ZERO;
      tally.compare(id, `from ${name} to ${end}`, decimal(probability), published[name]?.[end]?.[1] ?? NaN, TIGHT);
    });
  });
  const newBad = expected['probNewBad'];
  const badColumn = markov.absorbing.indexOf('Bad');
  if (typeof newBad === 'number')
    tally.compare(id, 'a new account goes bad', decimal(solved.probabilities[0]?.[badColumn] ?? Ratio.ZERO), newBad, TIGHT);
  return true;
}

function paymentProfileCase({ id, paymentProfile, buckets, expected }: PublishedCase, tally: Tally): boolean {
  if (paymentProfile === undefined) return false;
  const cents = (amount: number): bigint => BigInt(new Decimal(String(amount)).times(100).toFixed(0));
  const collected = [...paymentProfile.paid.map(([, amount]) => cents(amount)), 0n];
  const rates = paymentProfileRates({ sold: cents(paymentProfile.sales), collected }).map(({ rate }) => rate);
  const allowances = allowanceAt(
    rates,
    buckets.map(({ gross }) => cents(gross ?? 0)),
  );
  buckets.forEach(({ label, ratePct, allowance }, index) => {
    if (ratePct !== null) tally.compare(id, `${label} rate`, decimal(rates[index] ?? Ratio.ZERO).times(100), ratePct, '0.05');
    if (allowance !== null)
      tally.compare(id, `${label} allowance`, new Decimal((allowances[index] ?? 0n).toString()).div(100), allowance, '0.5');
  });
  const total = allowances.reduce((sum, allowance) => sum + allowance, 0n);
  tally.compare(id, 'allowance in total', new Decimal(total.toString()).div(100), expected['allowanceTotal'] as number, '0.5');
  return true;
}

/** A single roll: what stands in the next bucket over what stood in the one before; and a chain of rolls as the product of loss factors. */
function rollCase({ id, kind, buckets, expected }: PublishedCase, tally: Tally): boolean {
  const number = (key: string): number | undefined => (typeof expected[key] === 'number' ? expected[key] : undefined);
  const [opening, closing] = [number('opening') ?? number('bucket30Feb'), number('closingNextBucket') ?? number('bucket60Mar')];
  if (opening !== undefined && closing !== undefined) {
    const roll = decimal(Ratio.parse(String(closing)).dividedBy(Ratio.parse(String(opening)))).times(100);
    const [migration, recovery] = [number('migrationPct') ?? number('rollPct'), number('recoveryPct')];
    if (migration !== undefined) tally.compare(id, 'roll in per cent', roll, migration, '0.005', 'its complement was cut off, not rounded');
    if (recovery !== undefined)
      tally.compare(id, 'recovered in per cent', new Decimal(100).minus(roll), recovery, '0.005', 'cut off, not rounded');
    return true;
  }
  if (!kind.includes('roll-rate') || buckets.length === 0) return false;
  // The loss factor of a bucket is the product of the rolls from it on: factors divided give the rolls, multiplied again the factors.
  const factors = buckets.map(({ ratePct }) => Ratio.parse(String(ratePct ?? 0)).dividedBy(Ratio.of(100n)));
  const rolls = factors.map((factor, index) => factor.dividedBy(factors[index + 1] ?? Ratio.ONE));
  buckets.forEach(({ label, ratePct }, index) => {
    const product = rolls.slice(index).reduce((left, right) => left.times(right), Ratio.ONE);
    tally.compare(id, `${label} loss factor`, decimal(product).times(100), ratePct ?? 0, TIGHT);
  });
  return true;
}

function lossOnSalesCase({ id, kind, expected }: PublishedCase, tally: Tally): boolean {
  if (!kind.includes('bad-debt-to-sales')) return false;
  const amount = (key: string): bigint => BigInt(expected[key] as number) * 100n;
  const rate = lossOnSales({ writtenOff: amount('grossBadDebts'), recovered: amount('recoveries'), sales: amount('creditSales') });
  tally.compare(id, 'loss on sales in per cent', decimal(rate ?? Ratio.ZERO).times(100), expected['lossRatePct'] as number, TIGHT);
  return true;
}

function kpiCase({ id, kpi, expected }: PublishedCase, tally: Tally): boolean {
  if (kpi === undefined) return false;
  const cents = (amount: number): bigint => BigInt(amount) * 100n;
  const [receivables, current, sales] = [cents(kpi.totalReceivables), cents(kpi.currentReceivables), cents(kpi.creditSales)];
  const compare = (what: string, measure: Measure): void =>
    tally.compare(id, what, new Decimal(measure.value ?? 'NaN'), expected[what] as number, TIGHT);
  compare('dso', daysSalesOutstanding(receivables, sales, kpi.days));
  compare('bpdso', bestPossibleDso(current, sales, kpi.days));
  compare('add', averageDaysDelinquent(receivables, current, sales, kpi.days));
  return true;
}
