import { addDays, localDate } from '@app/credit-domain';

/** A generated book in the order it becomes known: what was recorded before the first run, what came after it, and what was taken on last. */
export interface RandomBook {
  readonly opening: RandomFiles;
  /** late facts dated before the first run's date, and facts of the period up to the last. */
  readonly later: RandomFiles;
  /** balances of another system without their history, and what happened to them since. */
  readonly takenOn: Pick<RandomFiles, 'receivables' | 'movements'>;
}

export interface RandomFiles {
  readonly debtors: string;
  readonly receivables: string;
  readonly movements: string;
}

export const OPENING_ON = '2023-12-31';
export const MIDDLE_ON = '2024-06-30';
export const CLOSING_ON = '2024-12-31';
/** The entity that leaves the group goes at the end of this day. */
export const LEFT_ON = '2024-08-15';
export const ENTITIES = [
  { id: 'cn', functionalCurrency: 'CNY' },
  { id: 'us', functionalCurrency: 'USD' },
  { id: 'gone', functionalCurrency: 'CNY' },
] as const;
export const KINDS = ['trade', 'note_commercial', 'contract_asset', 'other', 'long_term'] as const;
export const SEGMENTS = ['north', 'south'] as const;
export const CURRENCIES = ['CNY', 'USD', 'JPY'] as const;
/** What each of these debtors is in the book for. Every other one is measured together with others. */
export const DEBTOR = {
  assessedByScenarios: 'D0',
  released: 'D1',
  assessedInPeriod: 'D2',
  covered: 'D3',
  coveredInPeriod: 'D4',
  inStage3: 'D5',
  inStage2: 'D6',
  withCredit: 'D7',
} as const;
/** Taken on in kinds without overlays and from debtors nobody judges, so that they change no figure but their own. */
const TAKEN_ON_KINDS = ['contract_asset', 'note_commercial'] as const;
const TAKEN_ON_DEBTOR = 'D11';
const TAKEN_ON_DAY = '2024-09-30';
const DEBTORS = 12;
const RECEIVABLES = 110;
const MOVEMENTS = 200;
const RECLASSIFICATIONS = 20;
const CREDITS = 6;
const TAKEN_ON = 4;
const HISTORY_DAYS = 1600;
const MOVEMENT_TYPES = [
  ...['payment', 'payment', 'payment', 'credit_note', 'write_off', 'recovery'],
  ...['adjustment', 'payment_reversal', 'refund', 'disposal'],
] as const;
const DEBTOR_COLUMNS = 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,credit_impaired';
const RECEIVABLE_COLUMNS = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no,class,entity_id';
const MOVEMENT_COLUMNS =
  'movement_id,receivable_id,type,amount,effective_on,reference,reason,to_kind,to_class,to_entity_id,debtor_id,currency,entity_id';

interface Drawn {
  readonly id: string;
  readonly currency: string;
  readonly recognisedOn: string;
  /** recorded after the opening run, whatever its date. */
  readonly isLate: boolean;
  readonly row: string;
}

interface MovementRows {
  readonly opening: string[];
  readonly later: string[];
}

/** Draws from a seed (a linear congruential generator): the same seed is the same book. */
class Draw {
  private state: bigint;

  constructor(seed: number) {
    this.state = BigInt(seed) * 2_862_933_555_777_941_757n + 3_037_000_493n;
  }

  below(limit: number): number {
    this.state = (this.state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
    return Number((this.state >> 33n) % BigInt(limit));
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }

  /** One of the `days` days from a day on. */
  day(from: string, days: number): string {
    return addDays(localDate(from), this.below(days));
  }

  amount(currency: string): string {
    if (currency === 'JPY') return String(1 + this.below(900_000));
    return `${String(this.below(9_000))}.${String(this.below(100)).padStart(2, '0')}`;
  }
}

export function randomBook(seed: number): RandomBook {
  const draw = new Draw(seed);
  const receivables = Array.from({ length: RECEIVABLES }, (_, index) => drawReceivable(draw, `R${String(index)}`));
  const movements: MovementRows = { opening: [], later: [] };
  for (let index = 0; index < MOVEMENTS; index += 1) drawMovement(draw, `M${String(index)}`, draw.pick(receivables), movements);
  for (let index = 0; index < RECLASSIFICATIONS; index += 1) {
    drawReclassification(draw, `C${String(index)}`, draw.pick(receivables), movements);
  }
  for (let index = 0; index < CREDITS; index += 1) drawCredit(draw, `U${String(index)}`, movements);
  const all = Array.from({ length: DEBTORS }, (_, index) => drawDebtor(draw, index));
  const amended = Array.from({ length: 4 }, () => `${drawDebtor(draw, draw.below(DEBTORS))},${draw.day('2023-06-01', 500)}`);
  const rowsOf = (isLate: boolean): string[] => receivables.filter((each) => each.isLate === isLate).map(({ row }) => row);
  return {
    opening: {
      debtors: file(DEBTOR_COLUMNS, all),
      receivables: file(RECEIVABLE_COLUMNS, rowsOf(false)),
      movements: file(MOVEMENT_COLUMNS, movements.opening),
    },
    later: {
      debtors: file(`${DEBTOR_COLUMNS},effective_on`, amended),
      receivables: file(RECEIVABLE_COLUMNS, rowsOf(true)),
      movements: file(MOVEMENT_COLUMNS, movements.later),
    },
    takenOn: drawTakenOn(draw),
  };
}

const file = (columns: string, rows: readonly string[]): string => [columns, ...rows].join('\n');

function drawReceivable(draw: Draw, id: string): Drawn {
  const currency = draw.pick(CURRENCIES);
  const recognisedOn =
    draw.below(4) === 0 ? draw.day(OPENING_ON, 366) : draw.day(addDays(localDate(OPENING_ON), -HISTORY_DAYS), HISTORY_DAYS);
  const dueOn = addDays(localDate(recognisedOn), draw.below(120));
  const cells = [
    ...[id, `D${String(draw.below(DEBTORS))}`, draw.pick(KINDS), currency, draw.amount(currency), recognisedOn, recognisedOn, dueOn, id],
    ...[draw.pick(['', 'a', 'b']), draw.pick(ENTITIES).id],
  ];
  return { id, currency, recognisedOn, isLate: recognisedOn > OPENING_ON || draw.below(6) === 0, row: cells.join(',') };
}

function drawMovement(draw: Draw, id: string, { id: receivableId, currency, recognisedOn, isLate }: Drawn, rows: MovementRows): void {
  const effectiveOn = draw.day(recognisedOn, 500);
  if (effectiveOn > CLOSING_ON) return;
  const type = draw.pick(MOVEMENT_TYPES);
  const amount = `${type === 'adjustment' && draw.below(2) === 0 ? '-' : ''}${draw.amount(currency)}`;
  const isLater = isLate || effectiveOn > OPENING_ON || draw.below(6) === 0;
  rows[isLater ? 'later' : 'opening'].push([id, receivableId, type, amount, effectiveOn, '', 'random', '', '', '', '', '', ''].join(','));
}

/** Balances change kind, class and entity in full, so that the amount may be left at zero. */
function drawReclassification(draw: Draw, id: string, { id: receivableId, recognisedOn }: Drawn, rows: MovementRows): void {
  const effectiveOn = draw.below(2) === 0 ? draw.day(OPENING_ON, 366) : draw.day(recognisedOn, 500);
  if (effectiveOn > CLOSING_ON) return;
  const target = [draw.pick(KINDS), 'c', draw.pick(['', 'cn', 'us'])];
  rows.later.push([id, receivableId, 'reclassify', '0', effectiveOn, '', 'random', ...target, '', '', ''].join(','));
}

/** Cash that names a debtor and no receivable: allocated later, in part. */
function drawCredit(draw: Draw, id: string, rows: MovementRows): void {
  const currency = draw.pick(CURRENCIES);
  const effectiveOn = draw.day('2023-09-01', 300);
  const cells = [id, '', 'payment', draw.amount(currency), effectiveOn, '', 'random', '', '', '', DEBTOR.withCredit, currency];
  rows[effectiveOn > OPENING_ON ? 'later' : 'opening'].push([...cells, draw.pick(['cn', 'us'])].join(','));
}

function drawDebtor(draw: Draw, index: number): string {
  const [segment, isRelated, isImpaired] = [draw.pick(SEGMENTS), draw.below(4) === 0, draw.below(6) === 0];
  return `D${String(index)},Debtor ${String(index)},${segment},${String(isRelated)},CN,30,,,${String(isImpaired)}`;
}

/** Each owes more than any payment drawn, so that something of it is left. */
function drawTakenOn(draw: Draw): RandomBook['takenOn'] {
  const receivables: string[] = [];
  const movements: string[] = [];
  for (let index = 0; index < TAKEN_ON; index += 1) {
    const id = `T${String(index)}`;
    const recognisedOn = draw.day('2020-01-01', 1400);
    const cells = [id, TAKEN_ON_DEBTOR, TAKEN_ON_KINDS[index % TAKEN_ON_KINDS.length], 'CNY', `${String(9_000 + draw.below(9_000))}.01`];
    receivables.push([...cells, recognisedOn, recognisedOn, recognisedOn, id, '', 'cn', TAKEN_ON_DAY].join(','));
    movements.push([`TM${String(index)}`, id, 'payment', draw.amount('CNY'), '2024-11-01', '', 'random', '', '', '', '', '', ''].join(','));
  }
  return { receivables: file(`${RECEIVABLE_COLUMNS},taken_on`, receivables), movements: file(MOVEMENT_COLUMNS, movements) };
}
