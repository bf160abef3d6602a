import { Decimal } from '@app/credit-domain';
import { amountText, currencyOf, type PublishedCase, type PublishedMovement } from './cases';

/**
 * A published movement of an allowance as a book of its own window in time: one claim that is written off in part and whose rate changes, and,
 * where the movement has an exchange line, one in another currency whose rate of exchange changes. The window is closed by paying everything, so
 * that windows do not meet.
 */
export interface MovementBook {
  readonly id: string;
  readonly caseId: string;
  readonly unit: number;
  readonly currency: string;
  readonly from: string;
  readonly to: string;
  readonly opening: number;
  readonly closing: number;
  readonly writtenOff: number;
  readonly exchange: number;
  /** everything that is neither: charges, reversals, transitions, acquisitions, transfers. */
  readonly other: number;
  readonly debtors: readonly string[];
  readonly receivables: readonly string[];
  readonly movements: readonly string[];
  readonly fxRates: readonly string[];
  readonly rates: readonly { readonly effectiveOn: string; readonly segment: string; readonly rate: string }[];
}

/** The kind no other case uses, so that a window's runs hold nothing else. */
export const MOVEMENT_KIND = 'note_bank';
const FIRST_YEAR = 1960;
const RATE_DECIMALS = 24;

/** Every movement that states an opening and a closing: of the case, of its years, stages and comparative. */
export function movementBooks(cases: readonly PublishedCase[]): MovementBook[] {
  const found = cases.flatMap((published) =>
    movementsOf(published).map((movement, index) => ({
      published,
      movement,
      name: `${published.id} ${String(movement.year ?? index + 1)} ${String(index + 1)}`,
    })),
  );
  return found.map(({ published, movement, name }, index) => bookOf(published, movement, name, FIRST_YEAR + index));
}

function movementsOf({ movement, comparative }: PublishedCase): PublishedMovement[] {
  const all = [
    movement,
    ...(movement.years ?? []),
    ...Object.values(movement.byStage ?? {}).flat(),
    ...(comparative?.movement === undefined ? [] : [comparative.movement]),
  ];
  return all.filter(({ opening, closing, lines }) => opening !== undefined && closing !== undefined && lines !== undefined);
}

function bookOf(published: PublishedCase, movement: PublishedMovement, id: string, year: number): MovementBook {
  const { unit } = published;
  const currency = currencyOf(published);
  const foreign = currency === 'USD' ? 'EUR' : 'USD';
  const [from, to, paidOn] = [`${String(year)}-01-31`, `${String(year)}-06-30`, `${String(year)}-07-01`];
  const { opening = 0, closing = 0, lines = [] } = movement;
  const total = (matches: (type: string) => boolean): number =>
    lines
      .filter(({ type }) => matches(type))
      .reduce((sum, { amount }) => sum.plus(String(amount)), new Decimal(0))
      .toNumber();
  const writtenOff = -total((type) => type === 'write-off');
  const exchange = total((type) => type.startsWith('fx'));
  // Twice the exchange line in the other currency, fully provided: its rate goes from 1 to 1.5 or to 0.5.
  const foreignGross = Math.abs(exchange) * 2;
  const ownGross = new Decimal(String(Math.max(opening, closing))).times(2).plus(String(writtenOff)).plus(1);
  const key = `m${String(year)}`;
  const openingOwn = new Decimal(String(opening)).minus(String(foreignGross));
  const closingOwn = new Decimal(String(closing)).minus(String(foreignGross)).minus(String(exchange));
  const rate = (allowance: Decimal, gross: Decimal): string => allowance.div(gross).toDecimalPlaces(RATE_DECIMALS).toFixed();
  const rest = ownGross.minus(String(writtenOff));
  const text = (amount: Decimal | number, of: string): string => amountText(Number(amount), unit, of);
  const item = (name: string, of: string, amount: Decimal | number): string =>
    [
      `${key}-${name}`,
      `${key}-${name}`,
      MOVEMENT_KIND,
      of,
      text(amount, of),
      `${String(year)}-01-15`,
      '',
      `${String(year)}-01-20`,
      key,
    ].join(',');
  const hasForeign = foreignGross > 0;
  return {
    ...{ id, caseId: published.id, unit, currency, from, to, opening, closing, writtenOff, exchange },
    other: total((type) => type !== 'write-off' && !type.startsWith('fx')),
    debtors: [`${key}-own,Own,${key}-own,false,,0,,`, ...(hasForeign ? [`${key}-foreign,Foreign,${key}-foreign,false,,0,,`] : [])],
    receivables: [item('own', currency, ownGross), ...(hasForeign ? [item('foreign', foreign, foreignGross)] : [])],
    movements: [
      ...(writtenOff === 0 ? [] : [`${key}-w,${key}-own,write_off,${text(writtenOff, currency)},${String(year)}-03-15,`]),
      `${key}-p,${key}-own,payment,${text(rest, currency)},${paidOn},`,
      ...(hasForeign ? [`${key}-q,${key}-foreign,payment,${text(foreignGross, foreign)},${paidOn},`] : []),
    ],
    fxRates: hasForeign ? [`${foreign},${currency},1,${from}`, `${foreign},${currency},${exchange > 0 ? '1.5' : '0.5'},${to}`] : [],
    rates: [
      { effectiveOn: from, segment: `${key}-own`, rate: rate(openingOwn, ownGross) },
      { effectiveOn: to, segment: `${key}-own`, rate: rate(closingOwn, rest) },
      ...[from, to].map((effectiveOn) => ({ effectiveOn, segment: `${key}-foreign`, rate: '1' })),
    ],
  };
}
