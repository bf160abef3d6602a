import { measured, type Measure } from './measure';

export interface Concentration {
  /** share of the largest debtors in the whole. */
  readonly topShare: Measure;
  /** Herfindahl-Hirschman index: the sum of the squared shares, 1 = one debtor owes everything. */
  readonly herfindahl: Measure;
  readonly debtors: number;
}

/** Concentration of balances by debtor; debtors without a balance do not count (IFRS 7.34(c)). */
export function concentrationOf(balances: Iterable<bigint>, top: number): Concentration {
  const owing = [...balances].filter((balance) => balance > 0n).sort((left, right) => (left > right ? -1 : left < right ? 1 : 0));
  const total = owing.reduce((sum, balance) => sum + balance, 0n);
  const largest = owing.slice(0, top).reduce((sum, balance) => sum + balance, 0n);
  const squares = owing.reduce((sum, balance) => sum + balance * balance, 0n);
  return {
    topShare: measured(largest, total, 'no-receivables'),
    herfindahl: measured(squares, total * total, 'no-receivables'),
    debtors: owing.length,
  };
}
