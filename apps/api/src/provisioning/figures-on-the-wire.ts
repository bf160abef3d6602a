import { isCurrency } from '@app/credit-domain';
import { money, type Money } from '../http';

/** Minor units as the log holds them, as money; an empty book has no currency yet and no figure but zero. */
export function amountOf(minor: string | bigint, currency: string): Money {
  return isCurrency(currency) ? money(BigInt(minor), currency) : { amount: BigInt(minor).toString(), currency };
}

interface GrossAndAllowance {
  readonly gross: string;
  readonly allowance: string;
}

/** Figures with the net carrying amount worked out. */
export function figuresOf(
  figures: GrossAndAllowance & {
    readonly collective: GrossAndAllowance;
    readonly staged: GrossAndAllowance;
    readonly individual: GrossAndAllowance;
    readonly overlays: string;
  },
  currency: string,
) {
  return {
    ...partOf(figures, currency),
    net: amountOf(BigInt(figures.gross) - BigInt(figures.allowance), currency),
    collective: partOf(figures.collective, currency),
    staged: partOf(figures.staged, currency),
    individual: partOf(figures.individual, currency),
    overlays: amountOf(figures.overlays, currency),
  };
}

export function partOf({ gross, allowance }: GrossAndAllowance, currency: string): { gross: Money; allowance: Money } {
  return { gross: amountOf(gross, currency), allowance: amountOf(allowance, currency) };
}
