import { divideHalfUp, formatAmount, parseAmount } from '@app/credit-domain';
import { FOREIGN_CURRENCIES } from './book/assumed-flow';
import type { Money } from './arrears-api';
import type { DisclosedNote, NoteCell, Side } from './disclosed-note';
import { cellAt } from './disclosed-note';
import type { PublishedYear } from './published';
import { MINOR_PER_THOUSAND, PRESENTATION, thousands } from './published';

/** One printed figure and where the disclosure shows it. */
interface PrintedFigure {
  readonly what: string;
  readonly table: string;
  readonly row: string;
  readonly column: string;
  /** RMB'000, or per cent of two decimals. */
  readonly printed: number;
  /**
   * `exact`: to the fen. `thousands`: as printed, for allowances and amounts translated from other currencies, which are rounded per line in
   * the line's own currency. `rate`: as printed, in per cent.
   */
  readonly precision: 'exact' | 'thousands' | 'rate';
}

const LABELS_OF_NOTES = [
  ['note_bank', 'up to 6 months'],
  ['note_commercial', 'up to 6 months'],
  ['note_commercial', 'over 1 year'],
] as const;

/** Every figure of the published note, one after the other. */
export function printedFigures(published: PublishedYear): readonly PrintedFigure[] {
  return [
    ...receivableFigures(published),
    ...contractFigures(published),
    ...ageingFigures(published),
    ...matrixFigures(published),
    ...splitFigures(published),
  ];
}

const figure = (
  what: string,
  place: readonly [table: string, row: string, column: string],
  printed: number,
  precision: PrintedFigure['precision'],
): PrintedFigure => ({ what, table: place[0], row: place[1], column: place[2], printed, precision });

function receivableFigures({ notes, other, prepayments, inputVat, ...year }: PublishedYear): PrintedFigure[] {
  const of = (what: string, row: string, column: string, printed: number): PrintedFigure =>
    figure(`${what}, ${column}`, ['receivables', row, column], printed, column === 'gross' ? 'exact' : 'thousands');
  const carried = (what: string, row: string, figures: { gross: number; allowance: number; net: number }): PrintedFigure[] => [
    of(what, row, 'gross', figures.gross),
    of(what, row, 'allowance', figures.allowance),
    of(what, row, 'net', figures.net),
  ];
  return [
    ...carried('notes receivable', 'notes', notes),
    ...carried('trade receivables', 'trade', { gross: year.grossTotal, allowance: year.allowanceTotal, net: year.net }),
    of('refundable deposits', 'other/refundable-deposits', 'gross', other.refundableDeposits),
    of('loans to related parties', 'other/loans-to-related-parties', 'gross', other.loansToRelatedParties),
    of('payments on behalf of customers', 'other/payments-on-behalf-of-customers', 'gross', other.paymentsOnBehalfOfCustomers),
    of('others', 'other/others', 'gross', other.others),
    ...carried('other receivables', 'other', other),
    of('prepayments', 'non_financial/prepayments', 'gross', prepayments),
    of('input VAT', 'non_financial/input-vat', 'gross', inputVat),
    of('total of the note', 'total', 'gross', year.currenciesTotal),
    of('total of the note', 'total', 'net', year.totalNote11),
  ];
}

function contractFigures({ contractAssets: { current, nonCurrent, net } }: PublishedYear): PrintedFigure[] {
  const of = (row: string, column: string, printed: number): PrintedFigure =>
    figure(`contract assets, ${row}, ${column}`, ['contract-assets', row, column], printed, column === 'gross' ? 'exact' : 'thousands');
  return [
    of('contract_asset/current', 'gross', current.gross),
    of('contract_asset/current', 'allowance', current.allowance),
    of('contract_asset/non-current', 'gross', nonCurrent.gross),
    of('contract_asset/non-current', 'allowance', nonCurrent.allowance),
    of('total', 'net', net),
  ];
}

function ageingFigures({ ageingAll, notes }: PublishedYear): PrintedFigure[] {
  const ofTrade = ageingAll.map(({ label, gross }) => figure(`ageing, ${label}`, ['ageing-trade', label, 'gross'], gross, 'exact'));
  const ofNotes = notes.ageing.map(({ label, gross }, index) =>
    figure(`ageing of notes, ${label}`, ['ageing-notes', (LABELS_OF_NOTES[index] ?? []).join('/'), 'gross'], gross, 'exact'),
  );
  return [...ofTrade, ...ofNotes];
}

function matrixFigures({ buckets, individual, ...year }: PublishedYear): PrintedFigure[] {
  const of = (row: string, printed: { gross: number; allowance: number; ratePct?: number }): PrintedFigure[] => [
    figure(`matrix, ${row}, gross`, ['provision-matrix-trade', row, 'gross'], printed.gross, 'exact'),
    figure(`matrix, ${row}, allowance`, ['provision-matrix-trade', row, 'allowance'], printed.allowance, 'thousands'),
    ...(printed.ratePct === undefined
      ? []
      : [figure(`matrix, ${row}, loss rate`, ['provision-matrix-trade', row, 'rate'], printed.ratePct, 'rate')]),
  ];
  return [
    ...buckets.flatMap((bucket) => of(bucket.label, bucket)),
    ...of('collective', { gross: year.collectiveGross, allowance: year.collectiveAllowance }),
    ...of('individual', individual),
    ...of('total', { gross: year.grossTotal, allowance: year.allowanceTotal }),
  ];
}

function splitFigures({ relatedParties, thirdParties, currencies, currenciesTotal }: PublishedYear): PrintedFigure[] {
  const codeOf = (currency: string): string =>
    currency === PRESENTATION.published
      ? PRESENTATION.currency
      : (FOREIGN_CURRENCIES.find((foreign) => foreign.published === currency)?.currency ?? currency);
  return [
    figure('related parties', ['related-parties', 'related', 'gross'], relatedParties, 'exact'),
    figure('third parties', ['related-parties', 'third', 'gross'], thirdParties, 'exact'),
    ...currencies.map(({ currency, gross }) => figure(`in ${currency}`, ['currencies', codeOf(currency), 'gross'], gross, 'thousands')),
    figure('in all currencies', ['currencies', 'total', 'gross'], currenciesTotal, 'exact'),
  ];
}

/** What differs from the published note, one line each; empty when everything is as printed. */
export function differencesFromNote(note: DisclosedNote, side: Side, published: PublishedYear): string[] {
  return printedFigures(published).flatMap((printed) => {
    const difference = differenceOf(cellAt(note, side, printed), printed);
    return difference === undefined ? [] : [`${published.asOf} ${printed.what}: ${difference}`];
  });
}

function differenceOf(cell: NoteCell | undefined, { printed, precision }: PrintedFigure): string | undefined {
  if (precision === 'rate') {
    const shown = cell?.value == null ? 'nothing' : percentOfFraction(cell.value);
    return shown === `${printed.toFixed(2)} %` ? undefined : `computed ${shown}, published ${printed.toFixed(2)} %`;
  }
  const published = `published ${formatAmount(thousands(printed), PRESENTATION.currency)}`;
  if (cell?.exact === undefined) return `computed nothing, ${published} RMB`;
  const exact = minorOf(cell.exact);
  const equal = precision === 'exact' ? exact === thousands(printed) : cell.value === String(printed);
  if (equal) return undefined;
  const difference = formatAmount(exact - thousands(printed), PRESENTATION.currency);
  return `computed ${cell.exact.amount}, ${published}, difference ${difference} RMB`;
}

/** RMB'000, half away from zero. */
export const inThousands = (minor: bigint): bigint => divideHalfUp(minor, MINOR_PER_THOUSAND);

export function minorOf({ amount, currency }: Money): bigint {
  const parsed = parseAmount(amount, currency);
  if (!parsed.ok) throw new Error(`the API answered an amount that is none: ${amount} ${currency}`);
  return parsed.minor;
}

/** `0.1453` as 14.53 %. */
export function percentOfFraction(fraction: string): string {
  const [whole = '0', decimals = ''] = fraction.split('.');
  const hundredths = BigInt(`${whole}${decimals.padEnd(4, '0').slice(0, 4)}`);
  return `${String(hundredths / 100n)}.${String(hundredths % 100n).padStart(2, '0')} %`;
}
