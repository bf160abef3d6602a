import type { LocalDate } from '@app/credit-domain';
import { formatRate, parseRate } from '@app/credit-domain';
import type { RowReader } from './row-reader';
import { quote } from './row-reader';

/** One unit of `base` is worth `rate` units of `quote` from `effectiveOn` on. */
export interface FxRateRow {
  readonly row: number;
  readonly base: string;
  readonly quote: string;
  readonly rate: string;
  readonly effectiveOn: LocalDate;
}

/** Reads a rate; undefined when refused (see `read.refusal`). */
export function readFxRate(read: RowReader, row: number): FxRateRow | undefined {
  const base = read.requiredCurrency('base');
  const quoted = read.requiredCurrency('quote');
  if (base !== '' && base === quoted) read.refuse('quote', 'rate-pair', 'base and quote are the same currency.');
  const text = read.requiredText('rate');
  const rate = parseRate(text);
  if (rate === undefined || !rate.gt(0)) read.refuse('rate', 'rate-format', `${quote(text)} is no plain decimal above zero.`);
  const effectiveOn = read.requiredDate('effective_on');
  if (read.refusal !== undefined || rate === undefined || effectiveOn === null) return undefined;
  return { row, base, quote: quoted, rate: formatRate(rate), effectiveOn };
}
