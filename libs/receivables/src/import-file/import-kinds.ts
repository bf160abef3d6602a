/** What a file can hold. */
export const IMPORT_KINDS = ['debtors', 'receivables', 'movements', 'fx-rates', 'control-totals', 'open-items'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

export function isImportKind(text: string): text is ImportKind {
  return (IMPORT_KINDS as readonly string[]).includes(text);
}

export type ImportFormat = 'csv' | 'ndjson';

interface Columns {
  /** The header must name them; whether a cell may be blank is each row's rule. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** The columns with a meaning, in any order in the file; every other column is kept as an attribute of the row. */
export const COLUMNS: Readonly<Record<ImportKind, Columns>> = {
  debtors: {
    required: ['debtor_id', 'name', 'segment', 'related_party', 'country', 'terms_days', 'credit_limit', 'credit_limit_currency'],
    optional: ['effective_on', 'credit_impaired'],
  },
  receivables: {
    required: ['receivable_id', 'debtor_id', 'kind', 'currency', 'amount', 'recognised_on', 'invoiced_on', 'due_on', 'document_no'],
    optional: ['entity_id', 'class', 'tax_amount', 'expected_on', 'on_demand', 'taken_on', 'contract_no'],
  },
  movements: {
    required: ['movement_id', 'receivable_id', 'type', 'amount', 'effective_on', 'reference'],
    optional: [
      'debtor_id',
      'reason',
      'currency',
      'entity_id',
      'to_kind',
      'to_class',
      'to_entity_id',
      'invoiced_on',
      'due_on',
      'document_no',
    ],
  },
  'fx-rates': { required: ['base', 'quote', 'rate', 'effective_on'], optional: [] },
  'control-totals': { required: ['entity_id', 'kind', 'currency', 'account', 'as_of', 'amount'], optional: [] },
  'open-items': {
    required: ['receivable_id', 'debtor_id', 'kind', 'currency', 'amount', 'recognised_on', 'invoiced_on', 'due_on', 'document_no'],
    optional: ['outstanding', 'entity_id', 'class', 'tax_amount', 'expected_on', 'on_demand', 'taken_on', 'contract_no'],
  },
};

/** Appended to refused rows; a mended file may keep them, and they are not read. */
export const REFUSAL_COLUMNS = ['row', 'column', 'code', 'reason'] as const;
