import { formatAmount } from '@app/credit-domain';
import { FOREIGN_CURRENCIES } from './book/assumed-flow';
import type { NoteFigures } from './note-figures';
import type { PublishedYear } from './published';
import { MINOR_PER_THOUSAND, PRESENTATION, thousands } from './published';

/** RMB'000, half up. */
export const inThousands = (minor: bigint): bigint => (minor + MINOR_PER_THOUSAND / 2n) / MINOR_PER_THOUSAND;

/**
 * What differs from the published note, one line each; empty when everything is as printed. Gross amounts are compared to the fen. Allowances and
 * amounts translated from other currencies are compared as printed, in RMB'000: they are rounded per line in the line's own currency.
 */
export function differencesFromNote(figures: NoteFigures, published: PublishedYear): string[] {
  const differences: string[] = [];
  const exact = (what: string, computed: bigint | undefined, printed: number): void => {
    if (computed === thousands(printed)) return;
    const found = computed === undefined ? 'nothing' : formatAmount(computed, 'CNY');
    const difference = computed === undefined ? '' : `, difference ${formatAmount(computed - thousands(printed), 'CNY')}`;
    differences.push(`${figures.asOf} ${what}: computed ${found}, published ${formatAmount(thousands(printed), 'CNY')}${difference} RMB`);
  };
  const asPrinted = (what: string, computed: bigint | undefined, printed: number): void => {
    if (computed !== undefined && inThousands(computed) === BigInt(printed)) return;
    const found = computed === undefined ? 'nothing' : formatAmount(computed, 'CNY');
    differences.push(`${figures.asOf} ${what}: computed ${found}, published ${formatAmount(thousands(printed), 'CNY')} RMB`);
  };
  for (const { label, gross, allowance } of published.buckets) {
    const bucket = figures.buckets.find((each) => each.label === label);
    exact(`gross, ${label}`, bucket?.gross, gross);
    asPrinted(`allowance, ${label}`, bucket?.allowance, allowance);
  }
  exact('gross, collective', figures.collective.gross, published.collectiveGross);
  asPrinted('allowance, collective', figures.collective.allowance, published.collectiveAllowance);
  exact('gross, individually impaired', figures.individual.gross, published.individual.gross);
  asPrinted('allowance, individually impaired', figures.individual.allowance, published.individual.allowance);
  exact('gross, total', figures.total.gross, published.grossTotal);
  asPrinted('allowance, total', figures.total.allowance, published.allowanceTotal);
  asPrinted('net', figures.total.gross - figures.total.allowance, published.net);
  for (const { label, gross } of published.ageingAll)
    exact(`ageing, ${label}`, figures.ageing.find((each) => each.label === label)?.gross, gross);
  exact('related parties', figures.related, published.relatedParties);
  exact('third parties', figures.thirdParties, published.thirdParties);
  for (const { currency, gross } of published.currencies.filter((each) => each.currency !== PRESENTATION.published)) {
    const code = FOREIGN_CURRENCIES.find((foreign) => foreign.published === currency)?.currency;
    asPrinted(`in ${currency}`, figures.currencies.find((each) => each.currency === code)?.gross, gross);
  }
  return differences;
}
