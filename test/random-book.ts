import { addDays, localDate } from '@app/credit-domain';

/** A generated book in the order it becomes known: what was recorded before the first run, and what came after it. */
export interface RandomBook {
  readonly opening: RandomFiles;
  /** late facts dated before the first run's date, and facts of the period up to the second. */
  readonly later: RandomFiles;
  readonly assessedDebtor: string;
}

export interface RandomFiles {
  readonly debtors: string;
  readonly receivables: string;
  readonly movements: string;
}

export const OPENING_ON = '2023-12-31';
export const CLOSING_ON = '2024-12-31';
export const KINDS = ['trade', 'note_commercial', 'contract_asset', 'other', 'long_term'] as const;
export const SEGMENTS = ['north', 'south'] as const;
export const CURRENCIES = ['CNY', 'USD', 'JPY'] as const;
const MOVEMENT_TYPES = [
  'payment',
  'payment',
  'payment',
  'credit_note',
  'write_off',
  'recovery',
  'adjustment',
  'payment_reversal',
  'refund',
  'disposal',
] as const;
const DEBTORS = 12;
const RECEIVABLES = 80;
const MOVEMENTS = 160;
const HISTORY_DAYS = 1600;

/** Whole numbers from a seed (a linear congruential generator): the same seed is the same book. */
function numbersFrom(seed: number): (below: number) => number {
  let state = BigInt(seed) * 2_862_933_555_777_941_757n + 3_037_000_493n;
  return (below) => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
    return Number((state >> 33n) % BigInt(below));
  };
}

export function randomBook(seed: number): RandomBook {
  const below = numbersFrom(seed);
  const pick = <Value>(values: readonly Value[]): Value => values[below(values.length)] as Value;
  const day = (from: string, days: number): string => addDays(localDate(from), below(days));
  const amountIn = (currency: string): string =>
    currency === 'JPY' ? String(1 + below(900_000)) : `${String(below(9_000))}.${String(below(100)).padStart(2, '0')}`;
  const debtor = (index: number): string => `D${String(index)}`;

  const receivables: { id: string; debtorId: string; currency: string; recognisedOn: string; isLate: boolean; row: string }[] = [];
  for (let index = 0; index < RECEIVABLES; index++) {
    const currency = pick(CURRENCIES);
    const recognisedOn = below(4) === 0 ? day(OPENING_ON, 366) : day(addDays(localDate(OPENING_ON), -HISTORY_DAYS), HISTORY_DAYS);
    const debtorId = debtor(below(DEBTORS));
    const id = `R${String(index)}`;
    const due = addDays(localDate(recognisedOn), below(120));
    const row = [id, debtorId, pick(KINDS), currency, amountIn(currency), recognisedOn, recognisedOn, due, id, pick(['', 'a', 'b'])].join(
      ',',
    );
    receivables.push({ id, debtorId, currency, recognisedOn, isLate: recognisedOn > OPENING_ON || below(6) === 0, row });
  }
  const movements = { opening: [] as string[], later: [] as string[] };
  for (let index = 0; index < MOVEMENTS; index++) {
    const item = pick(receivables);
    const effectiveOn = addDays(localDate(item.recognisedOn), below(500));
    if (effectiveOn > CLOSING_ON) continue;
    const type = pick(MOVEMENT_TYPES);
    const amount = `${type === 'adjustment' && below(2) === 0 ? '-' : ''}${amountIn(item.currency)}`;
    const isLater = item.isLate || effectiveOn > OPENING_ON || below(6) === 0;
    movements[isLater ? 'later' : 'opening'].push([`M${String(index)}`, item.id, type, amount, effectiveOn, '', 'random'].join(','));
  }
  // Balances change kind and class in full, so that the amount may be left at zero.
  for (let index = 0; index < 6; index++) {
    const item = pick(receivables);
    const effectiveOn = day(item.recognisedOn, 500);
    if (effectiveOn <= CLOSING_ON)
      movements.later.push([`C${String(index)}`, item.id, 'reclassify', '0', effectiveOn, '', 'random', pick(KINDS), 'c'].join(','));
  }
  const attributes = (index: number): string =>
    `${debtor(index)},Debtor ${String(index)},${pick(SEGMENTS)},${String(below(4) === 0)},CN,30,,,${String(below(6) === 0)}`;
  const header = 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,credit_impaired';
  const all = Array.from({ length: DEBTORS }, (_, index) => attributes(index));
  const amended = Array.from({ length: 4 }, () => `${attributes(below(DEBTORS))},${day('2023-06-01', 500)}`);
  const receivablesHeader = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no,class';
  const file = (rows: readonly { row: string }[]): string => [receivablesHeader, ...rows.map(({ row }) => row)].join('\n');
  const movementsFile = (rows: readonly string[]): string =>
    [
      'movement_id,receivable_id,type,amount,effective_on,reference,reason,to_kind,to_class',
      ...rows.map((row) => (row.split(',').length === 9 ? row : `${row},,`)),
    ].join('\n');
  return {
    opening: {
      debtors: [header, ...all].join('\n'),
      receivables: file(receivables.filter(({ isLate }) => !isLate)),
      movements: movementsFile(movements.opening),
    },
    later: {
      debtors: [`${header},effective_on`, ...amended].join('\n'),
      receivables: file(receivables.filter(({ isLate }) => isLate)),
      movements: movementsFile(movements.later),
    },
    assessedDebtor: debtor(0),
  };
}
