import { currencyExponent } from '../values/currency';
import { plainDecimal } from '../values/plain-decimal';
import { Ratio } from '../values/ratio';
import type { MessageBridge } from './alert-message';
import type { FigureBridge, FigureUnit } from './evaluation';
import { bareAmount, FRACTION_DECIMALS, INDEX_DECIMALS, percent, pointsOfUnits, signed, unitsThatAddUp, valueText } from './wording';

const DECIMALS: Readonly<Record<FigureUnit, number>> = {
  fraction: FRACTION_DECIMALS,
  index: INDEX_DECIMALS,
  'minor-units': 0,
  days: 0,
  count: 0,
};

/**
 * Rounds each figure once for print and lets the legs take up what the roundings leave over, so that a reader who adds them up finds no difference.
 * A leg that stays exactly nothing is left out.
 */
export function printedBridge(bridge: FigureBridge): MessageBridge {
  const { subject, unit } = bridge;
  const decimals = DECIMALS[unit];
  const [opening, closing] = [bridge.opening.toUnits(decimals), bridge.closing.toUnits(decimals)];
  const moved = bridge.legs.filter(({ amount }) => !amount.isZero());
  const units = unitsThatAddUp(
    moved.map(({ amount }) => amount),
    closing - opening,
    decimals,
  );
  const print = printer(bridge, [opening, ...units, closing]);
  return {
    subject,
    opening: print.total(opening),
    legs: moved.map(({ cause }, index) => ({ cause, amount: print.leg(units[index] ?? 0n) })),
    closing: print.total(closing),
  };
}

interface Printer {
  total(units: bigint): string;
  leg(units: bigint): string;
}

/** Money shows its decimals throughout a bridge or nowhere in it: a column is read down. */
function printer({ unit, currency }: FigureBridge, shown: readonly bigint[]): Printer {
  const decimals = DECIMALS[unit];
  const ratioOf = (units: bigint): Ratio => Ratio.of(units, 10n ** BigInt(decimals));
  switch (unit) {
    case 'fraction':
      return { total: (units) => percent(ratioOf(units)), leg: pointsOfUnits };
    case 'index': {
      const text = (units: bigint): string => plainDecimal(units, decimals);
      return { total: text, leg: (units) => signed(units, text(units)) };
    }
    case 'minor-units': {
      if (currency === null) break;
      const scale = 10n ** BigInt(currencyExponent(currency));
      const isWhole = shown.every((units) => units % scale === 0n);
      const text = (units: bigint): string => bareAmount(units, currency, isWhole ? 'whole' : 'all');
      return { total: (units) => `${currency} ${text(units)}`, leg: (units) => signed(units, text(units)) };
    }
    case 'days':
    case 'count':
      break;
  }
  const text = (units: bigint): string => valueText(Ratio.of(units), unit);
  return { total: text, leg: (units) => signed(units, text(units)) };
}
