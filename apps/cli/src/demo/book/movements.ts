import type { LocalDate } from '@app/credit-domain';
import { addDays, formatAmount, localDate, minDate } from '@app/credit-domain';
import type { Item } from './items';
import { dateWithin } from './items';
import type { Random } from './random';
import type { Row } from './rows';

const YEAR_START = '2024-01-02';
const YEAR_END = localDate('2024-12-31');
const WRITE_OFF_DATES = ['2024-06-28', '2024-09-27', '2024-12-20'] as const;

/** Writes the movements of 2024, ids in one sequence. */
export class Ledger {
  readonly rows: Row[] = [];

  constructor(private readonly random: Random) {}

  /** Cash on one receivable on a day of the year; a quarter of the payments come in two parts. */
  collect(item: Item, minor: bigint): void {
    const first = this.random.below(4) === 0 ? minor / 3n : 0n;
    if (first > 0n) this.pay(item, first, dateWithin(this.random, YEAR_START, '2024-06-30'));
    this.pay(
      item,
      minor - first,
      first > 0n ? dateWithin(this.random, '2024-07-01', '2024-12-30') : dateWithin(this.random, YEAR_START, '2024-12-30'),
    );
  }

  /** Cash in full some weeks after the invoice, within the year. */
  collectSoonAfter(item: Item): void {
    this.pay(item, item.minor, minDate(addDays(item.recognisedOn, this.random.between(20, 200)), YEAR_END));
  }

  /** Pays the items one after the other in random order until `total` fen are used up; the last is paid in part. */
  collectTotal(items: readonly Item[], total: bigint): void {
    let left = total;
    for (const item of this.random.shuffled(items)) {
      if (left === 0n) return;
      const paid = item.minor < left ? item.minor : left;
      this.collect(item, paid);
      left -= paid;
    }
    if (left > 0n) throw new RangeError('more cash than the items can take');
  }

  writeOff(item: Item): void {
    this.add('write_off', item, item.minor, localDate(this.random.pick(WRITE_OFF_DATES)), 'over five years old');
  }

  /** What is not settled in money: a prepayment is used up, input VAT is set off. */
  useUp(item: Item, reason: string): void {
    const effectiveOn = dateWithin(this.random, YEAR_START, '2024-12-30');
    this.add('adjustment', item, -item.minor, effectiveOn, reason, { reason });
  }

  private pay(item: Item, minor: bigint, effectiveOn: LocalDate): void {
    this.add('payment', item, minor, effectiveOn, `bank ${effectiveOn}`);
  }

  private add(
    type: string,
    item: Item,
    minor: bigint,
    effectiveOn: LocalDate,
    reference: string,
    more: { readonly reason?: string } = {},
  ): void {
    this.rows.push({
      movement_id: `M${String(this.rows.length + 1).padStart(5, '0')}`,
      receivable_id: item.id,
      type,
      amount: formatAmount(minor, item.currency),
      effective_on: effectiveOn,
      reference,
      reason: more.reason ?? '',
      basis: 'assumed',
    });
  }
}
