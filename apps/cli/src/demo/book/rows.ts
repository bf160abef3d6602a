/** Where the total that a row belongs to comes from: printed in the note, worked out from printed figures, or chosen by this demo. */
export type Basis = 'published' | 'derived' | 'assumed';

/** Rows as they go into the CSV files: every value is text. */
export type Row = Readonly<Record<string, string>>;

export const COLUMNS = {
  debtors: [
    'debtor_id',
    'name',
    'segment',
    'related_party',
    'country',
    'terms_days',
    'credit_limit',
    'credit_limit_currency',
    'effective_on',
    'basis',
  ],
  receivables: [
    'receivable_id',
    'debtor_id',
    'kind',
    'currency',
    'amount',
    'recognised_on',
    'invoiced_on',
    'due_on',
    'document_no',
    'class',
    'tax_amount',
    'on_demand',
    'taken_on',
    'basis',
  ],
  movements: ['movement_id', 'receivable_id', 'type', 'amount', 'effective_on', 'reference', 'reason', 'basis'],
  'fx-rates': ['base', 'quote', 'rate', 'effective_on', 'basis'],
  'loss-rates': ['kind', 'segment', 'bucket', 'rate', 'basis'],
  assessments: ['debtor_id', 'effective_on', 'loss_rate', 'reason', 'basis'],
  staging: ['kind', 'class', 'segment', 'pd_12_months', 'pd_lifetime', 'lgd', 'basis'],
} as const;

export type Table = keyof typeof COLUMNS;
export const TABLES = Object.keys(COLUMNS) as readonly Table[];

/** What is loaded to reach one year end. The first year has no movements: its balances are taken on. */
export type BookYear = Readonly<Record<Table, readonly Row[]>>;

export interface Book {
  readonly fy2023: BookYear;
  readonly fy2024: BookYear;
}

export type YearName = keyof Book;
export const YEAR_NAMES: readonly YearName[] = ['fy2023', 'fy2024'];
