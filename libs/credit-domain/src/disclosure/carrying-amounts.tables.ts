import { kindLabel, classLabel } from './labels';
import type { CurrencyFact, NoteFacts, ShareFact } from './note-facts';
import type { AcrossRule, Cell, Column, DisclosureTable, Row } from './table';
import { amount, amountColumn, assertExact, sumRow } from './table';

export const GROSS_ALLOWANCE_NET: readonly Column[] = [
  amountColumn('gross', 'Gross'),
  amountColumn('allowance', 'Loss allowance'),
  amountColumn('net', 'Carrying amount'),
];
export const NET_ACROSS: readonly AcrossRule[] = [{ result: 'net', plus: ['gross'], minus: ['allowance'] }];

interface Amounts {
  readonly gross: bigint;
  readonly allowance: bigint;
}

/** Gross, allowance and net of what is summed. */
export function carryingCells(parts: readonly Amounts[]): Readonly<Record<string, Cell>> {
  const gross = parts.reduce((sum, part) => sum + part.gross, 0n);
  const allowance = parts.reduce((sum, part) => sum + part.allowance, 0n);
  return { gross: amount(gross), allowance: amount(allowance), net: amount(gross - allowance) };
}

const lineOf = (key: string, label: string, parts: readonly Amounts[]): Row => ({
  ...{ key, label, role: 'line', sums: [] },
  cells: carryingCells(parts),
});

/** One row for each class of a kind, in the order of their names. */
function classRows(kind: string, parts: readonly (Amounts & { readonly class: string })[]): Row[] {
  const classes = [...new Set(parts.map((part) => part.class))].sort();
  return classes.map((className) =>
    lineOf(
      `${kind}/${className}`,
      classLabel(kind, className),
      parts.filter((part) => part.class === className),
    ),
  );
}

/** Note 11: notes, trade, other and long-term receivables net of their allowance, then what is carried outside expected credit losses. */
export function receivablesTable({ shares, nonFinancial }: NoteFacts): DisclosureTable {
  const of = (kind: string): readonly ShareFact[] => shares.filter((share) => share.kind === kind);
  const notes = ['note_bank', 'note_commercial'].map((kind) => lineOf(kind, kindLabel(kind), of(kind)));
  const trade = lineOf('trade', kindLabel('trade'), of('trade'));
  const [other, longTerm] = [classRows('other', of('other')), classRows('long_term', of('long_term'))];
  const carried = classRows(
    'non_financial',
    nonFinancial.map((line) => ({ ...line, allowance: 0n })),
  );
  const subtotal = (key: string, label: string, parts: readonly Row[]): Row =>
    sumRow({ key, label, role: 'subtotal' }, parts, GROSS_ALLOWANCE_NET);
  const notesTotal = subtotal('notes', 'Notes receivable', notes);
  const otherTotal = subtotal('other', kindLabel('other'), other);
  const longTermRows = longTerm.length === 0 ? [] : [...longTerm, subtotal('long_term', kindLabel('long_term'), longTerm)];
  const summed = [notesTotal, trade, otherTotal, ...longTermRows.slice(-1), ...carried];
  return assertExact({
    id: 'receivables',
    title: 'Trade, notes and other receivables',
    source: 'IFRS 7 6, 35M; IAS 1 77-78',
    basis:
      'Prepayments and recoverable taxes are no financial assets and carry no expected credit loss. Contract assets are shown apart (IFRS 15 105).',
    columns: GROSS_ALLOWANCE_NET,
    rows: [
      ...notes,
      ...[notesTotal, trade],
      ...other,
      otherTotal,
      ...longTermRows,
      ...carried,
      sumRow({ key: 'total', label: 'Total', role: 'total' }, summed, GROSS_ALLOWANCE_NET),
    ],
    across: NET_ACROSS,
  });
}

export function contractAssetsTable({ shares }: NoteFacts): DisclosureTable {
  const rows = classRows(
    'contract_asset',
    shares.filter(({ kind }) => kind === 'contract_asset'),
  );
  return assertExact({
    id: 'contract-assets',
    title: 'Contract assets',
    source: 'IFRS 15 105, 107, 116; IFRS 9 5.5.15',
    basis: 'Lifetime expected credit losses by their own rates.',
    columns: GROSS_ALLOWANCE_NET,
    rows: [...rows, sumRow({ key: 'total', label: 'Total', role: 'total' }, rows, GROSS_ALLOWANCE_NET)],
    across: NET_ACROSS,
  });
}

/** Trade receivables from related and from third parties. */
export function partiesTable({ shares }: NoteFacts): DisclosureTable {
  const trade = shares.filter(({ kind }) => kind === 'trade');
  const rows = [
    lineOf(
      'related',
      'Related parties',
      trade.filter(({ related }) => related),
    ),
    lineOf(
      'third',
      'Third parties',
      trade.filter(({ related }) => !related),
    ),
  ];
  return assertExact({
    id: 'related-parties',
    title: 'Trade receivables from related and third parties',
    source: 'IAS 24 18(c)',
    basis: 'Whether a party is related is a dated fact: what it was on the date of the figures counts.',
    columns: GROSS_ALLOWANCE_NET,
    rows: [...rows, sumRow({ key: 'total', label: 'Total', role: 'total' }, rows, GROSS_ALLOWANCE_NET)],
    across: NET_ACROSS,
  });
}

/** Carrying amounts of the note by the currency they are owed in, translated; the presentation currency first, then the largest. */
export function currenciesTable({ byCurrency, currency }: NoteFacts): DisclosureTable {
  const ofNote = byCurrency.filter(({ kind }) => kind !== 'contract_asset');
  const grossOf = (code: string): bigint => sumGross(ofNote.filter((fact) => fact.currency === code));
  const rank = (code: string): bigint => (code === currency ? -1n : 0n);
  const codes = [...new Set(ofNote.map((fact) => fact.currency))].sort((left, right) => {
    const order = rank(left) - rank(right) || grossOf(right) - grossOf(left);
    return order < 0n ? -1 : order > 0n ? 1 : left < right ? -1 : 1;
  });
  const rows = codes.map((code) =>
    lineOf(
      code,
      code,
      ofNote.filter((fact) => fact.currency === code),
    ),
  );
  return assertExact({
    id: 'currencies',
    title: 'Gross and carrying amounts by currency',
    source: 'IFRS 7 34(a); note 11(c)',
    basis: 'Prepayments and recoverable taxes included, contract assets not. Translated at the closing rate.',
    columns: GROSS_ALLOWANCE_NET,
    rows: [...rows, sumRow({ key: 'total', label: 'Total', role: 'total' }, rows, GROSS_ALLOWANCE_NET)],
    across: NET_ACROSS,
  });
}

const sumGross = (facts: readonly CurrencyFact[]): bigint => facts.reduce((sum, { gross }) => sum + gross, 0n);
