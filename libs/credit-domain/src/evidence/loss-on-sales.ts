import { Ratio } from '../values/ratio';

/**
 * (gross write-offs - recoveries) / credit sales of the same window (domain reference 7.5). A ratio of flows: it is no coverage and no rate of a
 * bucket. Null without sales.
 */
export function lossOnSales(figures: { readonly writtenOff: bigint; readonly recovered: bigint; readonly sales: bigint }): Ratio | null {
  return figures.sales > 0n ? Ratio.of(figures.writtenOff - figures.recovered, figures.sales) : null;
}
