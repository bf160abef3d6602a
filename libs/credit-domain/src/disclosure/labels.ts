const KIND_LABELS: Readonly<Record<string, string>> = {
  trade: 'Trade receivables',
  note_bank: 'Notes receivable, bank acceptance',
  note_commercial: 'Notes receivable, commercial acceptance',
  contract_asset: 'Contract assets',
  other: 'Other receivables',
  long_term: 'Long-term receivables',
  non_financial: 'Prepayments and taxes',
};

export const kindLabel = (kind: string): string => KIND_LABELS[kind] ?? sentenceCase(kind);

/** A class as people read it: `refundable-deposits` is Refundable deposits. Without a class, what the kind is called. */
export const classLabel = (kind: string, className: string): string => (className === '' ? kindLabel(kind) : sentenceCase(className));

/** `credit-notes-and-adjustments` is Credit notes and adjustments. */
export function sentenceCase(id: string): string {
  const words = id
    .replaceAll(/[-_]+/g, ' ')
    .replaceAll(/\bnon /g, 'non-')
    .replaceAll(/\bvat\b/g, 'VAT');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
